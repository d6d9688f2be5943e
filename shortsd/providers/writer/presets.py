"""The chat endpoints that are known by name: what they are called, which key they want, and what they allow.

Models and limits change. These were looked up in the services' own documentation in the autumn of 2026:
Cerebras https://inference-docs.cerebras.ai/support/rate-limits (free: 5 requests a minute),
Groq https://console.groq.com/docs/rate-limits (free: 30 a minute and 8,000 tokens a minute),
OpenRouter https://openrouter.ai/docs/guides/routing/model-variants/free (free models: 20 a minute),
Ollama https://docs.ollama.com/api/openai-compatibility (your own machine: one after the other is quickest).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shortsd.providers.web.service import Service
from shortsd.providers.web.terms import Terms


def _terms(at_once: int = 4, per_minute: float = 0, whole_s: float = 180.0) -> Terms:
    """Nothing comes of an answer before all of it is thought and written."""
    return Terms(
        at_once=at_once, per_minute=per_minute, read_s=whole_s, whole_s=whole_s, patient=False, most_bytes=2 << 20
    )


@dataclass(frozen=True, slots=True)
class Preset:
    """A chat endpoint; its address is the one of that name in the settings' [services]."""

    name: str
    """As in `writer.provider`."""
    title: str
    """For people."""
    secret: str
    """The name of its key among the secrets; empty if it needs none."""
    model: str
    """That is asked if no other is named; empty if there is no usual one."""
    terms: Terms = field(default_factory=_terms)
    keyless: bool = False
    """Whether it can do without its key."""

    def service(self, base_url: str, key: str) -> Service:
        """The endpoint at an address, asked with a key unless that is empty."""
        return Service(
            name=self.title,
            base_url=base_url,
            terms=self.terms,
            headers=lambda: {"Authorization": f"Bearer {key}"} if key else {},
            secrets=(key,) if key else (),
        )


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("cerebras", "Cerebras", "cerebras_key", "gpt-oss-120b", _terms(at_once=2, per_minute=5)),
        Preset("groq", "Groq", "groq_key", "openai/gpt-oss-120b", _terms(at_once=2, per_minute=30)),
        Preset("openai", "OpenAI", "openai_key", "gpt-5-mini"),
        Preset("openrouter", "OpenRouter", "openrouter_key", "openai/gpt-oss-120b", _terms(per_minute=20)),
        Preset("ollama", "Ollama", "", "gemma3", _terms(at_once=1, whole_s=900.0), keyless=True),
        # Its address is writer.base_url.
        Preset("custom", "The custom endpoint", "llm_key", "", _terms(at_once=2, whole_s=900.0), keyless=True),
    )
}
"""By name."""

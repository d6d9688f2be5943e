"""Asking a chat endpoint as OpenAI's API reference describes it (`POST /chat/completions`), which many others speak.

Sent are `model`, `messages` and `response_format`, and nothing else: reasoning models refuse `temperature` and
`max_tokens`, and not all endpoints know `seed`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from shortsd.domain.errors import ServiceFailed
from shortsd.providers.web.service import Service

LONGEST = 400_000
"""Characters of an answer: many times what the longest story takes, with a model's thoughts before it."""
SAID = 200
"""Characters of a refusal that are told."""

_MOST_TOKENS = 1_000_000_000
"""More were not spent on a story."""

Message = dict[str, str]


class _Usage(msgspec.Struct):
    total_tokens: Any = 0
    """A number; what else is told costs nobody a story."""

    @property
    def tokens(self) -> int:
        """As far as it can be one."""
        told = self.total_tokens
        return told if isinstance(told, int) and 0 <= told <= _MOST_TOKENS else 0


class _Answer(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Answer
    finish_reason: str | None = None


class _Completion(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: Any = None
    """What OpenRouter says with a status of 200 if the model behind it failed."""


@dataclass(slots=True)
class Conversation:
    """All that is asked for one story, and what it took."""

    service: Service
    model: str
    tokens: int = 0
    requests: int = 0
    json: bool = True
    """Whether the endpoint is asked for JSON also by its own means."""

    async def ask(self, messages: Sequence[Message]) -> str:
        """What the model answers. Raises ServiceFailed also for a refusal, and for an answer that was cut off."""
        completion = await self._completion(messages)
        self.tokens += completion.usage.tokens if completion.usage else 0
        if completion.error is not None or not completion.choices:
            raise ServiceFailed(f"{self._who} answered without any text{self._why(completion.error)}.")
        choice = completion.choices[0]
        self._require_whole(choice)
        content = choice.message.content or ""
        if not content.strip():
            raise ServiceFailed(f"{self._who} answered with an empty text.")
        if len(content) > LONGEST:
            raise ServiceFailed(f"{self._who} answered with {len(content)} characters; {LONGEST} is the limit.")
        return self._clean(content)

    async def _completion(self, messages: Sequence[Message]) -> _Completion:
        """An answer to be looked at; without JSON mode if that is refused, or if the model came to no JSON in it.

        (Groq answers 400 to the latter: https://console.groq.com/docs/structured-outputs.)
        """
        try:
            return await self._post(messages)
        except ServiceFailed as exc:
            if exc.status in (400, 422) and self.json:
                self.json = False
                return await self._completion(messages)
            if exc.status in (400, 404, 422):
                exc.hint = f"See whether it has the model {self.model}; writer.model names another."
            raise

    async def _post(self, messages: Sequence[Message]) -> _Completion:
        body: dict[str, Any] = {"model": self.model, "messages": list(messages)}
        if self.json:
            body["response_format"] = {"type": "json_object"}
        self.requests += 1
        # Asked twice it costs tokens twice, and does nothing else.
        return await self.service.json("POST", "/chat/completions", _Completion, body=body, again=True)

    def _require_whole(self, choice: _Choice) -> None:
        """Raise ServiceFailed if the model would not answer, or not to the end."""
        if choice.message.refusal or choice.finish_reason == "content_filter":
            raise ServiceFailed(
                f"{self._who} refuses to write this{self._why(choice.message.refusal)}.",
                "Give another topic, or ask another writer.",
                retryable=False,
            )
        if choice.finish_reason == "length":
            raise ServiceFailed(
                f"The answer of {self._who} was cut off: it ran out of the tokens that it may write.",
                "Ask for fewer words (writer.words), or name a model that may write more (writer.model).",
            )

    @property
    def _who(self) -> str:
        return f"{self.service.name} ({self.model})"

    def _why(self, said: Any) -> str:
        """What was said of a failure, as the end of a sentence."""
        text = said.get("message", "") if isinstance(said, dict) else said
        return f": {' '.join(self._clean(str(text)).split())[:SAID].rstrip('.')}" if text else ""

    def _clean(self, text: str) -> str:
        """A text without secrets, which some endpoint may give back."""
        for secret in self.service.secrets:
            text = text.replace(secret, "…") if secret else text
        return text

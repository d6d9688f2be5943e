"""Who is to write, by the settings and the keys that there are, and by whose prompts."""

from pathlib import Path

from shortsd.config.load import chain
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.domain import prompts

KEYED = {
    "cerebras": "cerebras_key",
    "groq": "groq_key",
    "openai": "openai_key",
    "openrouter": "openrouter_key",
}
"""The writers that `auto` takes where there is a key for them, quickest first, and the names of these keys."""


def writers(settings: Settings, secrets: Secrets) -> tuple[str, ...]:
    """Their names; of `auto` those that there is a key or an address for, then the built-in one."""
    names = chain(settings.writer.provider)
    if names != ("auto",):
        return names
    custom = ("custom",) if settings.writer.base_url else ()
    return (*custom, *(name for name, key in KEYED.items() if key in secrets.found), "builtin")


def prompts_folder(settings: Settings) -> Path | None:
    """Where the user's prompts lie, if there are any."""
    return Path(settings.writer.prompts).expanduser() if settings.writer.prompts else None


def require_prompts(settings: Settings, secrets: Secrets) -> None:
    """See that who is to write could use the user's prompts. Raises BadInput."""
    folder = prompts_folder(settings)
    if folder is not None and set(writers(settings, secrets)) != {"builtin"}:
        prompts.own(folder)

"""The voices that can be asked for, by language and by provider."""

from collections.abc import Awaitable, Callable, Iterator

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Roster
from shortsd.domain.story import VoiceInfo
from shortsd.wire.models import VoiceList, VoiceView

MANY = "mul"
"""The language of a voice that speaks many (ISO 639-2)."""


class Voices:
    """Lists them."""

    def __init__(self, roster: Callable[[], Awaitable[Roster]]) -> None:
        self._roster = roster

    async def __call__(self, language: str | None, provider: str | None) -> VoiceList:
        """Those that speak a language (`de`, `en-gb`), of one provider or of all. Raises BadInput for one not there."""
        roster = await self._roster()
        if provider is not None and provider not in roster.providers:
            raise BadInput(
                f"There is no voice provider “{provider}” here.",
                f"There are {', '.join(roster.providers)}; voice.provider in the configuration sets them.",
            )
        return VoiceList(voices=list(_chosen(roster, language, provider)), notes=list(roster.notes))


def _chosen(roster: Roster, language: str | None, provider: str | None) -> Iterator[VoiceView]:
    for voice in roster.voices:
        if (provider is None or voice.provider == provider) and (language is None or _speaks(voice, language)):
            yield VoiceView(
                id=voice.id,
                name=voice.name,
                language=voice.language,
                provider=voice.provider,
                gender=voice.gender or None,
            )


def _speaks(voice: VoiceInfo, language: str) -> bool:
    """Whether a language's tag begins with the one that is wanted (RFC 4647, 3.3.1)."""
    have, want = voice.language.lower(), language.lower().rstrip("-")
    return have in (want, MANY) or have.startswith(f"{want}-")

"""Several voices, one after the other: who speaks what a user asked for, and who if that one cannot.

They stand in for one another for whole narrations; nobody is to hear two voices in one short.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shortsd.domain import voice_ids
from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.domain.ports import Roster, Speaker, Voice
from shortsd.domain.story import VoiceInfo
from shortsd.providers.voice.near import near


class Checked(Voice, Protocol):
    """A voice that knows its own ids."""

    async def check(self, voice: str) -> None:
        """Raise BadInput for one that is none of them."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """A voice of the chain."""

    name: str
    """The provider's: `edge`."""
    voice: Checked
    instead: Callable[[str], Awaitable[str]]
    """Who of it speaks in place of a voice of others whose language is the given tag."""
    usual: str
    """What `instead` comes from, as far as a user sets it."""
    at_once: int = 1


class VoiceChain:
    """Asks `members` in their order. `embedded` is there in any case: its ids are those of languages.

    A voice may be asked for as `edge:en-US-GuyNeural`: then that provider comes first, as does one that knows an id as
    its own. An id of `embedded` is a language that whoever comes first speaks. The others speak with voices of the same
    language, or with those that were set for them.
    """

    def __init__(self, members: Sequence[Member], embedded: Member) -> None:
        self._members = tuple(members)
        self._embedded = embedded
        self._all: tuple[Member, ...] = self._members if embedded in members else (*members, embedded)

    @property
    def key(self) -> str:
        """Of all of them: what was spoken while one was away is not spoken anew for that."""
        if self._members == (self._embedded,):
            return self._embedded.voice.key
        return " | ".join(f"{one.name} {one.voice.key} {one.usual}" for one in self._members)

    async def check(self, voice: str) -> None:
        """Raise BadInput if nobody has such a voice; its hint says near names."""
        await self._first(voice)

    async def speakers(self, voice: str) -> Sequence[Speaker]:
        """Who is to speak, best first. Raises BadInput if nobody has such a voice."""
        first, own = await self._first(voice)
        others = [one for one in self._members if one is not first]
        ids = [own or await self._in_place_of(voice, first), *[await self._in_place_of(voice, one) for one in others]]
        return [Speaker(one.name, one.voice, id_, one.at_once) for one, id_ in zip([first, *others], ids, strict=True)]

    async def roster(self) -> Roster:
        """All voices, and whose cannot be told."""
        voices: list[VoiceInfo] = []
        notes: list[str] = []
        for one in self._all:
            try:
                voices += [_of(one.name, voice) for voice in await one.voice.voices()]
            except ServiceFailed as exc:
                notes.append(f"The voices of {one.name} cannot be listed now: {exc.message}")
        return Roster(tuple(one.name for one in self._all), tuple(voices), tuple(notes))

    async def _in_place_of(self, voice: str, member: Member) -> str:
        """Who of a member speaks where `voice` was asked for."""
        _, id_ = voice_ids.parted(voice)
        if member is self._embedded and await _knows(member, id_):
            return id_
        return await member.instead(voice_ids.tag(voice))

    async def _first(self, voice: str) -> tuple[Member, str]:
        """Who comes first, and the voice's id there; empty where it is a language. Raises BadInput."""
        provider, id_ = voice_ids.parted(voice)
        if provider:
            named = self._named(provider)
            await named.voice.check(id_)
            return named, id_
        if await _knows(self._embedded, id_):
            alone = "+" in id_ or self._members[0] is self._embedded
            return (self._embedded, id_) if alone else (self._members[0], "")
        for one in self._members:
            if one is not self._embedded and await _knows(one, id_):
                return one, id_
        raise await self._unknown(id_)

    def _named(self, provider: str) -> Member:
        """Raises BadInput."""
        for one in self._all:
            if one.name == provider:
                return one
        known = ", ".join(one.name for one in self._all)
        raise BadInput(
            f"There is no voice provider “{provider}” here.", f"There are {known}; voice.provider sets them."
        )

    async def _unknown(self, id_: str) -> BadInput:
        if self._all == (self._embedded,):
            return await _refusal(self._embedded, id_)
        names = {voice.id: voice.id for voice in (await self.roster()).voices}
        return BadInput(f"There is no voice “{id_}”.", near(id_, names, "`shortsctl voices` lists those that exist."))


def _of(provider: str, voice: VoiceInfo) -> VoiceInfo:
    return VoiceInfo(voice.id, voice.name, voice.language, provider, voice.gender)


async def _knows(member: Member, voice: str) -> bool:
    try:
        await member.voice.check(voice)
    except BadInput:
        return False
    return True


async def _refusal(member: Member, voice: str) -> BadInput:
    """What it says of a voice that it does not know."""
    try:
        await member.voice.check(voice)
    except BadInput as exc:
        return exc
    raise AssertionError("unreachable: it is not known")

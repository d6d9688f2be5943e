from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shortsd.domain import voice_ids
from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.domain.ports import Desk
from shortsd.domain.story import Speech, VoiceInfo
from shortsd.providers.voice.chain import Member, VoiceChain
from shortsd.providers.voice.espeak import EspeakVoice


@dataclass
class Service:
    """A voice of a service that knows some ids, and can be away."""

    ids: tuple[str, ...]
    key: str = "service 1"
    away: bool = False
    asked: list[str] = field(default_factory=list)

    async def voices(self) -> Sequence[VoiceInfo]:
        if self.away:
            raise ServiceFailed("It cannot be reached.")
        return [VoiceInfo(one, one, "mul") for one in self.ids]

    async def check(self, voice: str) -> None:
        self.asked.append(voice)
        if voice not in self.ids:
            raise BadInput("No such voice.")

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        raise NotImplementedError

    async def instead(self, tag: str) -> str:
        return self.ids[0] if tag.lower().startswith("en") or not tag else f"{tag}-one"


def member(name: str, *ids: str, away: bool = False) -> Member:
    voice = Service(ids, away=away)
    return Member(name, voice, voice.instead, ids[0], at_once=3)


def embedded() -> Member:
    voice = EspeakVoice("en-gb")
    return Member("espeak", voice, voice.instead, "en-gb")


ESPEAK = embedded()
EDGE = member("edge", "en-US-GuyNeural", "de-DE-KatjaNeural")
OPENAI = member("openai", "onyx", "nova")


async def cast(voice: str, *members: Member) -> list[str]:
    """Who would speak."""
    return [str(speaker) for speaker in await VoiceChain(members, ESPEAK).speakers(voice)]


@pytest.mark.parametrize(
    ("voice", "speakers"),
    [
        ("en-us", ["edge:en-US-GuyNeural", "openai:onyx", "espeak:en-us"]),
        ("de", ["edge:de-one", "openai:de-one", "espeak:de"]),
        ("de-DE-KatjaNeural", ["edge:de-DE-KatjaNeural", "openai:de-DE-one", "espeak:de"]),
        ("nova", ["openai:nova", "edge:en-US-GuyNeural", "espeak:en-gb"]),
        ("en-gb+f3", ["espeak:en-gb+f3", "edge:en-US-GuyNeural", "openai:onyx"]),
        ("openai:nova", ["openai:nova", "edge:en-US-GuyNeural", "espeak:en-gb"]),
        ("espeak:en-gb-scotland", ["espeak:en-gb-scotland", "edge:en-US-GuyNeural", "openai:onyx"]),
    ],
)
async def test_who_speaks_for_what_was_asked(voice: str, speakers: list[str]) -> None:
    """Whoever is named or knows the id comes first; the others follow in their order, in its language."""
    assert await cast(voice, EDGE, OPENAI, ESPEAK) == speakers


async def test_who_is_not_configured_does_not_stand_in() -> None:
    """But espeak-ng can be asked for by name, as it is always there."""
    assert await cast("en-us", EDGE) == ["edge:en-US-GuyNeural"]
    assert await cast("espeak:de", EDGE) == ["espeak:de", "edge:de-one"]
    with pytest.raises(BadInput, match="no voice provider “openai”") as refused:
        await cast("openai:nova", EDGE)
    assert "edge, espeak" in refused.value.hint


@pytest.mark.parametrize(
    ("voice", "near"), [("nowa", "nova"), ("en-US-GayNeural", "en-US-GuyNeural"), ("en-uss", "en-us"), ("??", "voices")]
)
async def test_a_voice_of_nobody_is_refused(voice: str, near: str) -> None:
    """With near names of all of them."""
    with pytest.raises(BadInput) as refused:
        await VoiceChain((EDGE, OPENAI), ESPEAK).check(voice)
    assert near in refused.value.hint


async def test_alone_espeak_refuses_in_its_own_words() -> None:
    """It knows its variants and the names of its languages."""
    with pytest.raises(BadInput, match="has no variant") as refused:
        await VoiceChain((ESPEAK,), ESPEAK).check("en-us+f33")
    assert "en-us+f3" in refused.value.hint
    assert VoiceChain((ESPEAK,), ESPEAK).key == EspeakVoice().key


async def test_a_language_is_asked_of_nobody() -> None:
    """To look at the usual job needs no network."""
    service = Service(("onyx",))
    await VoiceChain((Member("openai", service, service.instead, "onyx"),), ESPEAK).check("en-us")
    assert service.asked == []


async def test_the_roster_has_everybody() -> None:
    """By provider, in order, espeak-ng last if it is not asked; who cannot tell is noted."""
    away = member("edge", "en-US-GuyNeural", away=True)
    roster = await VoiceChain((away, OPENAI), ESPEAK).roster()
    assert roster.providers == ("edge", "openai", "espeak")
    assert [voice.id for voice in roster.voices[:2]] == ["onyx", "nova"]
    assert {voice.provider for voice in roster.voices} == {"openai", "espeak"}
    assert roster.notes == ("The voices of edge cannot be listed now: It cannot be reached.",)


def test_another_order_or_stand_in_is_another_key() -> None:
    """Since another voice may be heard."""
    other = member("openai", "nova", "onyx")
    keys = {VoiceChain(members, ESPEAK).key for members in ((EDGE, OPENAI), (OPENAI, EDGE), (EDGE, other))}
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("voice", "tag"),
    [
        ("en-us", "en-us"),
        ("en-gb+f3", "en-gb"),
        ("de", "de"),
        ("edge:fil-PH-AngeloNeural", "fil-PH"),
        ("zh-CN-liaoning-XiaobeiNeural", "zh-CN"),
        ("sr-Latn-RS-NicholasNeural", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("onyx", ""),
        ("af_bella", ""),
    ],
)
def test_the_language_of_a_voice(voice: str, tag: str) -> None:
    """Stands at the beginning of its id, or nowhere."""
    assert voice_ids.tag(voice) == tag

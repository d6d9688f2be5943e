import pytest

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Roster
from shortsd.domain.story import VoiceInfo
from shortsd.engine.voices import Voices

ROSTER = Roster(
    ("edge", "openai", "espeak"),
    (
        VoiceInfo("en-GB-RyanNeural", "Ryan", "en-GB", "edge", "male"),
        VoiceInfo("onyx", "onyx", "mul", "openai"),
        VoiceInfo("en-gb-scotland", "Scots", "en-gb-scotland", "espeak"),
        VoiceInfo("eo", "Esperanto", "eo", "espeak"),
        VoiceInfo("de", "German", "de", "espeak"),
    ),
    ("One is away.",),
)


async def listed(language: str | None = None, provider: str | None = None) -> list[str]:
    async def roster() -> Roster:
        return ROSTER

    found = await Voices(roster)(language, provider)
    assert found.notes == ["One is away."]
    return [voice.id for voice in found.voices]


async def test_all_are_listed() -> None:
    """In the order of their providers."""
    assert await listed() == [voice.id for voice in ROSTER.voices]


@pytest.mark.parametrize(
    ("language", "ids"),
    [
        ("en", ["en-GB-RyanNeural", "onyx", "en-gb-scotland"]),
        ("EN-gb", ["en-GB-RyanNeural", "onyx", "en-gb-scotland"]),
        ("e", ["onyx"]),
        ("de", ["onyx", "de"]),
    ],
)
async def test_those_of_a_language(language: str, ids: list[str]) -> None:
    """Are those whose tag begins with it, and those that speak many."""
    assert await listed(language) == ids


async def test_those_of_a_provider() -> None:
    """Are its own; one that is not there is refused, with those that are."""
    assert await listed("en", "espeak") == ["en-gb-scotland"]
    with pytest.raises(BadInput) as refused:
        await listed(provider="azure")
    assert "edge, openai, espeak" in refused.value.hint

"""The contract of the port: what every voice does, whoever stands behind it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from listening import ffmpeg, samples
from servers.edge import EdgeService
from servers.speech import KEY, SpeechService
from support import TestDesk

import shortsd.providers.voice
from shortsd.domain.errors import BadInput
from shortsd.domain.text import words
from shortsd.providers.voice.cached import CachedVoice
from shortsd.providers.voice.chain import Checked
from shortsd.providers.voice.edge import EdgeVoice
from shortsd.providers.voice.espeak import EspeakVoice
from shortsd.providers.voice.speech import SpeechVoice
from shortsd.providers.web.service import Service

TEXTS = (
    "The lighthouse keeper, old and tired, never sleeps; he listens.",
    "He's 42 years old — don't ask! 3.14, 1,000,000 e.g. half-life",
    "Say <b>bold</b> & {\\an8} 100% “now”.",
    "  leading\n\nparagraphs\tand tabs  ",
    "他在灯塔里。海很黑",
    "— — —",
)


@dataclass(frozen=True)
class Known:
    """A voice, one of its ids, and one that it does not have."""

    voice: Checked
    id: str
    unknown: str


@asynccontextmanager
async def espeak(folder: Path) -> AsyncIterator[Known]:
    del folder
    yield Known(EspeakVoice(), "en-us", "en-uss")


@asynccontextmanager
async def cached(folder: Path) -> AsyncIterator[Known]:
    yield Known(CachedVoice(EspeakVoice(), folder / "speech"), "en-us", "en-uss")


@asynccontextmanager
async def edge(folder: Path) -> AsyncIterator[Known]:
    with EdgeService() as service:
        yield Known(EdgeVoice(folder / "edge.json", service.address), "en-US-GuyNeural", "en-US-GayNeural")


@asynccontextmanager
async def speech(folder: Path) -> AsyncIterator[Known]:
    del folder
    with SpeechService() as server:
        service = Service("It", server.base_url, headers=lambda: {"Authorization": f"Bearer {KEY}"}, secrets=(KEY,))
        yield Known(SpeechVoice(service, "a-model", "onyx", own=False), "nova", "nowa")
        await service.close()


PROVIDERS = (espeak, cached, edge, speech)
HELPERS = "alignment boundaries catalogue chain edge_list edge_road estimate libespeak mp3 near recording wav"
"""Modules that are no voices."""


@pytest.fixture(params=PROVIDERS, ids=lambda provider: provider.__name__)
async def known(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Known]:
    provider: Callable[[Path], object] = request.param
    async with provider(tmp_path) as made:  # type: ignore[attr-defined]  # the fixture's parameter has no type
        yield made


def test_no_voice_is_left_out() -> None:
    """A module that comes beside them is a voice that is tested here, or helps one."""
    folder = Path(shortsd.providers.voice.__file__).parent
    modules = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    assert modules - {*HELPERS.split()} == {provider.__name__ for provider in PROVIDERS}


@pytest.mark.parametrize("text", TEXTS)
async def test_words_are_the_texts_own_in_rising_time(known: Known, text: str, tmp_path: Path) -> None:
    """All of them, in order, inside the sound."""
    speech = await known.voice.speak(text, known.id, tmp_path / "s.wav", TestDesk())
    assert [word.text for word in speech.words] == [token.text for token in words(text)]
    assert all(0 <= word.start_s < word.end_s <= speech.duration_s + 1e-6 for word in speech.words)
    assert all(one.start_s < two.start_s and one.end_s <= two.start_s for one, two in pairwise(speech.words))


async def test_the_sound_is_as_long_as_told(known: Known, tmp_path: Path) -> None:
    """FFmpeg reads it, by its content, and something is heard."""
    speech = await known.voice.speak(TEXTS[0], known.id, tmp_path / "s.wav", TestDesk())
    assert speech.file == "s.wav"
    ffmpeg("-i", tmp_path / "s.wav", "-ac", "1", "-c:a", "pcm_s16le", tmp_path / "plain.wav")
    pcm, rate, _ = samples(tmp_path / "plain.wav")
    assert len(pcm) / rate == pytest.approx(speech.duration_s, abs=0.01)
    assert max(pcm) > 1000


async def test_every_listed_voice_passes_the_check(known: Known) -> None:
    """Ids are as a user gives them, none twice; languages and names are told."""
    listed = await known.voice.voices()
    ids = [voice.id for voice in listed]
    assert known.id in ids
    assert len(set(ids)) == len(ids)
    assert all(voice.language and voice.name for voice in listed)
    for each in ids[:10]:
        await known.voice.check(each)


async def test_an_unknown_voice_is_refused_with_near_names(known: Known, tmp_path: Path) -> None:
    """By the check and by who speaks."""
    with pytest.raises(BadInput) as checked:
        await known.voice.check(known.unknown)
    with pytest.raises(BadInput):
        await known.voice.speak("Hello", known.unknown, tmp_path / "s.wav", TestDesk())
    assert known.id in checked.value.hint


async def test_the_key_is_the_same_after_a_new_start(known: Known, tmp_path: Path) -> None:
    """It names what sentences depend on, and nothing that changes by itself; no secret is in it."""
    key = known.voice.key
    await known.voice.speak("Hello", known.id, tmp_path / "s.wav", TestDesk())
    assert known.voice.key == key
    assert KEY not in key

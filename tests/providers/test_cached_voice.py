import asyncio
import os
import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from listening import samples
from support import TestDesk

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Desk
from shortsd.domain.story import Speech, VoiceInfo, Word
from shortsd.domain.text import words
from shortsd.engine.usage import least_recently_used
from shortsd.media.files import save
from shortsd.providers.voice.cached import CachedVoice
from shortsd.providers.voice.espeak import EspeakVoice

TEXT = "The lighthouse keeper, old and tired, never sleeps."


@dataclass
class Counting:
    """espeak-ng, with a count of what it was asked to say and a key that can be set."""

    key: str = "counting 1"
    said: list[str] = field(default_factory=list)
    voice: EspeakVoice = field(default_factory=EspeakVoice)

    async def voices(self) -> Sequence[VoiceInfo]:
        return await self.voice.voices()

    async def check(self, voice: str) -> None:
        await self.voice.check(voice)

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        self.said.append(text)
        return await self.voice.speak(text, voice, to, desk)


@dataclass
class Recorded(Counting):
    """Whatever it is asked to say, it gives this file and a word for each of the text's."""

    file: bytes = b""

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        del voice, desk
        save(to, self.file)
        return Speech(to.name, 1.0, tuple(Word(token.text, 0.0, 1.0) for token in words(text)))


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """While this holds, the system refuses to write more bytes than that into a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@dataclass
class Studio:
    """A voice with its cache, and a folder that sentences are spoken into."""

    folder: Path
    speaker: Counting = field(default_factory=Counting)
    desk: TestDesk = field(default_factory=TestDesk)

    def __post_init__(self) -> None:
        self.cached = CachedVoice(self.speaker, self.cache)

    @property
    def cache(self) -> Path:
        return self.folder / "cache" / "speech"

    def entries(self) -> list[Path]:
        return sorted(file for file in self.cache.rglob("*") if file.is_file())

    async def speak(self, text: str = TEXT, name: str = "s.wav", voice: str = "en-us") -> Speech:
        return await self.cached.speak(text, voice, self.folder / name, self.desk)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


async def test_a_sentence_is_spoken_once(studio: Studio) -> None:
    """The second time it is the same bytes and the same times, under whatever name."""
    one = await studio.speak(name="one.wav")
    two = await studio.speak(name="two.wav")
    assert studio.speaker.said == [TEXT]
    assert (one.duration_s, one.words) == (two.duration_s, two.words)
    assert (one.file, two.file) == ("one.wav", "two.wav")
    assert (studio.folder / "one.wav").read_bytes() == (studio.folder / "two.wav").read_bytes()


async def test_it_is_as_the_voice_itself(studio: Studio) -> None:
    """The words are the text's own in rising time, the file is as long as told; key, list and check are the voice's."""
    await studio.speak()
    speech = await studio.speak()
    pcm, rate, _ = samples(studio.folder / speech.file)
    assert len(pcm) / rate == speech.duration_s
    assert [word.text for word in speech.words] == [token.text for token in words(TEXT)]
    assert all(one.end_s <= two.start_s for one, two in pairwise(speech.words))
    assert studio.cached.key == studio.speaker.key
    assert await studio.cached.voices() == await studio.speaker.voices()
    await studio.cached.check("en-us")
    with pytest.raises(BadInput):
        await studio.cached.check("en-uss")


async def test_another_text_voice_or_speaker_is_another_sentence(studio: Studio) -> None:
    """Each of them is spoken, and none is taken for another."""
    await studio.speak()
    await studio.speak(TEXT + " ")
    await studio.speak(voice="en-gb")
    studio.speaker.key = "counting 2"
    await studio.speak()
    assert len(studio.speaker.said) == len(studio.entries()) == 4


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:40],
        lambda whole: whole[:-1],
        lambda whole: whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:],
        lambda whole: b"",  # noqa: ARG005 - nothing is left of it
        lambda whole: b"\n\n" + whole,
    ],
    ids=["half", "only its head", "a byte short", "a bit flipped", "empty", "shifted"],
)
async def test_a_damaged_entry_is_made_again(studio: Studio, damage: Callable[[bytes], bytes]) -> None:
    """It is never an error, and the one after it is good."""
    await studio.speak()
    (entry,) = studio.entries()
    entry.write_bytes(damage(entry.read_bytes()))
    made = await studio.speak()
    assert len(studio.speaker.said) == 2
    assert await studio.speak() == made
    assert len(studio.speaker.said) == 2


async def test_what_a_killed_daemon_left_half_written_is_no_entry(studio: Studio) -> None:
    """Another name stands in nobody's way."""
    await studio.speak()
    (entry,) = studio.entries()
    entry.rename(entry.with_name("tmp123.part"))
    await studio.speak()
    assert len(studio.speaker.said) == 2


async def test_jobs_that_want_a_sentence_at_once_have_it_spoken_once(studio: Studio) -> None:
    """The others wait for the first and get its bytes."""
    await asyncio.gather(*(studio.speak(name=f"{n}.wav") for n in range(6)))
    assert studio.speaker.said == [TEXT]
    assert len({(studio.folder / f"{n}.wav").read_bytes() for n in range(6)}) == 1


async def test_two_caches_on_one_folder_do_no_harm(studio: Studio) -> None:
    """Each gets a whole sentence, and one whole entry stays."""
    others = [Studio(studio.folder) for _ in range(4)]
    made = await asyncio.gather(*(other.speak(name=f"{n}.wav") for n, other in enumerate(others)))
    assert all((studio.folder / speech.file).stat().st_size > 44 for speech in made)
    assert len(studio.entries()) == 1
    await studio.speak()
    assert studio.speaker.said == []


async def test_where_nothing_can_be_kept_work_goes_on(studio: Studio, caplog: pytest.LogCaptureFixture) -> None:
    """The sentences are spoken; that they cannot be kept is told once."""
    studio.cache.parent.mkdir()
    studio.cache.write_text("in the way")
    for name in ("a.wav", "b.wav"):
        assert (await studio.speak(name=name)).duration_s > 1
    assert [record.message for record in caplog.records] == ["spoken sentences cannot be kept"]


async def test_a_full_disk_leaves_no_half_entry(studio: Studio) -> None:
    """The sentence is there, and what was begun beside it goes."""
    text = "word " * 400
    small = b"a small file"
    cached = CachedVoice(Recorded(file=small), studio.cache)
    with files_up_to(2000):
        speech = await cached.speak(text, "en-us", studio.folder / "s.wav", studio.desk)
    assert len(speech.words) == 400
    assert (studio.folder / "s.wav").read_bytes() == small
    assert studio.entries() == []


async def test_a_sentence_that_is_used_stays_longest(studio: Studio) -> None:
    """Reading touches the times by which room is made."""
    await studio.speak("One.")
    (one,) = studio.entries()
    await studio.speak("Two.")
    for file in studio.entries():
        os.utime(file, (1e9, 1e9) if file == one else (1.1e9, 1.1e9))
    assert next(file for file, _ in least_recently_used(studio.cache, studio.cache / "fonts")) == one
    await studio.speak("One.")
    assert next(file for file, _ in least_recently_used(studio.cache, studio.cache / "fonts")) != one


async def test_who_tries_the_voice_hears_it(studio: Studio) -> None:
    """What belongs to no job is spoken every time and not kept: it is asked for to see whether the voice works."""
    studio.desk.job = 0
    await studio.speak()
    await studio.speak()
    assert len(studio.speaker.said) == 2
    assert studio.entries() == []


async def test_what_is_spoken_for_a_preview_is_kept(studio: Studio) -> None:
    """It belongs to no job either, but a job may come of it."""
    studio.desk.job, studio.desk.stage = 0, "voice"
    await studio.speak()
    await studio.speak()
    assert len(studio.speaker.said) == 1


async def test_what_the_voice_refuses_is_not_kept(studio: Studio) -> None:
    """Its error comes through, each time."""
    for _ in range(2):
        with pytest.raises(BadInput):
            await studio.speak(voice="en-uss")
    assert studio.entries() == []

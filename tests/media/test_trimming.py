import math
import wave
from array import array
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from listening import FFMPEG, PlainChildren, make, samples
from support import TestDesk

from shortsd.domain.errors import ChildFailed
from shortsd.domain.story import Speech, Word
from shortsd.media import sound
from shortsd.media.trimming import plain, trim

RATE = 22050


def noise(seconds: float, level: float) -> list[float]:
    """A room's: even, around zero, seldom louder than three times the level."""
    random = Random(7)
    return [random.gauss(0, level) for _ in range(round(seconds * RATE))]


def voice(seconds: float, level: float = 0.5) -> list[float]:
    """Something like speech: syllables of a tone, with their soft beginnings and ends."""
    return [
        level * math.sin(2 * math.pi * 220 * n / RATE) * math.sin(math.pi * n / RATE / 0.25) ** 2
        for n in range(round(seconds * RATE))
    ]


def wav(file: Path, sound: list[float], rate: int = RATE) -> Path:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(array("h", [round(32000 * max(-1.0, min(1.0, x))) for x in sound]))
    return file


def speech(file: Path, sound: list[float], *words: Word) -> Speech:
    return Speech(file.name, len(sound) / RATE, words)


def seconds(file: Path) -> float:
    pcm, rate, channels = samples(file)
    return len(pcm) / rate / channels


@pytest.mark.parametrize("before_s", [0.0, 0.4, 2.0])
@pytest.mark.parametrize("behind_s", [0.0, 0.4, 2.0])
@pytest.mark.parametrize("room", [0.0, 0.0005, 0.003])
def test_silence_at_the_ends_goes(before_s: float, behind_s: float, room: float, tmp_path: Path) -> None:
    """Be it silence or a room's noise (under -50 dBFS), nearly nothing of it is left, and all of the voice."""
    heard = noise(before_s, room) + voice(1.0) + noise(behind_s, room)
    file = wav(tmp_path / "s.wav", heard)
    made = trim(file, speech(file, heard, Word("Hello", before_s + 0.2, before_s + 0.9)))
    assert made.heard
    assert 0.9 < made.speech.duration_s < 1.1
    assert seconds(file) == made.speech.duration_s
    (word,) = made.speech.words
    assert word.end_s - word.start_s == pytest.approx(0.7, abs=0.0002)
    pcm, rate, _ = samples(file)
    assert max(map(abs, pcm[round(word.start_s * rate) : round(word.end_s * rate)])) > 15_000
    edge = next(n for n, level in enumerate(pcm) if abs(level) > 1600) / rate
    assert word.start_s - edge == pytest.approx(0.2 - 0.0255, abs=0.01)


def test_nothing_of_a_tight_sentence_is_lost(tmp_path: Path) -> None:
    """One that begins and ends with sound keeps its length, whatever is soft in it."""
    heard = noise(0.2, 0.005) + voice(0.5) + noise(0.2, 0.005)
    file = wav(tmp_path / "s.wav", heard)
    assert trim(file, speech(file, heard, Word("fish", 0.0, 0.9))).speech == Speech(
        "s.wav", 0.9, (Word("fish", 0.0, 0.9),)
    )


def test_pauses_inside_stay(tmp_path: Path) -> None:
    """Only the ends are cut."""
    heard = noise(1, 0) + voice(0.5) + noise(1.5, 0) + voice(0.5) + noise(1, 0)
    file = wav(tmp_path / "s.wav", heard)
    made = trim(file, speech(file, heard, Word("one", 1.0, 1.5), Word("two", 3.0, 3.5))).speech
    one, two = made.words
    assert two.start_s - one.start_s == pytest.approx(2.0, abs=0.0002)
    assert 2.45 < made.duration_s < 2.6


def test_ends_do_not_click(tmp_path: Path) -> None:
    """A sound that is cut off in full swing rises from nothing and falls to nothing."""
    heard = [0.5 + 0.4 * math.sin(n / 9) for n in range(RATE)]
    file = wav(tmp_path / "s.wav", heard)
    trim(file, speech(file, heard, Word("a", 0, 1)))
    pcm, rate, _ = samples(file)
    assert pcm[0] == pcm[-1] == 0
    assert max(abs(b - a) for a, b in pairwise(pcm)) < 3000
    assert pcm[round(0.005 * rate)] == round(32000 * heard[round(0.005 * rate)])


@pytest.mark.parametrize(
    "heard",
    [[], [0.3], [0.0] * RATE * 10, [0.4] * RATE, noise(3, 0.0003), noise(3, 0.003), noise(0.01, 0.0001)],
    ids=["no samples", "one sample", "zeros", "an offset", "faint noise", "noise", "short"],
)
def test_what_has_nothing_to_hear_becomes_a_short_silence(heard: list[float], tmp_path: Path) -> None:
    """Over which the words are spread by their length."""
    file = wav(tmp_path / "s.wav", heard)
    made = trim(file, speech(file, heard, Word("abc", 1, 2), Word("d", 2, 3)))
    assert not made.heard
    assert made.speech == Speech("s.wav", 0.4, (Word("abc", 0.0, 0.3), Word("d", 0.3, 0.4)))
    assert set(samples(file)[0]) == {0}
    assert seconds(file) == 0.4


def test_a_silence_has_room_for_its_words(tmp_path: Path) -> None:
    """Many words that nobody said take longer, so that each can be shown."""
    file = wav(tmp_path / "s.wav", [])
    made = trim(file, speech(file, [], *(Word("—", 0, 0) for _ in range(100)))).speech
    assert made.duration_s == 3
    assert [word.start_s for word in made.words] == pytest.approx([n * 0.03 for n in range(100)], abs=0.0002)


@pytest.mark.parametrize("level", [0.002, 0.01, 0.1, 1.0])
def test_a_quiet_voice_is_a_voice(level: float, tmp_path: Path) -> None:
    """From -54 dBFS up it is trimmed as any other."""
    heard = noise(1, 0) + voice(1.0, level) + noise(1, 0)
    file = wav(tmp_path / "s.wav", heard)
    made = trim(file, speech(file, heard, Word("a", 1, 2)))
    assert made.heard
    assert 0.9 < made.speech.duration_s < 1.1


@given(st.lists(st.tuples(st.floats(-5, 9), st.floats(-5, 9)), min_size=1, max_size=200))
@settings(max_examples=50, deadline=None)
def test_words_stay_in_order_and_inside(times: list[tuple[float, float]]) -> None:
    """Whatever a voice says of them: each has some time, none overlaps another, all are multiples of 0.1 ms."""
    with TemporaryDirectory() as folder:
        heard = noise(0.5, 0) + voice(0.5) + noise(0.5, 0)
        file = wav(Path(folder, "s.wav"), heard)
        made = trim(file, speech(file, heard, *(Word("a", start, end) for start, end in times))).speech
    assert all(0 <= word.start_s < word.end_s <= made.duration_s for word in made.words)
    assert all(one.end_s <= two.start_s for one, two in pairwise(made.words))
    assert all(at == round(at, 4) for word in made.words for at in (word.start_s, word.end_s))


def test_trimming_again_changes_nothing_more(tmp_path: Path) -> None:
    """What was trimmed is as long as it should be."""
    heard = noise(1, 0.001) + voice(1.0) + noise(1, 0.001)
    file = wav(tmp_path / "s.wav", heard)
    once = trim(file, speech(file, heard, Word("a", 1.2, 1.8)))
    assert trim(file, once.speech) == once


def test_a_file_that_ends_early_is_taken_as_far_as_it_goes(tmp_path: Path) -> None:
    """Its header may promise more, and a sample may be half there."""
    heard = voice(1.0)
    file = wav(tmp_path / "s.wav", heard)
    file.write_bytes(file.read_bytes()[: 44 + RATE + 1])
    made = trim(file, speech(file, heard, Word("a", 0, 1))).speech
    assert 0.4 < made.duration_s <= 0.5
    assert made.words[0].end_s <= made.duration_s


@pytest.mark.parametrize(
    "options",
    [("-c:a", "pcm_f32le"), ("-c:a", "pcm_u8"), ("-ac", "2"), ("-c:a", "pcm_s24le", "-ar", "8000"), ("-f", "flac")],
    ids=" ".join,
)
async def test_other_formats_are_made_plain(options: tuple[str, ...], tmp_path: Path, desk: TestDesk) -> None:
    """FFmpeg brings whatever a voice wrote into the format that is trimmed."""
    file = make(tmp_path / "s.wav", "sine=f=300:r=44100", 0.5, *options)
    assert not plain(file)
    await PlainChildren().run(sound.plain(FFMPEG, file, tmp_path / "p.wav"), desk)
    assert plain(tmp_path / "p.wav")
    assert seconds(tmp_path / "p.wav") == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all" * 99])
async def test_what_is_no_sound_is_an_error(content: bytes, tmp_path: Path, desk: TestDesk) -> None:
    """Clear, and none of Python's."""
    file = tmp_path / "s.wav"
    file.write_bytes(content)
    assert not plain(file)
    with pytest.raises(ChildFailed):
        await PlainChildren().run(sound.plain(FFMPEG, file, tmp_path / "p.wav"), desk)

import asyncio
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from listening import onsets, samples
from support import TestDesk

from shortsd.config.settings import Voice
from shortsd.domain.errors import BadInput, Internal
from shortsd.domain.story import Speech
from shortsd.domain.text import words
from shortsd.providers.voice.alignment import starts
from shortsd.providers.voice.espeak import EspeakVoice
from shortsd.providers.voice.libespeak import WordEvent
from shortsd.providers.voice.recording import SILENCE_S

SENTENCE = "The lighthouse keeper, old and tired, never sleeps; he listens."

DEFAULT = Voice().voice
"""The narrator if nobody names another."""


async def speak(text: str, folder: Path, voice: str = DEFAULT, name: str = "s.wav") -> Speech:
    return await EspeakVoice().speak(text, voice, folder / name, TestDesk())


def assert_in_order(speech: Speech, text: str) -> None:
    assert [word.text for word in speech.words] == [token.text for token in words(text)]
    assert all(0 <= word.start_s < word.end_s <= speech.duration_s + 1e-6 for word in speech.words)
    assert all(one.start_s < two.start_s and one.end_s <= two.start_s for one, two in pairwise(speech.words))


@pytest.mark.parametrize(
    ("voice", "text"),
    [
        ("en-us", SENTENCE),
        ("en-us", "He's 42 years old — don't ask! 3.14, 1,000,000 e.g. half-life"),
        ("en-us", "emoji 😀 here 👨‍👩‍👧🏽, {\\an8} 100% \\N <b>bold</b> & [[x]] x"),
        ("en-us", "他在灯塔里。海很黑"),
        ("cmn", "他在灯塔里。海 很黑，OK吗？"),
        ("ar", "مرحبا بالعالم، الليل طويل"),
        ("he", "שלום עולם"),
        ("ja", "「ここ」に、いる。"),
        ("en-us", "  leading\n\nparagraphs\tand tabs  "),
    ],
)
async def test_words_are_the_texts_own_in_rising_time(voice: str, text: str, tmp_path: Path) -> None:
    """Whatever the script or the signs, every token of the text has its own time, in order."""
    assert_in_order(await speak(text, tmp_path, voice), text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_spoken(text: str) -> None:
    """No text breaks the voice; words rise and none is lost."""
    with TemporaryDirectory() as folder:
        assert_in_order(asyncio.run(speak(text, Path(folder))), text)


async def test_the_file_is_what_the_speech_says(tmp_path: Path) -> None:
    """A 22050 Hz mono WAV, named and as long as told, that begins and ends with sound."""
    speech = await speak(SENTENCE, tmp_path)
    pcm, rate, channels = samples(tmp_path / speech.file)
    assert (rate, channels, len(pcm) / rate) == (22050, 1, speech.duration_s)
    assert onsets(tmp_path / speech.file)[0] <= 0.03
    assert max(map(abs, pcm[-rate // 5 :])) > 100


async def test_words_start_where_their_sound_does(tmp_path: Path) -> None:
    """Behind each pause, where an onset can be measured, a word starts within 60 ms of it."""
    speech = await speak("Thunder, lightning, darkness, silence, and then, nothing.", tmp_path)
    measured = onsets(tmp_path / speech.file)
    assert len(measured) == 6
    begins = [word.start_s for word in speech.words if word.text != "then,"]
    assert all(min(abs(begin - onset) for begin in [*begins, speech.words[5].start_s]) < 0.06 for onset in measured)


async def test_a_word_ends_before_the_pause_behind_it(tmp_path: Path) -> None:
    """A comma's pause belongs to no word."""
    one, two = (await speak("Listen, now.", tmp_path)).words
    assert two.start_s - one.end_s > 0.1


@pytest.mark.parametrize("text", ["— — —", "…", "?! ''", "   "])
async def test_what_cannot_be_spoken_is_a_short_silence(text: str, tmp_path: Path, desk: TestDesk) -> None:
    """A sentence of signs is a silence with its tokens spread over it, and the log says so."""
    speech = await EspeakVoice().speak(text, DEFAULT, tmp_path / "s.wav", desk)
    assert speech.duration_s == SILENCE_S
    assert_in_order(speech, text)
    assert "nothing to say" in desk.log.lines[0]


async def test_markup_is_spoken_as_text(tmp_path: Path) -> None:
    """What looks like SSML is read out, not obeyed."""
    plain, marked = await speak("bold", tmp_path), await speak("<b>bold</b>", tmp_path)
    assert marked.duration_s > plain.duration_s + 0.3


async def test_control_characters_are_no_commands(tmp_path: Path) -> None:
    """NUL does not end the sentence and ^A does not set the rate."""
    plain = await speak("one two three four", tmp_path)
    odd = await speak("one\0 two \x01400s three four", tmp_path)
    assert odd.duration_s > plain.duration_s


async def test_two_voices_differ(tmp_path: Path) -> None:
    """A variant is another timbre of the voice, written in any case."""
    plain, variant = await speak("Hello", tmp_path), await speak("Hello", tmp_path, "EN-US+F3", "v.wav")
    assert samples(tmp_path / plain.file) != samples(tmp_path / variant.file)


@pytest.mark.parametrize(
    ("voice", "near"),
    [("en-uss", "en-us"), ("german", "de"), ("en-us+f33", "en-us+f3"), ("???", "en-us"), ("", "en-us")],
)
async def test_an_unknown_voice_is_refused_with_near_names(voice: str, near: str, tmp_path: Path) -> None:
    """Both the check and the speaking refuse it; the hint has a voice that exists."""
    with pytest.raises(BadInput) as checked:
        await EspeakVoice().check(voice)
    with pytest.raises(BadInput) as spoken:
        await speak("Hello", tmp_path, voice)
    assert near in checked.value.hint
    assert checked.value.hint == spoken.value.hint


async def test_every_listed_voice_passes_the_check() -> None:
    """The list holds ids as a user gives them, the default among them, none twice."""
    voice = EspeakVoice()
    ids = [each.id for each in await voice.voices()]
    assert DEFAULT in ids
    assert len(set(ids)) == len(ids) > 100
    for each in ids:
        await voice.check(each)


async def test_sentences_spoken_at_once_do_not_mix(tmp_path: Path) -> None:
    """The library is used by one at a time: speaking beside others gives the same words at their times."""
    texts = [f"This is sentence number {number}, and it has words." for number in range(6)]
    alone = [await speak(text, tmp_path) for text in texts]
    together = await asyncio.gather(*(speak(text, tmp_path, name=f"{n}.wav") for n, text in enumerate(texts)))
    # The library carries its phase from sentence to sentence, so that times differ by a pitch period or two.
    for one, other in zip(alone, together, strict=True):
        assert [word.text for word in one.words] == [word.text for word in other.words]
        assert [w.start_s for w in one.words] == pytest.approx([w.start_s for w in other.words], abs=0.05)


async def test_endless_speech_is_refused(tmp_path: Path) -> None:
    """A sentence of more than ten minutes ends in a clear error, not in a wait."""
    with pytest.raises(BadInput, match="10 minutes"):
        await speak("ไ" * 3000, tmp_path)


async def test_a_cancelled_sentence_leaves_the_voice_usable(tmp_path: Path) -> None:
    """Cancelling ends the work in its thread, writes nothing, and the next sentence is spoken."""
    task = asyncio.create_task(speak("ナ" * 3000, tmp_path, name="long.wav"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not (tmp_path / "long.wav").exists()
    assert (await speak("Hello", tmp_path)).duration_s > 0.2


async def test_an_unwritable_file_is_our_error(tmp_path: Path) -> None:
    """A folder that is not there becomes an error of ours that names the file."""
    with pytest.raises(Internal, match=r"gone/s\.wav"):
        await speak("Hello", tmp_path / "gone")


def test_the_key_names_the_version() -> None:
    """Another espeak-ng, or another manner, means that sentences are spoken anew."""
    assert EspeakVoice().key.startswith("espeak-ng 1.")


def test_threads_that_ask_for_the_library_at_once_get_the_same_one() -> None:
    """It is loaded once: jobs that a start goes on with all come to it at the same time."""
    code = """
import threading
from concurrent.futures import ThreadPoolExecutor
from shortsd.providers.voice.libespeak import espeak
together = threading.Barrier(8)
with ThreadPoolExecutor(8) as threads:
    found = list(threads.map(lambda _: (together.wait(), espeak())[1], range(8)))
print(len({id(one) for one in found}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"1\n"), done.stderr


def test_the_first_event_in_a_word_is_its_start() -> None:
    """`half-life` speaks twice; it starts once."""
    events = [WordEvent(0, 4, 0), WordEvent(5, 4, 10), WordEvent(10, 3, 30)]
    assert starts(words("half-life now"), events, 40.0) == [0, 30]


def test_events_that_name_one_span_are_spread_over_it() -> None:
    """A run of Han characters comes as one span with an event for each character."""
    events = [WordEvent(0, 3, sample) for sample in (0, 10, 25)]
    assert starts(words("他在里"), events, 40.0) == [0, 10, 25]


def test_a_word_without_an_event_shares_the_time_before_the_next() -> None:
    """A dash gets its part of the word before it, by length; one at the beginning, of the word behind it."""
    assert starts(words("old — no"), [WordEvent(0, 3, 0), WordEvent(6, 2, 8)], 10.0) == [0, 6, 8]
    assert starts(words("— old"), [WordEvent(2, 3, 0)], 8.0) == [0, 2]

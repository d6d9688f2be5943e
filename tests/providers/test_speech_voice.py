import statistics
from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listening import samples
from servers.loopback import Time, body, huge, reset, status
from servers.speech import KEY, SpeechService, spoken
from support import TestDesk

from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused
from shortsd.domain.story import Speech
from shortsd.domain.text import words
from shortsd.providers.voice.espeak import EspeakVoice
from shortsd.providers.voice.estimate import estimate
from shortsd.providers.voice.speech import LONGEST, SpeechVoice, most_bytes
from shortsd.providers.web.service import Service, Ways
from shortsd.providers.writer.builtin import compose
from shortsd.stages.sentences import split

TEXT = "The lighthouse keeper, old and tired, never sleeps; he listens."


@dataclass
class Studio:
    """The voice at a loopback service, with a clock of its own."""

    service: SpeechService
    folder: Path
    time: Time = field(default_factory=Time)
    desk: TestDesk = field(default_factory=TestDesk)
    services: list[Service] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.voice = self.another(KEY)

    def another(self, key: str, *, own: bool = False) -> SpeechVoice:
        ways = Ways(self.time, self.time.wait, lambda: 0.5)
        headers = {"Authorization": f"Bearer {key}"}
        service = Service("The voices", self.service.base_url, headers=lambda: headers, secrets=(key,), ways=ways)
        self.services.append(service)
        return SpeechVoice(service, "a-model", "onyx", own=own)

    async def speak(self, text: str = TEXT, voice: str = "onyx") -> Speech:
        return await self.voice.speak(text, voice, self.folder / "s.wav", self.desk)


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    with SpeechService() as service:
        made = Studio(service, tmp_path)
        yield made
        for one in made.services:
            await one.close()


async def test_a_sentence_is_asked_for_as_openai_describes(studio: Studio) -> None:
    """With model, voice, text and format; the file is a plain WAV, as long as told, whatever the service told."""
    speech = await studio.speak()
    assert studio.service.said() == [{"model": "a-model", "voice": "onyx", "input": TEXT, "response_format": "wav"}]
    pcm, rate, channels = samples(studio.folder / "s.wav")
    assert (len(pcm) / rate, channels) == (speech.duration_s, 1)
    assert pcm.tobytes() == spoken(TEXT)[44:]
    assert [word.text for word in speech.words] == [token.text for token in words(TEXT)]


async def test_stereo_becomes_mono(studio: Studio) -> None:
    """The first channel is kept."""
    wav = bytearray(spoken(TEXT))
    mono = array("h", wav[44:])
    both = array("h", [sample for one in mono for sample in (one, 0)])
    wav[22:24], wav[32:34] = b"\2\0", b"\4\0"
    studio.service.fail(body(bytes(wav[:44]) + both.tobytes(), "audio/wav"))
    await studio.speak()
    assert samples(studio.folder / "s.wav")[0] == mono


def cut(wav: bytes) -> bytes:
    """A WAV that tells its length, without its end."""
    return wav[:40] + (len(wav) - 44).to_bytes(4, "little") + wav[44:-1000]


@pytest.mark.parametrize(
    ("content", "kind", "why"),
    [
        (
            b'{"error": {"message": "The model is asleep"}}',
            "application/json",
            "application/json .The model is asleep.",
        ),
        (b"<html>Welcome</html>", "text/html", "text/html"),
        (b"ID3\x04" + bytes(500), "audio/mpeg", "audio/mpeg where a sentence"),
        (b"", "audio/wav", "no WAV"),
        (spoken(TEXT)[:30], "audio/wav", "cut off"),
        (spoken(TEXT)[:20] + b"\3" + spoken(TEXT)[21:], "audio/wav", "16-bit"),
    ],
    ids=["json", "html", "mp3", "nothing", "a head", "float"],
)
async def test_what_is_no_sound_is_told(studio: Studio, content: bytes, kind: str, why: str) -> None:
    """As an error that says what came instead."""
    studio.service.fail(body(content, kind), at="/v1/audio/speech")
    with pytest.raises(ServiceFailed, match=why):
        await studio.speak()


async def test_a_sentence_that_was_cut_off_is_told(studio: Studio) -> None:
    """Where the WAV tells how long it is."""
    studio.service.fail(body(cut(spoken(TEXT)), "audio/wav"))
    with pytest.raises(ServiceFailed, match="cut off") as failed:
        await studio.speak()
    assert failed.value.retryable


async def test_a_connection_that_breaks_is_tried_again(studio: Studio) -> None:
    """The sentence is asked for until it comes whole."""
    studio.service.fail(reset(spoken(TEXT)[:5000]), status(503))
    assert (await studio.speak()).duration_s > 2
    assert len(studio.service.said()) == 3


async def test_more_sound_than_a_sentence_can_take_is_not_read(studio: Studio) -> None:
    """A service that does not stop is stopped; how soon depends on the sentence."""
    studio.service.fail(huge(20, "audio/wav"), huge(20, "audio/wav"))
    with pytest.raises(ServiceFailed, match="more than 1 MB"):
        await studio.speak("No.")
    with pytest.raises(ServiceFailed, match="more than 7 MB"):
        await studio.speak("It was a word. " * 10)
    assert most_bytes("word " * 5000) == 600 * 96_000


def test_what_a_sentence_takes_has_room() -> None:
    """Six times what espeak-ng takes at 22 kHz, however long it is."""
    for text in ("No.", TEXT, " ".join([TEXT] * 12)):
        assert len(spoken(text)) * 6 < most_bytes(text)


async def test_a_key_is_never_told(studio: Studio) -> None:
    """Also if the service says it."""
    studio.voice = studio.another("sk-wrong-key")
    with pytest.raises(ServiceRefused) as refused:
        await studio.speak()
    assert "Incorrect API key" in refused.value.message
    assert "sk-wrong-key" not in refused.value.message + refused.value.hint + repr(refused.value)
    assert "sk-wrong-key" not in studio.voice.key


async def test_silence_is_short_and_told(studio: Studio) -> None:
    """A sentence of signs is not asked for; a file without samples is no error."""
    assert (await studio.speak("— …")).duration_s == 0.4
    assert studio.service.said() == []
    studio.service.fail(body(spoken(TEXT)[:44], "audio/wav"))
    assert (await studio.speak()).duration_s == 0.4
    assert len(studio.desk.log.lines) == 2


async def test_sentences_that_are_too_long_are_refused(studio: Studio) -> None:
    """Before they are asked for."""
    with pytest.raises(BadInput, match="begins with “word word"):
        await studio.speak("word " * (LONGEST // 4))
    assert studio.service.said() == []


async def test_voices_of_a_service_that_tells_them(studio: Studio) -> None:
    """Are those it tells, asked for once a day, and others are refused with near names."""
    assert [voice.id for voice in await studio.voice.voices()] == ["nova", "onyx"]
    await studio.voice.check("nova")
    with pytest.raises(BadInput) as refused:
        await studio.voice.check("nowa")
    assert "nova" in refused.value.hint
    assert len(studio.service.asked("/v1/audio/voices")) == 1


async def test_voices_of_a_service_that_does_not_tell_them(studio: Studio) -> None:
    """Are OpenAI's and the configured one; that they cannot be listed is an error with its reason."""
    studio.service.tells = False
    await studio.voice.check("alloy")
    with pytest.raises(BadInput):
        await studio.voice.check("en-us")
    with pytest.raises(ServiceFailed, match="404"):
        await studio.voice.voices()
    assert len(studio.service.asked("/v1/audio/voices")) == 1


async def test_voices_of_openai_are_known(studio: Studio) -> None:
    """Nobody is asked."""
    voice = studio.another(KEY, own=True)
    assert len(await voice.voices()) == 13
    await voice.check("shimmer")
    assert studio.service.requests == []


STORIES = [sentence.strip() for seed in range(6) for sentence in split(compose("the lighthouse", seed).text, "en")]


async def test_estimated_times_are_near_the_true_ones(tmp_path: Path) -> None:
    """Half of the words begin within 60 ms of where espeak-ng says, nineteen of twenty within 220 ms.

    Letters spread over the sentence would be twice as far off (100 and 350 ms).
    """
    errors: list[float] = []
    for text in STORIES:
        true = await EspeakVoice().speak(text, "en-us", tmp_path / "s.wav", TestDesk())
        pcm, rate, _ = samples(tmp_path / "s.wav")
        made = estimate(pcm, rate, words(text))
        errors += [abs(one.start_s - two.start_s) for one, two in zip(made, true.words, strict=True)]
    assert len(errors) > 500
    assert statistics.median(errors) < 0.06
    assert statistics.quantiles(errors, n=20)[-1] < 0.22


async def test_words_behind_a_pause_begin_with_its_end(tmp_path: Path) -> None:
    """Where punctuation is heard, the word is where it is heard."""
    true = await EspeakVoice().speak(TEXT, "en-us", tmp_path / "s.wav", TestDesk())
    pcm, rate, _ = samples(tmp_path / "s.wav")
    made = estimate(pcm, rate, words(TEXT))
    for at in (3, 6, 8):
        assert made[at].start_s == pytest.approx(true.words[at].start_s, abs=0.03)
        assert made[at - 1].end_s < made[at].start_s - 0.05


@given(st.text(max_size=40), st.lists(st.integers(-30000, 30000), min_size=1, max_size=400))
def test_any_sound_has_times_for_any_text(text: str, sound: list[int]) -> None:
    """Every word, in order, inside the sound."""
    made = estimate(array("h", sound * 40), 8000, words(text))
    end = len(sound) * 40 / 8000
    assert [word.text for word in made] == [token.text for token in words(text)]
    assert all(0 <= word.start_s <= word.end_s <= end + 1e-6 for word in made)
    assert all(one.start_s <= two.start_s and one.end_s <= two.start_s for one, two in pairwise(made))

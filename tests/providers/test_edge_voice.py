import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from dataclasses import replace as changed
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listening import ffmpeg, onsets
from servers.edge import LEAD_S, EdgeService, Fault, cut_off, junk, mute, noise, spoken, still, without_words
from servers.loopback import Handler, Time, huge, reset, silence, status
from support import TestDesk

from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused
from shortsd.domain.story import Speech
from shortsd.domain.text import words
from shortsd.providers.voice import edge
from shortsd.providers.voice.boundaries import Boundary, placed
from shortsd.providers.voice.edge import EdgeVoice
from shortsd.providers.voice.edge_list import AGAIN_S, DAY_S
from shortsd.providers.web.service import Ways

TEXT = "Thunder, lightning, darkness, silence, and then, nothing."
GUY = "en-US-GuyNeural"
FORBIDDEN = status(403, "Forbidden")


@dataclass
class Studio:
    """The voice at a loopback service, with a clock of its own."""

    service: EdgeService
    folder: Path
    time: Time = field(default_factory=Time)
    desk: TestDesk = field(default_factory=TestDesk)

    def __post_init__(self) -> None:
        self.voice = self.another()

    def another(self, **terms: Any) -> EdgeVoice:
        """The voice after a new start, perhaps on other terms."""
        ways = Ways(self.time, self.time.wait, lambda: 0.5)
        kept = self.folder / "voices" / "edge.json"
        return EdgeVoice(kept, self.service.address, terms=changed(edge.TERMS, **terms), ways=ways)

    async def speak(self, text: str = TEXT, voice: str = GUY) -> Speech:
        return await self.voice.speak(text, voice, self.folder / "s.wav", self.desk)

    def handshakes(self) -> int:
        return len(self.service.asked(EdgeService.PATH))


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with EdgeService() as service:
        yield Studio(service, tmp_path)


async def test_words_have_the_times_at_which_they_are_heard(studio: Studio) -> None:
    """The service's times, and what MP3 adds to them: within 25 ms of where espeak-ng's words stand once decoded."""
    speech = await studio.speak()
    true, _ = spoken(TEXT)
    ffmpeg("-i", studio.folder / "s.wav", studio.folder / "decoded.wav")
    first = onsets(studio.folder / "decoded.wav")[0]
    for word, other in zip(speech.words, true, strict=True):
        assert word.start_s == pytest.approx(first + other.start_s - true[0].start_s, abs=0.025)
    assert speech.words[0].start_s > LEAD_S + 0.03
    assert studio.service.said[0].text == TEXT
    assert studio.service.said[0].voice == "Microsoft Server Speech Text to Speech Voice (en-US, GuyNeural)"


async def test_it_is_as_long_as_it_says(studio: Studio) -> None:
    """The file is an MP3 that FFmpeg takes for one by its content; told and decoded lengths are the same."""
    speech = await studio.speak()
    said = ffmpeg("-i", studio.folder / "s.wav", "-af", "ashowinfo", studio.folder / "decoded.wav")
    assert "mp3" in said
    decoded = (studio.folder / "decoded.wav").stat().st_size / 48_000
    assert speech.duration_s == pytest.approx(decoded, abs=0.01)


async def test_markup_is_spoken_as_text(studio: Studio) -> None:
    """What looks like SSML does not become any."""
    await studio.speak("Say <break/> & go.")
    assert studio.service.said[0].text == "Say <break/> & go."


async def test_without_boundaries_words_are_spread(studio: Studio) -> None:
    """All of them, in rising time."""
    studio.service.turns = [without_words]
    speech = await studio.speak()
    assert [word.text for word in speech.words] == [token.text for token in words(TEXT)]


async def test_what_cannot_be_said_is_not_asked_for(studio: Studio) -> None:
    """A sentence of signs is a short silence; the service would send no sound."""
    speech = await studio.speak("— … —")
    assert speech.duration_s == 0.4
    assert studio.service.said == []
    assert "nothing to say" in studio.desk.log.lines[0]


@pytest.mark.parametrize(
    "fault",
    [
        cut_off,
        noise,
        junk("no headers"),
        junk("Path:unknown\r\n\r\n{}"),
        junk(b"\x00"),
        junk("Path:audio.metadata\r\n\r\n["),
    ],
    ids=["cut off", "no mp3", "no headers", "unknown path", "short binary", "no json"],
)
async def test_a_sentence_that_did_not_come_whole_is_asked_for_again(studio: Studio, fault: Fault) -> None:
    """What came of it is thrown away."""
    studio.service.turns = [fault]
    whole = await studio.speak()
    assert len(studio.service.said) == 2
    assert await studio.speak() == whole


async def test_one_that_never_comes_whole_fails(studio: Studio) -> None:
    """After three requests; then the service is left alone for a while, and asked again after that."""
    studio.service.turns = [cut_off] * 3
    with pytest.raises(ServiceFailed, match="broke off"):
        await studio.speak()
    assert studio.time.waits == [0.75, 1.5]
    with pytest.raises(ServiceFailed, match="not asked before"):
        await studio.speak()
    assert studio.handshakes() == 3
    studio.time.now += edge.TERMS.trip_s
    assert (await studio.speak()).duration_s > 1


async def test_a_wrong_clock_is_got_over(studio: Studio) -> None:
    """A first 403 may be for a token of another time: the service's clock is taken, and it is asked again."""
    studio.service.fail(FORBIDDEN, at=EdgeService.PATH)
    assert (await studio.speak()).duration_s > 1
    assert studio.handshakes() == 2


async def test_a_service_that_refuses_us(studio: Studio) -> None:
    """It is told as that, once more at the most is asked, and nothing of the request is in the message."""
    studio.service.fail(FORBIDDEN, FORBIDDEN, at=EdgeService.PATH)
    with pytest.raises(ServiceRefused, match=r"refuse us \(403\)") as refused:
        await studio.speak()
    assert studio.handshakes() == 2
    assert refused.value.retryable
    assert "Token" not in refused.value.message + refused.value.hint


@pytest.mark.parametrize(
    ("fault", "why"),
    [(status(503), "answered 503"), (status(400), "answered 400"), (reset(), "answered 200")],
    ids=["503", "400", "reset"],
)
async def test_a_handshake_that_fails(studio: Studio, fault: Handler, why: str) -> None:
    """Is told as what it is."""
    studio.service.fail(*[fault] * 3, at=EdgeService.PATH)
    with pytest.raises(ServiceFailed, match=why):
        await studio.speak()


@pytest.mark.parametrize("stage", ["handshake", "sentence"])
async def test_silence_of_the_service_ends(studio: Studio, stage: str) -> None:
    """Whoever does not answer is given up, be it before or after the handshake."""
    if stage == "handshake":
        studio.service.fail(silence(), at=EdgeService.PATH)
    studio.service.turns = [still]
    studio.voice = studio.another(connect_s=0, read_s=0.3, tries=1)
    with pytest.raises(ServiceFailed, match="did not answer in time"):
        await studio.speak()


async def test_a_service_that_is_not_there(studio: Studio) -> None:
    """Who cannot be reached is told so; no exception of a library comes through."""
    studio.service.address = "http://127.0.0.1:9"
    studio.voice = studio.another(tries=1)
    with pytest.raises(ServiceFailed, match="cannot be reached"):
        await studio.speak()


async def test_no_sound_is_not_asked_for_again(studio: Studio) -> None:
    """A voice that cannot say a text sends none, and will not another time; others may still be asked."""
    studio.service.turns = [mute]
    with pytest.raises(ServiceFailed, match="no sound") as failed:
        await studio.speak("Привет")
    assert not failed.value.retryable
    assert (await studio.speak()).duration_s > 1


async def test_no_more_at_once_than_may_be(studio: Studio) -> None:
    """However many sentences are wanted."""
    studio.voice = studio.another(at_once=2)
    await asyncio.gather(*(studio.voice.speak(TEXT, GUY, studio.folder / f"{n}.wav", studio.desk) for n in range(6)))
    assert studio.service.most_at_once == 2


async def test_voices_are_listed(studio: Studio) -> None:
    """With language and gender, sorted by id."""
    listed = await studio.voice.voices()
    first = listed[0]
    assert (first.id, first.name, first.language) == ("de-AT-IngridNeural", "Ingrid - de-AT", "de-AT")
    assert (first.provider, first.gender) == ("edge", "female")
    assert len(listed) == 6


async def test_the_list_is_asked_for_once_a_day(studio: Studio) -> None:
    """Also over a new start of the daemon; one that is too old serves while there is no newer one."""
    await studio.voice.check(GUY)
    await studio.another().check(GUY)
    assert len(studio.service.asked(EdgeService.LIST)) == 1
    studio.time.now += DAY_S
    studio.service.fail(status(500), at=EdgeService.LIST)
    await studio.voice.check(GUY)
    assert len(studio.service.asked(EdgeService.LIST)) == 2


@pytest.mark.parametrize(
    ("voice", "near"), [("en-US-GayNeural", GUY), ("en-uk-RyanNeural", "en-GB-RyanNeural"), ("onyx", "voices")]
)
async def test_an_unknown_voice_is_refused_with_near_names(studio: Studio, voice: str, near: str) -> None:
    """By the check and by who speaks, before anything is asked of the service."""
    with pytest.raises(BadInput) as checked:
        await studio.voice.check(voice)
    with pytest.raises(BadInput):
        await studio.speak(voice=voice)
    assert near in checked.value.hint
    assert studio.service.said == []


async def test_a_name_is_taken_in_any_case(studio: Studio) -> None:
    """And asked for as the service writes it, whatever its form."""
    await studio.speak(voice="IU-latn-ca-siqiniqneural")
    assert studio.service.said[0].voice.endswith("Voice (iu-Latn-CA, SiqiniqNeural)")


@pytest.mark.parametrize(
    "fault", [status(500), FORBIDDEN, status(200, "{}"), status(200, "no json"), status(200, '[{"a": 1}]'), huge(0)]
)
async def test_without_a_list_names_of_the_right_form_pass(studio: Studio, fault: Handler) -> None:
    """What has the form of a name is taken, what has not is refused, and the list is not asked for each time."""
    studio.service.fail(*[fault] * 2, at=EdgeService.LIST)
    await studio.voice.check("en-US-AnybodyNeural")
    with pytest.raises(BadInput):
        await studio.voice.check("anybody")
    with pytest.raises(ServiceFailed):
        await studio.voice.voices()
    assert len(studio.service.asked(EdgeService.LIST)) <= 2
    studio.service.faults.clear()
    studio.time.now += AGAIN_S
    assert len(await studio.voice.voices()) == 6


@pytest.mark.parametrize(
    ("tag", "who"),
    [
        ("en-us", "en-US-ChristopherNeural"),
        ("en-gb", "en-US-ChristopherNeural"),
        ("de", "de-AT-IngridNeural"),
        ("de-DE", "de-DE-ConradNeural"),
        ("", "en-US-ChristopherNeural"),
        ("xx", "en-US-ChristopherNeural"),
    ],
)
async def test_a_stand_in_is_of_the_same_language(studio: Studio, tag: str, who: str) -> None:
    """The configured one where it is of that language, or where nobody is."""
    assert await studio.voice.instead(tag) == who


def timed(text: str, *said: str) -> list[tuple[str, float]]:
    """When the words of a text begin, where these were said, half a second each."""
    spoken = [Boundary(one, at / 2, at / 2 + 0.4) for at, one in enumerate(said)]
    made = placed(text, words(text), spoken, len(said) / 2)
    return [(word.text, word.start_s) for word in made]


def test_a_number_that_is_said_in_words() -> None:
    """Begins with the first of them, and those behind it keep their times."""
    assert timed("He is 42 now", "He", "is", "forty", "two", "now") == [("He", 0), ("is", 0.5), ("42", 1), ("now", 2)]


def test_words_that_are_said_as_one() -> None:
    """Share its time."""
    assert timed("灯塔里。黑", "灯塔", "里", "黑") == [("灯", 0), ("塔", 0.2), ("里。", 0.5), ("黑", 1)]


def test_a_word_that_is_said_in_pieces() -> None:
    """Begins with the first."""
    assert timed("half-life now", "half", "life", "now") == [("half-life", 0), ("now", 1)]


@given(st.text(max_size=30), st.lists(st.tuples(st.text(max_size=6), st.floats(0, 9), st.floats(0, 9)), max_size=8))
def test_whatever_is_said_every_word_has_its_time(text: str, said: list[tuple[str, float, float]]) -> None:
    """In order and inside the sound, also for boundaries that make no sense."""
    made = placed(text, words(text), [Boundary(*one) for one in said], 4.0)
    assert [word.text for word in made] == [token.text for token in words(text)]
    assert all(0 <= word.start_s <= word.end_s <= 4 for word in made)
    assert all(one.start_s < two.start_s and one.end_s <= two.start_s for one, two in pairwise(made))


def test_what_is_left_out_is_between_its_neighbours() -> None:
    """And nothing behind it moves."""
    made = dict(timed("one two three four", "one", "four"))
    assert 0 < made["two"] < made["three"] < made["four"] == 0.5

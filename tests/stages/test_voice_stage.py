import wave
from array import array
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from listening import FFMPEG, PlainChildren, ffmpeg, samples
from support import ListLog

from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, ChildFailed, ServiceFailed
from shortsd.domain.ports import Desk, Speaker, Voice
from shortsd.domain.story import Speech, Story, VoiceInfo, Word
from shortsd.domain.text import words
from shortsd.media.files import save
from shortsd.providers.voice.cached import CachedVoice
from shortsd.providers.voice.espeak import EspeakVoice
from shortsd.stages.pieces import Pieces
from shortsd.stages.plan import Plan, plan
from shortsd.stages.runner import Work
from shortsd.stages.voice import FILE, Narration, voice
from shortsd.wire.models import ShortParams


@dataclass
class Padding:
    """A voice that leaves silence at both ends of what another says, and writes it in some format."""

    silence_s: float = 0.0
    options: tuple[str, ...] = ()
    key: str = "padding"
    voice: Voice = field(default_factory=EspeakVoice)

    async def voices(self) -> list[VoiceInfo]:
        return []

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        spoken = await self.voice.speak(text, voice, to.with_suffix(".tight.wav"), desk)
        silence = self.silence_s
        chain = f"adelay={silence * 1000:.0f}:all=1,apad=pad_dur={silence}"
        ffmpeg("-i", to.parent / spoken.file, "-af", chain, *self.options, to)
        (to.parent / spoken.file).unlink()
        moved = tuple(Word(word.text, word.start_s + silence, word.end_s + silence) for word in spoken.words)
        return Speech(to.name, spoken.duration_s + 2 * silence, moved)


@dataclass
class Mute(Padding):
    """A voice that gives files of this content, for one text only if that is named."""

    content: bytes = b""
    only: str = ""

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        if self.only and text != self.only:
            return await super().speak(text, voice, to, desk)
        save(to, self.content)
        return Speech(to.name, 0.0, tuple(Word(token.text, 0.0, 0.0) for token in words(text)))


def empty_wav(file: Path, seconds: float) -> bytes:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(22050)
        out.writeframes(array("h", bytes(round(2 * 22050 * seconds) & ~1)))
    return file.read_bytes()


@dataclass
class Told:
    """A narration, the folder that it lies in and what its log says."""

    narration: Narration
    folder: Path
    log: list[str]

    def pcm(self, number: int) -> "array[int]":
        """What is heard of a sentence."""
        sentence = self.narration.sentences[number]
        return samples(self.folder / FILE)[0][round(sentence.start_s * 48000) : round(sentence.end_s * 48000)]

    def times(self, number: int) -> list[tuple[float, float]]:
        """When the words of a sentence are heard, from its start, to 0.1 ms."""
        sentence = self.narration.sentences[number]
        return [(round(w.start_s - sentence.start_s, 4), round(w.end_s - sentence.start_s, 4)) for w in sentence.words]


def planned(text: str) -> Plan:
    return plan(ShortParams(story=text, allow_long=True), Settings(), 1)


async def tell(text: str, speaker: Voice, folder: Path, asked: Plan | None = None) -> Told:
    """The narration of a story, spoken into a folder of its own."""
    log = ListLog()
    work = Work(1, "voice", made_folder(folder), log, lambda *_: None, Pieces(folder / "pieces"))
    wanted = asked or planned(text)
    speakers = [Speaker("one", speaker, wanted.voice)]
    made = await voice(Story("A title", text), wanted, speakers, PlainChildren(), FFMPEG, work)
    assert_whole(folder, made)
    return Told(made, folder, log.lines)


def made_folder(folder: Path) -> Path:
    folder.mkdir()
    return folder


def assert_whole(folder: Path, narration: Narration) -> None:
    """One file as long as told, and all words of all sentences, each with time of its own inside its sentence."""
    assert [file.name for file in folder.iterdir()] == [FILE]
    assert len(samples(folder / FILE)[0]) == round(narration.duration_s * 48000)
    for sentence in narration.sentences:
        assert [word.text for word in sentence.words] == [token.text for token in words(sentence.text)]
        times = [
            sentence.start_s,
            *(at for word in sentence.words for at in (word.start_s, word.end_s)),
            sentence.end_s,
        ]
        assert all(one <= two for one, two in pairwise(times))
        assert all(word.start_s < word.end_s for word in sentence.words)


STORY = "The lamp went out. Nobody had touched it, and nobody would. Then it began to ring.\n\nHe ran."


@pytest.mark.parametrize(
    "speaker",
    [
        Padding(2.0),
        Padding(0.5, ("-ac", "2", "-ar", "44100")),
        Padding(1.0, ("-c:a", "pcm_f32le", "-ar", "8000")),
    ],
    ids=["silent ends", "stereo", "float"],
)
async def test_a_narration_is_the_same_whatever_the_voice_leaves_around_it(speaker: Padding, tmp_path: Path) -> None:
    """Silence and format of the files that a voice writes are not heard; words are spoken at their times."""
    speaker.voice = CachedVoice(EspeakVoice(), tmp_path / "speech")
    tight = await tell(STORY, speaker.voice, tmp_path / "tight")
    padded = await tell(STORY, speaker, tmp_path / "padded")
    for number in range(4):
        assert len(padded.pcm(number)) == pytest.approx(len(tight.pcm(number)), abs=0.07 * 48000)
        assert [b for b, _ in padded.times(number)] == pytest.approx([b for b, _ in tight.times(number)], abs=0.03)


async def test_an_edited_sentence_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    """The same samples, the same times of words, moved by whole frames: nothing but the edited one is spoken."""
    speaker = CachedVoice(EspeakVoice(), tmp_path / "speech")
    one = await tell(STORY, speaker, tmp_path / "one")
    other = await tell(STORY.replace("nobody would", "nobody ever would again"), speaker, tmp_path / "other")
    assert len([*(tmp_path / "speech").glob("*/*")]) == 5
    assert other.pcm(1) != one.pcm(1)
    for number in (0, 2, 3):
        assert other.pcm(number) == one.pcm(number)
        assert other.times(number) == one.times(number)
        move = 30 * (other.narration.sentences[number].start_s - one.narration.sentences[number].start_s)
        assert move == pytest.approx(round(move), abs=1e-9)
        assert (round(move) > 0) == (number > 1)


async def test_telling_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """Though espeak-ng never says a sentence twice in quite the same way."""
    speaker = CachedVoice(EspeakVoice(), tmp_path / "speech")
    one, other = [await tell(STORY, speaker, tmp_path / name) for name in ("one", "other")]
    assert one.narration == other.narration
    assert (one.folder / FILE).read_bytes() == (other.folder / FILE).read_bytes()


@pytest.mark.parametrize("seconds", [0.0, 5.0])
async def test_a_sentence_of_nothing_is_a_short_silence(seconds: float, tmp_path: Path) -> None:
    """Be it a file without samples or one of silence; the log says which sentence it was."""
    mute = Mute(content=empty_wav(tmp_path / "e.wav", seconds), only="One.")
    told = await tell("One. Two.", mute, tmp_path / "told")
    assert told.narration.sentences[0].end_s - told.narration.sentences[0].start_s == pytest.approx(0.4)
    assert [line for line in told.log if "“One.”" in line and line.startswith("warning")]


async def test_a_story_of_nothing_fails_the_stage(tmp_path: Path) -> None:
    """Nobody wants a short in which nothing is said."""
    with pytest.raises(ServiceFailed, match="which is no speech"):
        await tell("One. Two.", Mute(content=empty_wav(tmp_path / "e.wav", 1.0)), tmp_path / "told")


async def test_a_file_that_is_no_sound_fails_the_stage(tmp_path: Path) -> None:
    """With an error of ours."""
    with pytest.raises(ChildFailed):
        await tell("One. Two.", Mute(content=b"nothing"), tmp_path / "told")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The end.\n\n…\n\n\u200b\n\nOr was it?", 4),
        (f"He said {'Donaudampfschiff' * 13}. And left.", 2),
        ("x" * 200, 1),
        ("1234567890 31415926535", 1),
        ("Hello there.\n\n😀👨‍👩‍👧🏽\n\nBye.", 3),
        ("\u200b", 1),
    ],
    ids=["nothing to say", "a long word", "a long word alone", "digits", "emoji", "invisible"],
)
async def test_odd_sentences_are_spoken_or_pass_in_silence(text: str, sentences: int, tmp_path: Path) -> None:
    """None is left out and none breaks the narration."""
    asked = planned("One.")
    told = await tell(text, CachedVoice(EspeakVoice(), tmp_path / "speech"), tmp_path / "told", asked)
    assert len(told.narration.sentences) == sentences
    assert told.narration.duration_s < 120


@pytest.mark.parametrize("text", ["7" * 60_000, "word " * 12_000], ids=["digits", "words"])
async def test_endless_sentences_are_refused(text: str, tmp_path: Path) -> None:
    """One of sixty thousand characters takes too long to say; the error tells where it begins."""
    with pytest.raises(BadInput, match=text[:20]):
        await tell(text, CachedVoice(EspeakVoice(), tmp_path / "speech"), tmp_path / "told")
    assert not list((tmp_path / "speech").rglob("*"))


async def test_silence_of_the_voice_does_not_count_as_length(tmp_path: Path) -> None:
    """A short that is short enough is not refused for what is cut off."""
    asked = plan(ShortParams(story="One. Two."), Settings(), 1)
    assert asked.max_speech_s is not None
    told = await tell("One. Two.", Padding(asked.max_speech_s), tmp_path / "told", asked)
    assert told.narration.duration_s < 5

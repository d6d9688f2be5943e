"""Listening to speech: by the real library, with a model that is made for it; and what is said where it cannot be."""

import asyncio
from pathlib import Path

import ears
import pytest
from servers.speech import spoken
from support import InProcess, TestDesk

from shortsd.domain.errors import BadInput
from shortsd.domain.transcript import Segment
from shortsd.providers.videos import hearing
from shortsd.providers.videos.hearing import PARTS, WhisperHearing


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return ears.make(tmp_path / "model")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    file = tmp_path / "sound.wav"
    file.write_bytes(spoken("The lamp burned every night."))
    return file


@pytest.mark.parametrize(("language", "heard"), [("", "en"), ("de-CH", "de")])
async def test_speech_is_heard(model: Path, sound: Path, desk: TestDesk, language: str, heard: str) -> None:
    """With its times, in the language that was named or the one that it sounds like, and with progress to the end."""
    listening = WhisperHearing(InProcess(), str(model))
    listening.check()
    transcript = await listening.listen(sound, language, desk)
    assert (transcript.language, transcript.segments) == (heard, (Segment(0.0, 2.0, ears.HEARD),))
    done, total, _ = desk.seen[-1]
    assert done == total


def test_a_sound_without_speech(model: Path, sound: Path, desk: TestDesk) -> None:
    """Nothing is made up."""
    heard = sound.read_bytes()
    sound.write_bytes(heard[:44] + bytes(len(heard) - 44))
    transcript = asyncio.run(WhisperHearing(InProcess(), str(model)).listen(sound, "en", desk))
    assert transcript.segments == ()


async def test_a_sound_that_is_none(model: Path, tmp_path: Path, desk: TestDesk) -> None:
    """A file of something else is told, not crashed on."""
    (tmp_path / "sound.wav").write_bytes(b"<html>gone</html>")
    with pytest.raises(BadInput, match="cannot be listened to"):
        await WhisperHearing(InProcess(), str(model)).listen(tmp_path / "sound.wav", "en", desk)


async def test_a_language_that_the_model_does_not_know(model: Path, sound: Path, desk: TestDesk) -> None:
    """It is told with the sound, the daemon being no place for tracebacks."""
    with pytest.raises(BadInput, match="cannot be listened to"):
        await WhisperHearing(InProcess(), str(model)).listen(sound, "tlh", desk)


@pytest.mark.parametrize("part", PARTS)
def test_a_folder_in_which_something_is_missing(model: Path, part: str) -> None:
    """It is refused before anything is fetched for it: the library would look for a tokenizer elsewhere."""
    (model / part).unlink()
    with pytest.raises(BadInput, match=f"where {part} of a faster-whisper model is missing"):
        WhisperHearing(InProcess(), str(model)).check()


async def test_a_model_that_is_none(model: Path, sound: Path, desk: TestDesk) -> None:
    """A broken file among them is told as what it is."""
    (model / "model.bin").write_bytes(b"x" * 100)
    with pytest.raises(BadInput, match="There is no model in"):
        await WhisperHearing(InProcess(), str(model)).listen(sound, "en", desk)


def test_a_library_that_is_missing(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How it is installed is said."""
    monkeypatch.setattr(hearing, "find_spec", lambda _: None)
    with pytest.raises(BadInput, match="faster-whisper, to listen, is missing") as missing:
        WhisperHearing(InProcess(), str(model)).check()
    assert "pip install 'shorts[speech]'" in missing.value.hint

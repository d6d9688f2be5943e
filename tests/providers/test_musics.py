"""What holds of all music, wherever it comes from."""

from collections.abc import Callable
from pathlib import Path

import pytest
from listening import FFMPEG, PlainChildren, make, samples
from support import InProcess, TestDesk

from shortsd.domain.ports import Music
from shortsd.providers.music.chain import LibraryOr
from shortsd.providers.music.file import FileMusic
from shortsd.providers.music.library import LibraryMusic
from shortsd.providers.music.pad import PadMusic


def _song(folder: Path) -> Path:
    (folder / "eerie").mkdir(parents=True, exist_ok=True)
    return make(folder / "eerie" / "song.wav", "sine=r=8000", 0.5)


def _file(folder: Path) -> Music:
    return FileMusic(PlainChildren(), FFMPEG, _song(folder))


def _library(folder: Path) -> Music:
    _song(folder)
    return LibraryMusic(PlainChildren(), FFMPEG, folder)


def _nothing_or_pad(folder: Path) -> Music:
    return LibraryOr(LibraryMusic(PlainChildren(), FFMPEG, folder / "none"), PadMusic(InProcess()))


MAKERS: dict[str, Callable[[Path], Music]] = {
    "pad": lambda _: PadMusic(InProcess()),
    "file": _file,
    "library": _library,
    "library, or else the pad": _nothing_or_pad,
}


@pytest.fixture(params=MAKERS)
def music(request: pytest.FixtureRequest, tmp_path: Path) -> Music:
    return MAKERS[request.param](tmp_path / "music")


async def test_a_track_is_sound_in_the_folder_given(music: Music, tmp_path: Path, desk: TestDesk) -> None:
    """48 kHz stereo that is not silent, under a plain name, with a title."""
    track = await music.track(1.0, "eerie", 1, tmp_path, desk)
    pcm, rate, channels = samples(tmp_path / track.file)
    assert (rate, channels, Path(track.file).name) == (48_000, 2, track.file)
    assert max(pcm) > 100
    assert track.title


async def test_the_same_is_asked_for_twice(music: Music, tmp_path: Path, desk: TestDesk) -> None:
    """The same mood and seed give the same track, and the key stays as it is."""
    key, made = music.key, []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        track = await music.track(1.0, "eerie", 1, tmp_path / name, desk)
        made.append((track, (tmp_path / name / track.file).read_bytes()))
    assert made[0] == made[1]
    assert music.key == key

"""What tests of captions need: sentences with word times, the files a worker writes of them, frames with them."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import msgspec
import numpy as np

from shortsd.domain import text
from shortsd.domain.story import Sentence, Word
from shortsd.domain.style import CaptionLook
from shortsd.media import fonts
from shortsd.media.captions import worker

SIZE = (270, 480)
GREY = 128
Frame = np.ndarray


def spoken(*sentences: str, word_s: float = 0.4, pause_s: float = 0.3) -> tuple[Sentence, ...]:
    """Sentences spoken one word every `word_s`."""
    now, found = 0.0, []
    for sentence in sentences:
        tokens = text.words(sentence)
        words = tuple(Word(token.text, now + word_s * at, now + word_s * (at + 1)) for at, token in enumerate(tokens))
        found.append(Sentence(sentence, now, now + word_s * len(tokens), words))
        now = found[-1].end_s + pause_s
    return tuple(found)


@dataclass(frozen=True)
class Captions:
    """Captions that the worker wrote into a folder, and its answer."""

    folder: Path
    size: tuple[int, int]
    answer: dict[str, Any]

    @property
    def ass(self) -> Path:
        return self.folder / "c.ass"

    @property
    def srt(self) -> str:
        return (self.folder / "c.srt").read_text("utf-8")

    @property
    def vtt(self) -> str:
        return (self.folder / "c.vtt").read_text("utf-8")

    @property
    def events(self) -> list[tuple[str, str, str]]:
        """Start, end and body of each event."""
        lines = [line.split(",", 9) for line in self.ass.read_text("utf-8").splitlines() if line.startswith("Dial")]
        return [(line[1], line[2], line[9]) for line in lines]

    @property
    def bodies(self) -> list[str]:
        """The text of each event without tags."""
        return [re.sub(r"(?<!\\)\{[^}]*\}", "", body) for _, _, body in self.events]

    def frame(self, at_s: float = 0.1) -> Frame:
        """The frame at `at_s` of a grey film with these captions, RGB."""
        return next(self._frames(f"r=1000,setpts={at_s}/TB", 1))

    def film(self, fps: int, frames: int) -> list[Frame]:
        """The first frames of a grey film with these captions, RGB."""
        return list(self._frames(f"r={fps}", frames))

    def _frames(self, rate: str, frames: int) -> Iterator[Frame]:
        width, height = self.size
        graph = f"color=0x808080:s={width}x{height}:{rate},format=rgb24,ass=f=c.ass:fontsdir=fonts,format=rgb24"
        argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-filter_complex", graph, "-frames:v", str(frames)]
        argv += ["-f", "rawvideo", "-"]
        raw = subprocess.run(argv, cwd=self.folder, check=True, capture_output=True).stdout
        yield from np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


def written(
    told: tuple[Sentence, ...],
    font: fonts.FontFiles,
    folder: Path,
    *,
    size: tuple[int, int] = SIZE,
    look: CaptionLook | None = None,
    seconds: float | None = None,
) -> Captions:
    """What the worker target writes of a narration."""
    folder.mkdir(exist_ok=True)
    request = {
        "sentences": msgspec.to_builtins(told),
        "width": size[0],
        "height": size[1],
        "look": msgspec.to_builtins(look or CaptionLook()),
        "seconds": (told[-1].end_s if told else 1) + 0.2 if seconds is None else seconds,
        "font_file": str(font.file),
        **{kind: str(folder / f"c.{kind}") for kind in ("ass", "srt", "vtt")},
    }
    answer = worker.write(request, lambda *_: None)
    folder.joinpath("fonts").unlink(missing_ok=True)
    folder.joinpath("fonts").symlink_to(font.folder)
    return Captions(folder, size, answer)


def drawn(frame: Frame) -> Frame:
    """Which pixels have ink."""
    off: Frame = np.abs(frame.astype(int) - GREY).max(axis=2)
    return off > 24


def edges(ink: Frame) -> tuple[int, int, int, int]:
    """The first and last column and row with ink: left, top, right, bottom."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


def yellow(frame: Frame) -> Frame:
    """Columns that hold the accent's usual colour."""
    red, blue = frame[..., 0].astype(int), frame[..., 2].astype(int)
    return np.flatnonzero(((red > 200) & (blue < 100)).any(axis=0))

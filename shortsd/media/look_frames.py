"""The frame source of a short that has a look: what its clip shows, as raw I420 frames.

As a program it writes frames to its standard output, as `shortsd.media.frames` does:

    python -m shortsd.media.look_frames --look FILE.py --timeline FILE.json --pictures DIR --first N --frames K
        --about JSON [--mark KEY] [--step S]
"""

import argparse
import contextlib
import fcntl
import math
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import msgspec
import numpy as np
from moviepy import VideoClip
from numpy.typing import NDArray

from shortsd.domain.errors import BadInput, ShortsError
from shortsd.media.layers import Frame
from shortsd.media.looks import digest, read
from shortsd.media.pipes import PIPE_BYTES
from shortsd.media.planes import to_yuv420
from shortsd.media.short import About, Short
from shortsd.media.timelines import read_timeline

Look = Callable[[Short], VideoClip]

MODULE = "shortsd_look"
"""The name under which a look is loaded."""
LONGEST_MESSAGE = 160
"""Characters of what an exception says, of which an error tells the beginning; all of it is in the traceback."""


class ReaderGone(Exception):
    """Nobody reads the frames any more."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; its exit code: 0 done, 1 the reader went away, 2 the look or what it was given is wrong."""
    options = _options(argv)
    out = _take_stdout()
    cv2.setNumThreads(1)  # the other cores are the encoder's
    try:
        short = Short(read_timeline(options.timeline), options.pictures, msgspec.json.decode(options.about, type=About))
        film = LookFilm(options.look, options.mark, short)
        for number in range(options.first, options.first + options.frames * options.step, options.step):
            _write(film.frame(number), out)
    except ReaderGone:
        return 1
    except ShortsError as error:
        sys.stderr.write(f"{' '.join(error.message.split())}\n")
        return 2
    return 0


class LookFilm:
    """A short as a look shows it, frame by frame. Raises BadInput, naming the look's file and line, for a wrong one."""

    def __init__(self, path: Path, mark: str | None, short: Short) -> None:
        self._path = path
        self._short = short
        self._warned: set[str] = set()
        look = load(path, mark)
        self._line = getattr(getattr(look, "__code__", None), "co_firstlineno", 0)
        self._clip = self._checked(_run(path, "", lambda: look(short)))

    def frame(self, number: int) -> NDArray[np.uint8]:
        """Frame `number` as I420, (height * 3 / 2, width), BT.709 limited range."""
        if not 0 <= number < self._short.timeline.frames:
            raise BadInput(f"There is no frame {number} in a short of {self._short.timeline.frames} frames.")
        drawing = f", drawing frame {number}"
        still: Frame = _run(self._path, drawing, lambda: self._still(number / self._short.timeline.fps, drawing))
        drawn = self._short.as_drawn(still)
        if drawn is not None:
            return drawn
        return np.concatenate([plane.reshape(-1) for plane in to_yuv420(still)]).reshape(-1, still.shape[1])

    def _still(self, t: float, drawing: str) -> Frame:
        still = self._eight_bits(self._clip.get_frame(t), drawing)
        if getattr(self._clip, "mask", None) is None:
            return still
        opacity = np.clip(np.asarray(self._clip.mask.get_frame(t), np.float32), 0, 1)
        if opacity.shape != still.shape[:2]:
            raise self._wrong(f"gave a mask of {opacity.shape}, not {still.shape[:2]}{drawing}")
        if opacity.min() == 1:
            return still
        self._warn("parts of its frames are see-through; they are laid over black")
        return np.asarray(still * opacity[..., None] + 0.5, np.uint8)

    def _eight_bits(self, given: Any, drawing: str) -> Frame:
        """A frame of the clip as 8-bit RGB, repaired if that can be done. Raises BadInput."""
        still: NDArray[Any] = np.asarray(given)
        width, height = self._short.size
        if still.shape != (height, width, 3):
            raise self._wrong(f"gave a frame of {_shape(still)}, not of {width}×{height} RGB{drawing}")
        if still.dtype == np.uint8:
            return still
        if still.dtype.kind not in "iuf" or not np.isfinite(still).all():
            what = still.dtype if still.dtype.kind not in "iuf" else "levels that are no number"
            raise self._wrong(f"gave a frame of {what}, not of levels from 0 to 255{drawing}")
        repaired: Frame = np.clip(np.rint(still), 0, 255).astype(np.uint8)
        if not np.array_equal(repaired, still):
            self._warn(f"its frames are {still.dtype}, and were rounded to whole levels from 0 to 255")
        return repaired

    def _checked(self, clip: Any) -> VideoClip:
        """What a look returned, if it is a clip as long and as large as the short. Raises BadInput."""
        if not isinstance(clip, VideoClip):
            raise self._wrong(f"returned {type(clip).__name__}, not a moviepy.VideoClip")
        if clip.is_mask:
            raise self._wrong("returned a mask, not a clip of pictures")
        size = tuple(clip.size) if getattr(clip, "size", None) is not None else None
        if size != self._short.size:
            raise self._wrong(f"returned a clip of {_by(size)} pixels; the short has {_by(self._short.size)}")
        self._check_duration(clip.duration)
        return clip

    def _check_duration(self, duration: Any) -> None:
        wanted = self._short.duration_s
        if not isinstance(duration, (int, float, np.number)) or not math.isfinite(duration):
            raise self._wrong(f"returned a clip whose duration is {duration}; the short lasts {wanted:.3f} s")
        off = abs(float(duration) - wanted)
        if off * self._short.timeline.fps >= 1:
            raise self._wrong(f"returned a clip of {duration:.3f} s; the short lasts {wanted:.3f} s")
        if off > 1e-6:
            self._warn(f"its clip lasts {duration:.6f} s, less than a frame off {wanted:.6f} s; that is let pass")

    def _wrong(self, what: str) -> BadInput:
        line = f", line {self._line}," if self._line else ""
        return BadInput(f"The look {self._path}{line} {what}.")

    def _warn(self, what: str) -> None:
        """Say once, to the job's log, what was put right."""
        if what not in self._warned:
            self._warned.add(what)
            sys.stderr.write(f"warning: the look {self._path}: {what}\n")


def load(path: Path, mark: str | None) -> Look:
    """The function `look` of a Python file; the file's key has to be `mark` if one is given. Raises BadInput."""
    text = read(path)
    if mark is not None and digest(text) != mark:
        raise BadInput(f"The look {path} was changed while the short was made by it; retry the job.")
    module = ModuleType(MODULE)
    module.__file__ = str(path)
    sys.modules[MODULE] = module
    _run(path, ", loading it", lambda: _execute(text, path, module))
    look = getattr(module, "look", None)
    if not callable(look):
        raise BadInput(f"The look {path} has no function `look`.")
    return look  # type: ignore[no-any-return]  # what it returns is checked


def _execute(text: bytes, path: Path, module: ModuleType) -> None:
    exec(compile(text, str(path), "exec", dont_inherit=True), vars(module))  # noqa: S102 - a look is a user's program


def _run(path: Path, doing: str, step: Callable[[], Any]) -> Any:
    """Do something in a look. Raises BadInput for whatever it raises, with the traceback on standard error."""
    try:
        return step()
    except ShortsError:
        raise
    except BaseException as exc:  # KeyboardInterrupt is the look's own, too: we are ended by SIGTERM
        traceback.print_exc()
        raise BadInput(_told(path, doing, exc)) from exc


def _told(path: Path, doing: str, exc: BaseException) -> str:
    """What a look raised, and where in its file."""
    if isinstance(exc, SyntaxError) and exc.filename == str(path):
        return f"The look {path} is no Python in line {exc.lineno}: {exc.msg}."
    lines = [frame.lineno for frame in traceback.extract_tb(exc.__traceback__) if frame.filename == str(path)]
    where = f" in line {lines[-1]}" if lines else ""
    said = " ".join(str(exc).split())
    short = said if len(said) <= LONGEST_MESSAGE else f"{said[: LONGEST_MESSAGE - 1]}…"
    return f"The look {path} raised {type(exc).__name__}{where}{doing}{f': {short}' if short else '.'}"


def _shape(still: NDArray[Any]) -> str:
    if still.ndim not in (2, 3):
        return f"shape {still.shape}"
    channels = 1 if still.ndim == 2 else still.shape[2]
    kind = {1: "grey", 3: "RGB", 4: "RGBA"}.get(channels, f"{channels} channels")
    return f"{still.shape[1]}×{still.shape[0]} {kind}"


def _by(size: tuple[int, ...] | None) -> str:
    return "×".join(str(side) for side in size) if size else "no"


def _take_stdout() -> int:
    """Keep standard output for frames; what a look prints goes to standard error, which is the job's log."""
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with contextlib.suppress(OSError):  # a file or a terminal has no pipe size
        fcntl.fcntl(kept, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return kept


def _write(frame: NDArray[np.uint8], to: int) -> None:
    left = frame.reshape(-1).data.cast("B")
    try:
        while left:
            left = left[os.write(to, left) :]
    except BrokenPipeError as exc:
        raise ReaderGone from exc


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="shortsd.media.look_frames", description="Write raw I420 frames of a look.")
    parser.add_argument("--look", type=Path, required=True)
    parser.add_argument("--mark", help="the file's key; another file is refused")
    parser.add_argument("--timeline", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--about", required=True, help="title, fonts' folder and captions, as JSON")
    parser.add_argument("--first", type=int, required=True)
    parser.add_argument("--frames", type=int, required=True)
    parser.add_argument("--step", type=int, default=1)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())

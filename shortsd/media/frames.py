"""The frame source: raw I420 frames of a Timeline, each a pure function of the Timeline, its pictures and its number.

As a program it writes frames to its standard output:

    python -m shortsd.media.frames --timeline FILE.json --pictures DIR --first N --frames K
"""

import argparse
import contextlib
import fcntl
import os
import sys
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

import cv2
import msgspec
import numpy as np

from shortsd.domain.errors import BadInput, ShortsError
from shortsd.domain.timeline import Timeline
from shortsd.media.camera import Window, camera, ease, window
from shortsd.media.planes import Plane, Planes, planes, read_picture, split, to_rgb

PIPE_BYTES = 1 << 20
"""A frame is megabytes: the larger the pipe, the fewer times both ends wake up. Linux grants this much to anybody."""
_WARP = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


class Film:
    """A Timeline that can be looked at, frame by frame, in any order."""

    def __init__(self, timeline: Timeline, pictures: Path) -> None:
        if timeline.width % 2 or timeline.height % 2:
            raise BadInput(f"A video of {timeline.width}×{timeline.height} cannot be encoded.", "Use even sizes.")
        self._timeline = timeline
        self._pictures = pictures
        self._size = (timeline.width, timeline.height)
        self._firsts = [scene.first for scene in timeline.scenes]
        self._reels: dict[int, _Reel] = {}

    def frame(self, number: int) -> Plane:
        """Frame `number` as I420, (height * 3 / 2, width), BT.709 limited range. Raises BadInput for a bad picture."""
        frame = self.blank()
        self.draw(number, frame)
        return frame

    def still(self, number: int) -> Plane:
        """Frame `number` as RGB, (height, width, 3). Raises BadInput for a bad picture."""
        return to_rgb(self.frame(number))

    def blank(self) -> Plane:
        """Memory for a frame."""
        return np.empty((self._timeline.height * 3 // 2, self._timeline.width), np.uint8)

    def draw(self, number: int, to: Plane) -> None:
        """Draw frame `number` into the memory of a frame, as `frame` would."""
        if not 0 <= number < self._timeline.frames:
            raise BadInput(f"There is no frame {number} in a short of {self._timeline.frames} frames.")
        index = bisect_right(self._firsts, number) - 1
        at = number - self._firsts[index]
        fade = self._fade(index)
        self._keep(index - 1 if at < fade else index)
        self._reel(index).draw(at, to)
        if at < fade:
            before = self.blank()
            self._reel(index - 1).draw(number - self._firsts[index - 1], before)
            weight = ease((at + 1) / (fade + 1))
            cv2.addWeighted(to, weight, before, 1 - weight, 0, dst=to)

    def _fade(self, index: int) -> int:
        """Frames over which a scene fades in."""
        if not 0 < index < len(self._firsts):
            return 0
        return min(self._timeline.crossfade, self._timeline.scenes[index].frames)

    def _keep(self, first: int) -> None:
        """Forget the pictures of all scenes but this one and the next: memory stays small however long the short is."""
        self._reels = {index: reel for index, reel in self._reels.items() if index in (first, first + 1)}

    def _reel(self, index: int) -> "_Reel":
        if index not in self._reels:
            self._reels[index] = self._load(index)
        return self._reels[index]

    def _load(self, index: int) -> "_Reel":
        scene = self._timeline.scenes[index]
        picture = read_picture(self._pictures / scene.picture)
        size = (picture.shape[1], picture.shape[0])
        views = window(scene.start, size, self._size), window(scene.end, size, self._size)
        seen = planes(picture, views, self._size)
        frames = scene.frames + self._fade(index + 1)
        return _Reel(seen, [camera(scene, at, frames, size, self._size) for at in range(frames)])


class _Reel:
    """A scene ready to be drawn: its picture, and the camera's window at each of its frames."""

    def __init__(self, seen: Planes, windows: Sequence[Window]) -> None:
        self._seen = seen
        self._windows = windows

    def draw(self, at: int, to: Plane) -> None:
        y, u, v = split(to)
        luma, chroma = _maps(self._windows[at], self._seen, (y.shape[1], y.shape[0]))
        for plane, of, view in ((self._seen.y, y, luma), (self._seen.u, u, chroma), (self._seen.v, v, chroma)):
            size = (of.shape[1], of.shape[0])
            cv2.warpAffine(plane, view, size, dst=of, flags=_WARP, borderMode=cv2.BORDER_REPLICATE)


def _maps(view: Window, seen: Planes, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Two 2×3 matrices that take pixels of a frame to pixels of its picture's planes: for luma, and for chroma.

    A pixel's index is its centre, half a pixel from its corner. Chroma sample (i, j) lies at luma (2i, 2j + ½).
    """
    across, down = view.width * seen.scale[0] / size[0], view.height * seen.scale[1] / size[1]
    left = view.x * seen.scale[0] - seen.origin[0] + across / 2 - 0.5
    top = view.y * seen.scale[1] - seen.origin[1] + down / 2 - 0.5
    luma = np.array([[across, 0, left], [0, down, top]])
    chroma = np.array([[across, 0, left / 2], [0, down, (top + down / 2 - 0.5) / 2]])
    return luma, chroma


def write_frames(film: Film, first: int, frames: int, to: int) -> None:
    """Write frames [first, first + frames) to a file descriptor. Raises BrokenPipeError when nobody reads any more."""
    frame = film.blank()
    for number in range(first, first + frames):
        film.draw(number, frame)
        left = frame.data.cast("B")
        while left:
            left = left[os.write(to, left) :]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; its exit code: 0 done, 1 the reader went away, 2 something is wrong with what it was given."""
    options = _options(argv)
    cv2.setNumThreads(1)  # the other cores are the encoder's
    with contextlib.suppress(OSError):  # a file or a terminal has no pipe size
        fcntl.fcntl(sys.stdout.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    try:
        timeline = msgspec.json.decode(options.timeline.read_bytes(), type=Timeline)
        write_frames(Film(timeline, options.pictures), options.first, options.frames, sys.stdout.fileno())
    except BrokenPipeError:
        return 1
    except ShortsError as error:
        return _complain(error.message)
    except (OSError, msgspec.MsgspecError) as error:
        return _complain(f"The timeline {options.timeline} cannot be read: {error}.")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="shortsd.media.frames", description="Write raw I420 frames of a timeline.")
    parser.add_argument("--timeline", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--first", type=int, required=True)
    parser.add_argument("--frames", type=int, required=True)
    return parser.parse_args(argv)


def _complain(message: str) -> int:
    sys.stderr.write(f"{message.replace(chr(10), ' ')}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())

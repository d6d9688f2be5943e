"""The frame source: raw I420 frames of a Timeline, each a pure function of the Timeline, its pictures and its number.

As a program it writes frames to its standard output:

    python -m shortsd.media.frames --timeline FILE.json --pictures DIR --first N --frames K [--step S]
"""

import argparse
import sys
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from shortsd.domain.errors import BadInput, ShortsError
from shortsd.domain.leave import leave
from shortsd.domain.style import Cut
from shortsd.domain.timeline import Timeline
from shortsd.media.camera import camera, window
from shortsd.media.footage import Reel, planes
from shortsd.media.pipes import FramePipe
from shortsd.media.planes import Plane, read_picture, to_rgb
from shortsd.media.sampling import Sampler
from shortsd.media.timelines import read_timeline
from shortsd.media.transitions import Draw, Transitions


class Film:
    """A Timeline that can be looked at, frame by frame, in any order."""

    def __init__(self, timeline: Timeline, pictures: Path) -> None:
        if timeline.width % 2 or timeline.height % 2:
            raise BadInput(f"A video of {timeline.width}×{timeline.height} cannot be encoded.", "Use even sizes.")
        self._timeline = timeline
        self._pictures = pictures
        self._size = (timeline.width, timeline.height)
        self._firsts = [scene.first for scene in timeline.scenes]
        self._reels: dict[int, Reel] = {}
        self._sampler = Sampler(*self._size)
        self._transitions = Transitions(self.blank)

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
        between = self._between(index)
        self._keep(index - 1 if at < between else index)
        after = self._shot(index, number)
        if at < between:
            self._transitions.draw(self._timeline.cut, at, between, self._shot(index - 1, number), after, to)
        else:
            after(to)

    def _shot(self, index: int, number: int) -> Draw:
        """What draws scene `index` as it is at frame `number`."""
        return lambda to: self._reel(index).draw(number - self._firsts[index], to)

    def _between(self, index: int) -> int:
        """Frames over which a scene comes in."""
        if self._timeline.cut is Cut.HARD or not 0 < index < len(self._firsts):
            return 0
        return min(self._timeline.crossfade, self._timeline.scenes[index].frames)

    def _keep(self, first: int) -> None:
        """Forget the pictures of all scenes but this one and the next: memory stays small however long the short is."""
        self._reels = {index: reel for index, reel in self._reels.items() if index in (first, first + 1)}

    def _reel(self, index: int) -> Reel:
        if index not in self._reels:
            self._reels[index] = self._load(index)
        return self._reels[index]

    def _load(self, index: int) -> Reel:
        scene = self._timeline.scenes[index]
        picture = read_picture(self._pictures / scene.picture)
        size = (picture.shape[1], picture.shape[0])
        views = window(scene.start, size, self._size), window(scene.end, size, self._size)
        seen = planes(picture, views, self._size)
        frames = scene.frames + self._between(index + 1)
        return Reel(seen, [camera(scene, at, frames, size, self._size) for at in range(frames)], self._sampler)


def write_frames(film: Film, first: int, frames: int, to: int, step: int = 1) -> None:
    """Write `frames` frames to a file descriptor: `first`, and each one `step` after the one before.

    Raises BrokenPipeError when nobody reads any more.
    """
    pipe = FramePipe(to, *film.blank().shape)
    for number, frame in zip(range(first, first + frames * step, step), pipe.frames(), strict=False):
        film.draw(number, frame)
        pipe.write(frame)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; its exit code: 0 done, 1 the reader went away, 2 something is wrong with what it was given."""
    options = _options(argv)
    cv2.setNumThreads(1)  # the other cores are the encoder's
    try:
        film = Film(read_timeline(options.timeline), options.pictures)
        write_frames(film, options.first, options.frames, sys.stdout.fileno(), options.step)
    except BrokenPipeError:
        return 1
    except ShortsError as error:
        return _complain(error.message)
    except OSError as error:
        return _complain(f"The frames cannot be handed on: {error.strerror}.")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="shortsd.media.frames", description="Write raw I420 frames of a timeline.")
    parser.add_argument("--timeline", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--first", type=int, required=True)
    parser.add_argument("--frames", type=int, required=True)
    parser.add_argument("--step", type=int, default=1)
    return parser.parse_args(argv)


def _complain(message: str) -> int:
    sys.stderr.write(f"{message.replace(chr(10), ' ')}\n")
    return 2


if __name__ == "__main__":
    leave(main())

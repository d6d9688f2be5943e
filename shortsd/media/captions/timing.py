"""When captions change: the voice's times on the grid that ASS, and every frame rate in use, can show."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor

from shortsd.media.cues import Cue

_GRID = 60
"""Captions change on sixtieths of a second: see `instant`."""


@dataclass(frozen=True, slots=True)
class TimedCue:
    """A cue that is seen, with its times in centiseconds."""

    cue: Cue
    starts: tuple[int, ...]
    """When each of its pieces begins to be spoken; never falling."""
    end: int

    @property
    def start(self) -> int:
        return self.starts[0]

    def turn(self, index: int) -> tuple[int, int]:
        """From when to when a piece is the spoken one: until the next one is, pauses included."""
        return self.starts[index], (*self.starts, self.end)[index + 1]


def timed(found: Sequence[Cue]) -> tuple[TimedCue, ...]:
    """The cues that last at least an instant, in order, none beginning before the one before it ends."""
    clock = 0
    seen: list[TimedCue] = []
    for cue in found:
        end = instant(cue.end_s)
        spoken = (min(end, instant(piece.start_s)) for piece in cue.pieces)
        starts = tuple(accumulate(spoken, max, initial=clock))[1:]
        if starts and end > starts[0]:
            seen.append(TimedCue(cue, starts, end))
            clock = end
    return tuple(seen)


def instant(seconds: float) -> int:
    """The centisecond from which a change at `seconds` shows.

    ASS knows centiseconds only, and libass shows an event in frames at start <= t < end. A change at s belongs in
    the first frame with t >= s; on a grid of 1/60 s that is the instant g = ceil(60 s) / 60, and as 1/60 s is longer
    than a centisecond, floor(100 g) / 100 lies after the instant before g. So at 10, 12, 15, 20, 30 and 60 frames a
    second each frame shows exactly the word spoken at its time; at 24, 25 and 50 it is right to within 1/60 s.
    """
    return floor(ceil(seconds * _GRID - 1e-6) * 100 / _GRID + 1e-6)

"""The runs of frames that a short is encoded in, and what each of them depends on.

A segment is drawn and encoded by itself, and joined to the others without being touched again. What it depends on is
told relative to its own beginning: so the same scene, moved by whole frames, is the same segment.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from shortsd.domain.timeline import Scene, Timeline

SHORTEST_S = 8.0
"""Seconds that scenes are gathered to: starting the two processes of a segment costs about a third of a second."""
LONGEST_S = 24.0
"""A scene longer than this is cut, so that a crash costs little."""

_DIALOGUE = re.compile(r"^Dialogue: (\d+),(\d+):(\d\d):(\d\d)\.(\d\d),(\d+):(\d\d):(\d\d)\.(\d\d),(.*)$")


@dataclass(frozen=True, slots=True)
class Segment:
    """Frames [first, first + frames) of a short."""

    first: int
    frames: int

    @property
    def end(self) -> int:
        """The frame after its last one."""
        return self.first + self.frames


def segments(film: Timeline) -> tuple[Segment, ...]:
    """The segments of a short, in order and without a gap: whole scenes where they are not too long."""
    edges = [0]
    for scene in film.scenes:
        end = scene.first + scene.frames
        if end == film.frames or end - edges[-1] >= SHORTEST_S * film.fps:
            edges.extend(_divided(edges[-1], end, film.fps))
    return tuple(Segment(first, end - first) for first, end in pairwise(edges))


def _divided(first: int, end: int, fps: int) -> Iterator[int]:
    """The ends of the equal parts that a run of frames is cut into, so that none is too long."""
    parts = math.ceil((end - first) / (LONGEST_S * fps))
    yield from (first + (end - first) * part // parts for part in range(1, parts + 1))


def content(film: Timeline, segment: Segment, pictures: Mapping[str, str], ass: str) -> dict[str, Any]:
    """All that the frames of a segment show, as data that can be hashed; `pictures` has each file's own hash."""
    return {
        "size": (film.width, film.height, film.fps, segment.frames),
        "scenes": [_scene(scene, segment, pictures) for scene in _shown(film, segment)],
        "cut": (film.cut, film.crossfade),
        "captions": list(_captions(ass.splitlines(), segment, film.fps)),
    }


def _shown(film: Timeline, segment: Segment) -> Iterator[Scene]:
    """The scenes that are seen in a segment: one that gives way as it begins is, too."""
    coming = [*(scene.first for scene in film.scenes[1:]), film.frames]
    for scene, next_first in zip(film.scenes, coming, strict=True):
        if scene.first < segment.end and next_first + film.crossfade > segment.first:
            yield scene


def _scene(scene: Scene, segment: Segment, pictures: Mapping[str, str]) -> dict[str, Any]:
    """A scene as it is seen from a segment; the picture's name does not matter, what it shows does."""
    return {**asdict(scene), "picture": pictures[scene.picture], "first": scene.first - segment.first}


def _captions(lines: Sequence[str], segment: Segment, fps: int) -> Iterator[str | tuple[int, int, str]]:
    """The lines of an ASS document that matter to a segment: all of its head, and what is said meanwhile.

    An event shows from the first frame at or after its start until the last one before its end (libass).
    """
    for line in lines:
        event = _DIALOGUE.match(line)
        if not event:
            yield line
            continue
        times = [int(part) for part in event.groups()[1:9]]
        start, end = (math.ceil(_centiseconds(times[at : at + 4]) * fps / 100 - 1e-9) for at in (0, 4))
        if start < segment.end and end > segment.first:
            yield (start - segment.first, end - segment.first, f"{event[1]},{event[10]}")


def _centiseconds(parts: Sequence[int]) -> int:
    hours, minutes, seconds, hundredths = parts
    return ((hours * 60 + minutes) * 60 + seconds) * 100 + hundredths

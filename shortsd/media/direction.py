"""The direction of a short: where scenes are cut, and how the camera moves over each picture."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from random import Random

from shortsd.domain.errors import BadInput
from shortsd.domain.story import Picture, Sentence
from shortsd.domain.style import Cut
from shortsd.domain.text import words
from shortsd.domain.timeline import Scene, Timeline, View
from shortsd.media.camera import inside, reach

SCENE_S = 5.5
"""The length that a scene is wished to have, seconds; sentences are gathered and split to come near it."""
LONG_S = 9.0
"""A sentence longer than this may be cut between two of its words."""
CLAUSE_COST, WORD_COST = 2.0, 8.0
"""What a cut after a comma, or after a word without one, costs, in squared seconds off the wished length."""
FARTHEST_S = 60.0
"""No scene longer than this is thought of where there is a choice."""

CUT_S = {Cut.CROSSFADE: 0.4, Cut.DIP: 0.6, Cut.WHIP: 0.4, Cut.HARD: 0.0}
"""How long one scene takes to give way to the next."""
ZOOM_NONE, ZOOM_WIDE, ZOOM_TIGHT = 1.0, 1.02, 1.2
DRIFT = 0.5
"""Of the way, what a camera travels that closes in as well; and how much it closes in."""
WHOLE = 0.06
"""How far a camera closes in on a picture that is to be seen whole."""
SPEED = 0.03
"""How fast a camera travels or zooms on average, in parts of the frame per second: 15 % in a scene of five seconds."""
MOSTLY = 0.85
"""Share of a picture's side that the frame must take in for the camera to look elsewhere than at its middle."""
THIRDS = (1 / 3, 2 / 3)


@dataclass(frozen=True, slots=True)
class Span:
    """What a scene lies under: the words spoken, and from when to when, in seconds."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place where a scene may begin: its time, the sentence and the character in it, and what a cut here costs."""

    at_s: float
    sentence: int
    char: int
    cost: float


def scenes(sentences: Sequence[Sentence], duration_s: float) -> tuple[Span, ...]:
    """Group spoken sentences into scenes of about five seconds that follow each other from 0 to `duration_s`.

    Scenes begin where sentences begin; only a sentence longer than LONG_S may be split, best after a comma.
    There is always one scene at least.
    """
    cuts = [
        _Cut(0.0, 0, 0, 0.0),
        *(cut for cut in _cuts(sentences) if 0.0 < cut.at_s < duration_s),
        _Cut(duration_s, len(sentences), 0, 0.0),
    ]
    chosen = _best(cuts)
    return tuple(Span(_text(sentences, here, there), here.at_s, there.at_s) for here, there in pairwise(chosen))


def _cuts(sentences: Sequence[Sentence]) -> Iterator[_Cut]:
    for index, sentence in enumerate(sentences):
        if index:
            yield _Cut(sentence.start_s, index, 0, 0.0)
        if sentence.end_s - sentence.start_s > LONG_S:
            tokens = words(sentence.text)
            for before, token, word in zip(tokens, tokens[1:], sentence.words[1:], strict=False):
                cost = WORD_COST if before.text[-1].isalnum() else CLAUSE_COST
                yield _Cut(word.start_s, index, token.start, cost)


def _best(cuts: Sequence[_Cut]) -> list[_Cut]:
    """The cuts, first and last among them, whose scenes are nearest to the wished length by least squares."""
    cost = [0.0]
    origin = [0]
    for j in range(1, len(cuts)):
        total, i = min(_ways(cuts, cost, j))
        cost.append(total)
        origin.append(i)
    path = [len(cuts) - 1]
    while path[-1]:
        path.append(origin[path[-1]])
    return [cuts[i] for i in reversed(path)]


def _ways(cuts: Sequence[_Cut], cost: Sequence[float], j: int) -> Iterator[tuple[float, int]]:
    """What it costs in all to come to cut `j` from each cut before it, and which one that is."""
    for i in range(j - 1, -1, -1):
        length = cuts[j].at_s - cuts[i].at_s
        if length > FARTHEST_S and i < j - 1:
            return
        yield cost[i] + (length - SCENE_S) ** 2 + cuts[j].cost, i


def _text(sentences: Sequence[Sentence], here: _Cut, there: _Cut) -> str:
    """What is spoken from one cut to another."""
    parts = [sentence.text for sentence in sentences[here.sentence : there.sentence]]
    if there.char:
        parts.append(sentences[there.sentence].text[: there.char])
    if parts:
        parts[0] = parts[0][here.char :]
    return " ".join(part.strip() for part in parts)


def timeline(
    spans: Sequence[Span],
    sentences: Sequence[Sentence],
    pictures: Sequence[Picture],
    *,
    width: int,
    height: int,
    fps: int,
    duration_s: float,
    seed: int,
    cut: Cut = Cut.CROSSFADE,
) -> Timeline:
    """The short as data: one picture for each span, cut in the pauses of the voice, each with a camera move of its own.

    Sizes in pixels, both even. Raises BadInput if the sizes are odd or the short has fewer frames than scenes.
    """
    if width % 2 or height % 2:
        raise BadInput(f"A video of {width}×{height} cannot be encoded.", "Give an even width and height.")
    frames = frame_count(duration_s, fps)
    if frames < len(spans):
        raise BadInput(f"{frames} frames are too few for {len(spans)} scenes.", "Tell a longer story.")
    crossfade = _crossfade(spans, fps, CUT_S[cut])
    firsts = _firsts(spans, sentences, fps, frames, crossfade)
    ends = [*firsts[1:], frames]
    shots = _shots(seed, spans, pictures)
    return Timeline(
        width=width,
        height=height,
        fps=fps,
        frames=frames,
        scenes=tuple(
            Scene(
                picture.file,
                first,
                end - first,
                *_views(shot, picture, _way((end - first) / fps), (width, height)),
            )
            for picture, first, end, shot in zip(pictures, firsts, ends, shots, strict=True)
        ),
        sentences=tuple(sentences),
        crossfade=min([crossfade, *(end - first for first, end in zip(firsts, ends, strict=True))]),
        cut=cut,
    )


def _way(duration_s: float) -> float:
    """How far a camera goes in that time, in parts of the frame."""
    return min(SPEED * duration_s, ZOOM_TIGHT - ZOOM_WIDE)


def frame_count(duration_s: float, fps: int) -> int:
    """Frames that cover a duration: rounded up, but not for the dust of floating point."""
    return max(1, math.ceil(round(duration_s * fps, 6)))


def _crossfade(spans: Sequence[Span], fps: int, wanted_s: float) -> int:
    """Frames of a transition: at most a third of the shortest scene."""
    shortest = min(span.end_s - span.start_s for span in spans)
    return int(max(0.0, min(wanted_s, shortest / 3)) * fps + 1e-6)


def _firsts(spans: Sequence[Span], sentences: Sequence[Sentence], fps: int, frames: int, crossfade: int) -> list[int]:
    """First frames of the scenes, rising: in the pause before the words, so that a fade is half done as they begin."""
    ends = sorted(_ends(sentences))
    firsts = [0]
    for index, span in enumerate(spans[1:], 1):
        silence = max((end for end in ends if end <= span.start_s), default=0.0)
        at = _in_pause(silence * fps, span.start_s * fps, crossfade)
        firsts.append(min(max(at, firsts[-1] + 1), frames - (len(spans) - index)))
    return firsts


def _ends(sentences: Iterable[Sentence]) -> Iterator[float]:
    for sentence in sentences:
        yield sentence.end_s
        yield from (word.end_s for word in sentence.words)


def _in_pause(silence: float, voice: float, crossfade: int) -> int:
    """The frame for a cut between the end of the voice and its next start (both in frames, with fractions)."""
    earliest, latest = math.ceil(round(silence, 6)), math.floor(round(voice, 6))
    if earliest > latest:
        return round(voice)
    return max(earliest, min(latest, round(voice - crossfade / 2)))


STILL = View(0.5, 0.5, ZOOM_NONE), View(0.5, 0.5, ZOOM_NONE)
"""The views of a camera that stands still, all of the picture before it."""


class Move(Enum):
    """A camera move: which way the window goes (right and down are positive), and whether it closes in."""

    PUSH_IN = (0, 0, 1)
    PULL_OUT = (0, 0, -1)
    LEFT = (-1, 0, 0)
    RIGHT = (1, 0, 0)
    UP = (0, -1, 0)
    DOWN = (0, 1, 0)
    UP_LEFT = (-1, -1, 0)
    UP_RIGHT = (1, -1, 0)
    DOWN_LEFT = (-1, 1, 0)
    DOWN_RIGHT = (1, 1, 0)
    LEFT_IN = (-1, 0, 1)
    RIGHT_IN = (1, 0, 1)
    UP_IN = (0, -1, 1)
    DOWN_OUT = (0, 1, -1)


ZOOMS = (Move.PUSH_IN, Move.PULL_OUT)


@dataclass(frozen=True, slots=True)
class _Shot:
    """A move, and the point of the picture that it is about."""

    move: Move
    aim: tuple[float, float]


def _shots(seed: int, spans: Sequence[Span], pictures: Sequence[Picture]) -> Iterator[_Shot]:
    """Shots for scenes that follow each other, no move the same as the one before it.

    A scene's shot is drawn from its own words: other words elsewhere leave it as it is.
    """
    last = None
    for span, picture in zip(spans, pictures, strict=True):
        random = Random(f"{seed}:{span.text}".encode("utf-8", "surrogatepass"))  # noqa: S311 - no secret
        moves = random.sample(ZOOMS if picture.whole else tuple(Move), 2)
        third = (random.choice(THIRDS), random.choice(THIRDS))
        last = next(move for move in moves if move is not last)
        yield _Shot(last, picture.aim or third)


def _views(shot: _Shot, picture: Picture, way: float, frame: tuple[int, int]) -> tuple[View, View]:
    """Where a shot starts and ends; `way` is how far it goes, in parts of the frame.

    Along a side of which the frame leaves much out, a shot that aims at a third is about the middle: a user's picture
    has there what it shows.
    """
    room = reach((picture.width, picture.height), frame)
    known = picture.aim is not None
    x, y = (aim if known or length >= MOSTLY else 0.5 for aim, length in zip(shot.aim, room, strict=True))
    across, down, closer = shot.move.value
    if picture.still:
        return STILL
    if picture.whole:
        return _zoomed((0.5, 0.5), min(way, WHOLE), closer, room, ZOOM_NONE)
    if not (across or down):
        return _zoomed((x, y), way, closer, room, ZOOM_WIDE)
    way *= DRIFT if closer else 1 / math.hypot(across, down)
    zooms = (ZOOM_WIDE + way, ZOOM_WIDE + (2 * way if closer else way))
    left, right = _path(x, across * way, room[0] / zooms[1 if across else 0])
    top, bottom = _path(y, down * way, room[1] / zooms[1 if down else 0])
    first, last = zooms if closer >= 0 else zooms[::-1]
    return _near((left, top), first, room), _near((right, bottom), last, room)


def _zoomed(
    aim: tuple[float, float], way: float, closer: int, room: tuple[float, float], widest: float
) -> tuple[View, View]:
    """The views of a camera that closes in on an aim, or comes from it."""
    wide, close = (_near(aim, zoom, room) for zoom in (widest, widest + way))
    return (wide, close) if closer > 0 else (close, wide)


def _near(aim: tuple[float, float], zoom: float, room: tuple[float, float]) -> View:
    """The view of that zoom whose centre is as near to the aim as the picture allows."""
    return View(inside(aim[0], room[0] / zoom), inside(aim[1], room[1] / zoom), zoom)


def _path(aim: float, way: float, length: float) -> tuple[float, float]:
    """Where the centre of a window of that length starts and ends along an axis, in fractions of the picture.

    `way` is in window lengths, negative for left and up. The path has its middle at the aim, or as near to it as
    leaves the way its full length.
    """
    half = way * length / 2
    middle = inside(aim, min(1.0, length + 2 * abs(half)))
    return inside(middle - half, length), inside(middle + half, length)

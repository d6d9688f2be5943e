"""Where each line and each word of a caption stands in the frame, measured with the fonts."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from shortsd.domain.style import CaptionPlace
from shortsd.media.captions.area import Area, is_tall, safe_area
from shortsd.media.captions.timing import TimedCue
from shortsd.media.cues import Cue, Piece, Reading
from shortsd.media.measure import Ink, Typeface, shapes

EM = 0.08
"""Usual size of the font's em as a share of the frame's shorter side: 86 px of 1080, some 16 letters to a line."""
LONGEST_LINE = 0.86
"""A line is no longer than this share of the frame's height: wide frames get the line length of tall ones."""
CENTRE_TALL = 0.62
"""Height of the captions' middle in tall frames, as a share of the height from the top: below what is looked at."""
_ABOVE, _BELOW = 0.95, 0.32
"""Room that letters of most scripts take above and below where they stand, in ems."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What a style asks of the layout; lengths in ems."""

    size: float
    """Times the usual size."""
    reach: float
    """How far what is drawn goes beyond the letters on either side: outline, shadow, a box, growth."""
    leading: float = 1.2
    """From one line to the next, at least."""
    reading: Reading = field(default_factory=Reading)


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its place. Pixels, centiseconds."""

    piece: Piece
    left: float
    width: float
    ink: Ink
    """In ems, as the fonts have it."""
    start: int
    end: int
    """When the next word begins to be spoken."""

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand side by side, in the order they are spoken, on a base line."""

    words: tuple[Word, ...]
    baseline: float

    @property
    def left(self) -> float:
        return min(word.left for word in self.words)

    @property
    def right(self) -> float:
        return max(word.left + word.width for word in self.words)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def text(self) -> str:
        return "".join(" " * (word.piece.spaced and at > 0) + word.piece.text for at, word in enumerate(self.words))


@dataclass(frozen=True, slots=True)
class Block:
    """A cue in its place."""

    lines: tuple[Line, ...]
    em: float
    """In pixels."""
    start: int
    end: int
    leftward: bool
    apart: bool
    """Whether its words can be drawn one by one."""

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    def extent(self, reach: float) -> Area:
        """What is drawn of it, `reach` (ems) of outline and the like included."""
        spread = reach * self.em
        return Area(
            min(word.left - word.ink.left * self.em for word in self.words) - spread,
            min(line.baseline - word.ink.above * self.em for line in self.lines for word in line.words) - spread,
            max(word.left + max(word.width, word.ink.right * self.em) for word in self.words) + spread,
            max(line.baseline + word.ink.below * self.em for line in self.lines for word in line.words) + spread,
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """Where captions stand and how large they are, in pixels."""

    area: Area
    em: float
    line: float
    """The longest line of letters."""
    place: CaptionPlace
    middle: float
    """Height of the captions' middle where they hang on no edge."""

    @classmethod
    def of(cls, size: tuple[int, int], manner: Manner, scale: float, place: CaptionPlace) -> "Ground":
        """The ground in frames of this size for captions in a manner, `scale` times as large as usual."""
        area, tall = safe_area(*size), is_tall(*size)
        em = EM * min(size) * manner.size * scale
        line = min(area.width, LONGEST_LINE * size[1]) - 2 * manner.reach * em
        hung = CaptionPlace.BOTTOM if place is CaptionPlace.AUTO and not tall else place
        middle = (CENTRE_TALL if place is CaptionPlace.AUTO else 0.5) * size[1]
        return cls(area, em, line, hung, middle)


def space(face: Typeface, manner: Manner) -> float:
    """Room between two words, in ems."""
    return face.width(" ") + manner.reading.gap


def block(seen: TimedCue, ground: Ground, manner: Manner, face: Typeface) -> Block:
    """A cue put in its place."""
    em = ground.em * seen.cue.scale
    inks = [[face.ink(piece.text) for piece in line] for line in seen.cue.lines]
    turns = (seen.turn(at) for at in range(len(seen.cue.pieces)))
    lines = tuple(
        Line(
            tuple(
                Word(piece, left, piece.width * em, ink, *next(turns))
                for piece, left, ink in zip(pieces, lefts, row, strict=True)
            ),
            baseline,
        )
        for pieces, lefts, row, baseline in zip(
            seen.cue.lines,
            (_lefts(line, em, space(face, manner), ground, seen.cue.leftward) for line in seen.cue.lines),
            inks,
            _baselines(inks, em, ground, manner),
            strict=True,
        )
    )
    return Block(lines, em, seen.start, seen.end, seen.cue.leftward, _apart(seen.cue))


def _lefts(line: Sequence[Piece], em: float, gap: float, ground: Ground, leftwards: bool) -> list[float]:
    """Where each word of a centred line begins."""
    rooms = [(piece.spaced and at > 0) * gap for at, piece in enumerate(line)]
    total = sum(rooms) + sum(piece.width for piece in line)
    ends = list(accumulate(room + piece.width for room, piece in zip(rooms, line, strict=True)))
    offsets = [total - end if leftwards else end - piece.width for end, piece in zip(ends, line, strict=True)]
    return [ground.area.middle + (offset - total / 2) * em for offset in offsets]


def _baselines(inks: Sequence[Sequence[Ink]], em: float, ground: Ground, manner: Manner) -> list[float]:
    """Where lines stand: at their place, but farther in and farther apart where their letters need it.

    What is taller than the safe area keeps to its top.
    """
    heights = [max(ink.above for ink in line) for line in inks]
    depths = [max(ink.below for ink in line) for line in inks]
    slack = manner.leading - _ABOVE - _BELOW
    steps = [max(manner.leading, below + above + slack) for below, above in zip(depths, heights[1:], strict=False)]
    lowest = ground.area.bottom - (manner.reach + sum(steps) + depths[-1]) * em
    highest = ground.area.top + (manner.reach + heights[0]) * em
    first = max(min(_first_baseline(ground, em, sum(steps), manner.reach), lowest), highest)
    return [first + step * em for step in accumulate(steps, initial=0.0)]


def _first_baseline(ground: Ground, em: float, steps: float, reach: float) -> float:
    """Where the first line would stand if its letters were like most, the last one standing `steps` ems lower."""
    if ground.place is CaptionPlace.TOP:
        return ground.area.top + (_ABOVE + reach) * em
    if ground.place is CaptionPlace.BOTTOM:
        return ground.area.bottom - (steps + _BELOW + reach) * em
    return ground.middle + (_ABOVE - _BELOW - steps) / 2 * em


def _apart(cue: Cue) -> bool:
    """Whether the words of a cue look the same one by one as in their line.

    They do not where words of both directions stand in it, which are ordered with regard to each other (UAX #9), where
    a word goes on in the next piece (it was broken, or its script has no spaces and is not Han, kana or the like), and
    where it cannot be measured as it is shaped.
    """
    opposite = ("L",) if cue.leftward else ("R", "AL")
    letters = [letter for piece in cue.pieces for letter in piece.text]
    mixed = any(unicodedata.bidirectional(letter) in opposite for letter in letters)
    joined = any(
        not later.spaced and not _is_wide(sooner.text[-1] + later.text[0])
        for line in cue.lines
        for sooner, later in pairwise(line)
    )
    shaped = any(
        unicodedata.bidirectional(letter) == "AL" or unicodedata.category(letter) == "Mc" for letter in letters
    )
    return not mixed and not joined and (shapes() or not shaped)


def _is_wide(letters: str) -> bool:
    """Whether any of some characters is as wide as high, and so stands alone (UAX #11)."""
    return any(unicodedata.east_asian_width(letter) in ("W", "F") for letter in letters)

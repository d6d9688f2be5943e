"""What a slide consists of, in pixels, and how far that reaches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shortsd.media.slides.code import Span

_SMALLEST_SHOT = 0.25
"""Of its size that a picture may shrink to where other things leave it no more room."""


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of one size; each is a run of spans. `left` is where they begin, `right` where those of Hebrew begin."""

    face: str
    """`regular`, `bold` or `mono`."""
    em: float
    leading: float
    left: float
    right: float
    top: float
    lines: tuple[tuple[Span, ...], ...]
    from_right: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.leading * self.em


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle with round corners."""

    left: float
    top: float
    width: float
    height: float
    radius: float
    colour: str


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture in its place."""

    file: str
    left: float
    top: float
    width: float
    height: float


Part = Text | Box | Shot


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole slide, in the order in which its parts are drawn."""

    mark: str
    width: int
    height: int
    ground: str
    parts: tuple[Part, ...]


def least(item: Sequence[Part]) -> float:
    """How far down an item goes of which no more is shown than is of use: a line of its text, some of a picture."""
    return max((part.top + _use(part) for part in item), default=0.0)


def _use(part: Part) -> float:
    match part:
        case Text():
            return part.leading * part.em
        case Shot():
            return _SMALLEST_SHOT * part.height
        case _:
            return 0.0


def within(part: Part, limit: float) -> Part:
    """A part of which nothing is below; of text the lines that are above, with dots in place of the rest."""
    if part.top + part.height <= limit + 0.5:
        return part
    if isinstance(part, Shot):
        share = (limit - part.top) / part.height
        return replace(part, width=share * part.width, height=share * part.height)
    if isinstance(part, Box):
        return replace(part, height=max(0.0, limit - part.top))
    lines = part.lines[: max(1, int((limit - part.top) / (part.leading * part.em)))]
    *before, last = lines[-1] or (Span("", ""),)
    return replace(part, lines=(*lines[:-1], (*before, replace(last, text=f"{last.text[:-1]}…"))))


def lowest(laid: Sequence[Sequence[Part]]) -> float:
    """How far down several things go; 0 if there are none."""
    return bottom_of([part for parts in laid for part in parts])


def bottom_of(parts: Sequence[Part]) -> float:
    """How far down parts go; 0 if there are none."""
    return max((part.top + part.height for part in parts), default=0.0)


def height_of(parts: Sequence[Part]) -> float:
    """From the top of the highest to the bottom of the lowest."""
    return bottom_of(parts) - min((part.top for part in parts), default=0.0)


def moved(part: Part, down: float) -> Part:
    """A part so many pixels further down."""
    return replace(part, top=part.top + down)

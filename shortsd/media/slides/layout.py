"""Where everything on a slide stands, in pixels, whoever draws it: for child processes only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from PIL import Image

from shortsd.domain import text
from shortsd.domain.slides import ItemKind, Theme
from shortsd.domain.style import CaptionLook, CaptionPlace
from shortsd.media.captions.area import Area, safe_area
from shortsd.media.captions.layout import Ground
from shortsd.media.captions.styles import MANNERS
from shortsd.media.cues import leftward
from shortsd.media.lettering import even_lines
from shortsd.media.measure import Typeface
from shortsd.media.slides import design
from shortsd.media.slides.code import Span, coloured
from shortsd.media.slides.design import LOOKS, Look
from shortsd.media.slides.parts import Box, Part, Sheet, Shot, Text, bottom_of, height_of, least, lowest, moved, within
from shortsd.media.slides.wrapping import wrapped

_ABOVE, _BELOW = 1.4, 0.45
"""Room that captions may take above the letters of their first line and below those of their last, in ems."""
_TOP_WIDE = 0.085
"""Share of the height left free above what stands on a slide where no player covers anything."""
_EVEN, _EVEN_WORDS = 4, 60
"""Lines of a heading, and words, that are made as long as each other: the work grows with the square of the words."""
_HEADING_SHARE = 0.5
"""Of the room that the heading above other things may take."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """The faces of slides."""

    regular: Typeface
    bold: Typeface
    mono: Typeface

    @classmethod
    def of(cls, files: Mapping[str, str], helpers: Sequence[Path]) -> "Fonts":
        """Those in the files `regular`, `bold` and `mono`, helped out by others."""
        return cls(*(Typeface([Path(files[name]), *helpers]) for name in ("regular", "bold", "mono")))


@dataclass(frozen=True, slots=True)
class Room(Area):
    """The part of a frame that a slide's content may take, and the top of the captions' band below it."""

    band: float


def room(size: tuple[int, int], captions: CaptionLook) -> Room:
    """Where a slide's content may stand in a frame of this size, above two lines of captions that look like that."""
    width, height = size
    manner = MANNERS[captions.style]
    ground = Ground.of(size, manner, captions.size, CaptionPlace.BOTTOM)
    high = (_ABOVE + manner.leading + _BELOW + 2 * manner.reach) * ground.em
    band = max(height * 0.45, ground.area.bottom - high)
    area = safe_area(width, height)
    top = max(area.top, _TOP_WIDE * height)
    return Room(area.left, top, area.right, band - 0.035 * min(size), band)


def sheets(request: Mapping[str, Any]) -> list[Sheet]:
    """All slides of a request; see `drawers.Drawing`."""
    size = request["size"][0], request["size"][1]
    captions = CaptionLook(style=request["captions"]["style"], size=request["captions"]["size"])
    desk = _Desk(
        size,
        LOOKS[Theme(request["theme"])],
        Fonts.of(request["fonts"], [Path(file) for file in request["helpers"]]),
        room(size, captions),
    )
    return [desk.sheet(board) for board in request["boards"]]


@dataclass(frozen=True, slots=True)
class _Desk:
    """Lays out slides of one look and size."""

    size: tuple[int, int]
    look: Look
    fonts: Fonts
    room: Room

    @property
    def unit(self) -> int:
        return min(self.size)

    def sheet(self, board: Mapping[str, Any]) -> Sheet:
        """A slide with those of its items that are shown; the others' room is kept, so that nothing moves."""
        width, height = self.size
        band = Box(0, self.room.band, width, height - self.room.band, 0, self.look.band)
        parts = self._title(board["heading"]) if not board["items"] else self._content(board)
        return Sheet(board["mark"], width, height, self.look.ground, (band, *parts))

    def _title(self, heading: str) -> list[Part]:
        """A heading by itself, in the middle of the height."""
        made = self._fitted(heading, "title", design.TITLE, self.room.height)
        return [moved(part, self.room.top + (self.room.height - height_of(made)) / 2) for part in made]

    def _content(self, board: Mapping[str, Any]) -> list[Part]:
        head: list[Part] = []
        if board["heading"]:
            fitted = self._fitted(board["heading"], "heading", design.HEADING, _HEADING_SHARE * self.room.height)
            head = [moved(part, self.room.top) for part in fitted]
        top = (bottom_of(head) + design.AFTER_HEADING * self.unit) if head else self.room.top
        return [*head, *(part for item in self._placed(board["items"], top)[: board["shown"]] for part in item)]

    def _placed(self, items: Sequence[Mapping[str, Any]], top: float) -> list[list[Part]]:
        """What stands below a heading: one thing below another, or in a wide frame a picture beside the others."""
        aside = self._aside(items)
        if aside is None:
            return self.stacked(items, top)
        others = [item for at, item in enumerate(items) if at != aside]
        shot, gap = self._shot(items[aside], top), design.GUTTER * self.unit
        if leftward(others[0]["text"]):
            words = replace(self.room, left=shot.left + shot.width + gap)
        else:
            shot = replace(shot, left=self.room.right - shot.width)
            words = replace(self.room, right=shot.left - gap)
        placed = replace(self, room=words).stacked(others, top)
        return [*placed[:aside], [shot], *placed[aside:]]

    def _aside(self, items: Sequence[Mapping[str, Any]]) -> int | None:
        """Which one stands beside the others: the only picture, if these are words and the frame is wide."""
        kinds = [ItemKind(item["kind"]) for item in items]
        wide = self.size[0] >= design.WIDE * self.size[1]
        if not wide or len(kinds) < 2 or kinds.count(ItemKind.PICTURE) != 1 or ItemKind.CODE in kinds:
            return None
        return kinds.index(ItemKind.PICTURE)

    def _shot(self, item: Mapping[str, Any], top: float) -> Shot:
        """A picture that takes its share of the width at most, in the middle of the height down to the captions."""
        width, height = _size(item["file"])
        high = self.room.bottom - top
        share = min(design.BESIDE * self.room.width / width, high / height)
        width, height = width * share, height * share
        return Shot(item["file"], self.room.left, top + (high - height) / 2, width, height)

    def stacked(self, items: Sequence[Mapping[str, Any]], top: float) -> list[list[Part]]:
        """One thing below another, as large as there is room for all."""
        scale = design.LARGEST
        laid = self._items(items, scale, top)
        while lowest(laid) > self.room.bottom and scale > design.SMALLEST:
            scale -= design.STEP
            laid = self._items(items, scale, top)
        spare = max(0.0, self.room.bottom - lowest(laid))
        inside = [parts if least(parts) < self.room.bottom else [] for parts in laid]
        return [[moved(within(part, self.room.bottom), 0.3 * spare) for part in parts] for parts in inside]

    def _fitted(self, heading: str, kind: str, em: float, high: float) -> list[Part]:
        """A heading from 0 on, as large as its height allows; of one that is too long at its smallest the beginning."""
        scale = 1.0
        made = self._heading(heading, kind, em * scale, 0.0)
        while height_of(made) > high and scale > design.SMALLEST:
            scale -= design.STEP
            made = self._heading(heading, kind, em * scale, 0.0)
        return [within(part, high) for part in made]

    def _heading(self, words: str, kind: str, em: float, top: float) -> list[Part]:
        unit, room = self.unit, self.room
        loud = self.look.loud
        wide, high = design.BAR_WIDE * unit * loud, design.BAR_HIGH * unit * loud
        from_right = leftward(words)
        bar_left = room.right - wide if from_right else room.left
        bar = Box(bar_left, top, wide, high, high / 2, self.look.accent)
        return [bar, self._text(words, kind, "bold", em * loud, top + high + design.BAR_GAP * unit, self.look.ink)]

    def _items(self, items: Sequence[Mapping[str, Any]], scale: float, top: float) -> list[list[Part]]:
        found: list[list[Part]] = []
        for item in items:
            parts = list(self._item(item, scale, top))
            found.append(parts)
            top = (bottom_of(parts) if parts else top) + design.BETWEEN * self.unit * scale
        return found

    def _item(self, item: Mapping[str, Any], scale: float, top: float) -> Iterator[Part]:
        match ItemKind(item["kind"]):
            case ItemKind.POINT:
                yield from self._point(item, scale, top)
            case ItemKind.QUOTE:
                yield from self._quote(item, scale, top)
            case ItemKind.CODE:
                yield from self._code(item, scale, top)
            case ItemKind.PICTURE:
                yield from self._picture(item, scale, top)

    def _point(self, item: Mapping[str, Any], scale: float, top: float) -> Iterator[Part]:
        em = design.POINT * scale
        indent = design.INDENT * em * self.unit + (0.3 * em * self.unit if item["detail"] else 0.0)
        made = self._text(item["text"], "point", "regular", em, top, self.look.ink, indent)
        yield from self._mark(item["detail"], made)
        yield made

    def _mark(self, number: str, point: Text) -> Iterator[Part]:
        """What stands before a point: its number, or a square."""
        pixels = point.em
        if number:
            span = ((Span(f"{number}.", self.look.accent),),)
            left, right = self.room.left, self.room.right
            yield Text("bold", pixels, point.leading, left, right, point.top, span, point.from_right)
            return
        side = 0.3 * pixels
        left = self.room.right - side if point.from_right else self.room.left
        middle = point.top + (point.leading * 0.5 + 0.02) * pixels
        yield Box(left, middle - side / 2, side, side, 0.2 * side, self.look.accent)

    def _quote(self, item: Mapping[str, Any], scale: float, top: float) -> Iterator[Part]:
        em = design.QUOTE * scale
        made = self._text(item["text"], "quote", "regular", em, top, self.look.ink, design.INDENT * em * self.unit)
        wide = 0.12 * made.em
        left = self.room.right - wide if made.from_right else self.room.left
        yield Box(left, top, wide, made.height, wide / 2, self.look.accent)
        yield made

    def _code(self, item: Mapping[str, Any], scale: float, top: float) -> Iterator[Part]:
        """Code in a box, as large as its longest line allows."""
        look, pad = self.look, design.PAD * self.unit
        lines = coloured(item["text"], item["detail"], look.code_style, look.code_ink)
        longest = max(self.fonts.mono.width("".join(span.text for span in line)) for line in lines)
        pixels = min(design.CODE * scale * self.unit, (self.room.width - 2 * pad) / max(longest, 1.0))
        leading = design.LEADING["code"]
        spans = tuple(tuple(line) for line in lines)
        made = Text("mono", pixels, leading, self.room.left + pad, self.room.right - pad, top + pad, spans)
        yield Box(self.room.left, top, self.room.width, made.height + 2 * pad, 0.4 * pad, look.code_ground)
        yield made

    def _picture(self, item: Mapping[str, Any], scale: float, top: float) -> Iterator[Part]:
        width, height = _size(item["file"])
        share = min(self.room.width / width, design.PICTURE * min(scale, 1.0) * self.unit / height)
        yield Shot(item["file"], self.room.left, top, width * share, height * share)

    def _text(self, words: str, kind: str, face: str, em: float, top: float, colour: str, indent: float = 0.0) -> Text:
        """Words in as many lines as they take, `indent` pixels from where lines begin."""
        pixels, from_right = em * self.unit, leftward(words)
        wide = (self.room.width - indent) / pixels
        enough = int(self.room.height / (design.LEADING[kind] * pixels)) + 2
        lines = list(islice(wrapped(words, getattr(self.fonts, face), wide), enough))
        tokens = text.words(words)
        if face == "bold" and 1 < len(lines) <= _EVEN and len(tokens) <= _EVEN_WORDS:
            whole = all(self.fonts.bold.width(token.text) <= wide for token in tokens)
            lines = list(even_lines(words, tokens, len(lines), self.fonts.bold.width)) if whole else lines
        left, right = self.room.left, self.room.right
        left, right = (left, right - indent) if from_right else (left + indent, right)
        spans = tuple((Span(line, colour),) for line in lines)
        return Text(face, pixels, design.LEADING[kind], left, right, top, spans, from_right)


def _size(file: str) -> tuple[float, float]:
    with Image.open(file) as opened:
        width, height = opened.size
    return width, height

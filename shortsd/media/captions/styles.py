"""The styles of captions: what is drawn of a cue, and when. docs/captions.md shows each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shortsd.domain.style import CaptionLook, CaptionStyle
from shortsd.media.captions import ass
from shortsd.media.captions.ass import Event
from shortsd.media.captions.layout import Block, Line, Manner, Word
from shortsd.media.captions.timing import instant
from shortsd.media.cues import Reading, cuts
from shortsd.media.measure import Typeface

OUTLINE, SHADOW, BLUR = 0.075, 0.05, 0.025
"""Of letters, in ems."""
_WHITE, _DARK = "#FFFFFF", "#101010"
_SHADE = "70"
"""Transparency of shadows, in ASS from 00 to FF."""
_EDGE = OUTLINE + SHADOW + BLUR

_GROWTH = 0.13
"""How far a popping word grows on either side at most, in ems, and by which share at most."""
_RISE_MS, _SETTLE_MS = 70, 190
_PAD, _PAD_UNSPACED = 0.17, 0.02
"""Between a word and the edge of its box, in ems; where no space stands between words the neighbour is near."""
_BOX_ABOVE, _BOX_BELOW = 0.91, 0.31
_KEY_CS = 4.5
"""Centiseconds from letter to letter of a typewriter that has the time."""
_TYPED = 0.8
"""Share of a word's time after which all of it stands there."""
_CARET_GAP, _CARET = 0.07, 0.08


@dataclass(frozen=True, slots=True)
class Brush:
    """What captions are drawn with, beside white and black."""

    accent: str
    face: Typeface

    @property
    def edge(self) -> str:
        """The outline of letters in the accent's colour, which may be dark."""
        return _DARK if _luminance(self.accent) > _MIDDLE else _WHITE

    @property
    def on_accent(self) -> str:
        """The colour of letters on a ground of the accent's colour: white where that can be read."""
        return _DARK if _luminance(self.accent) > _BRIGHT else _WHITE


Painter = Callable[[Block, Brush], Iterator[Event]]


def paint(block: Block, look: CaptionLook, face: Typeface) -> Iterator[Event]:
    """The events that show a cue in a style; in karaoke's where words cannot be drawn one by one but would have to."""
    painter = _PAINTERS[look.style]
    if painter in (_pop, _boxed) and not block.apart:
        painter = _karaoke
    return painter(block, Brush(look.colour, face))


def _karaoke(block: Block, brush: Brush) -> Iterator[Event]:
    """Whole lines, the spoken word in the accent's colour.

    Colours change between words only; libass shapes and orders (Arabic, Hebrew) across such a change as if it were
    not there.
    """
    for line in block.lines:
        yield from _film(((word.start, _row(line, block, brush, (word,))) for word in block.words), block)


def _two_tone(block: Block, brush: Brush) -> Iterator[Event]:
    """Whole lines, what was spoken in the accent's colour."""
    for line in block.lines:
        begun = ((word.start, block.words[: at + 1]) for at, word in enumerate(block.words))
        yield from _film(((at, _row(line, block, brush, words)) for at, words in begun), block)


def _clean(block: Block, brush: Brush) -> Iterator[Event]:
    """Letters with hardly an outline on a soft shade, which keeps them legible on any picture."""
    em = block.em
    for line in block.lines:
        letters = "".join(_spaced(line, lambda word: ass.dressed(word.piece.text, brush.face, em)))
        soft = f"\\bord{0.07 * em:.2f}\\blur{0.11 * em:.2f}\\shad0\\1c&H000000&\\3c&H000000&\\1a&H38&\\3a&H38&"
        crisp = f"\\bord{0.03 * em:.2f}\\blur{0.012 * em:.2f}\\shad0\\3c{ass.colour(_DARK)}"
        for layer, tags in enumerate((soft, crisp)):
            body = f"{{{_place(line, block, brush)}{tags}}}{_mark(block)}{letters}"
            yield Event(block.start, block.end, body, block.leftward, layer)


def _typewriter(block: Block, brush: Brush) -> Iterator[Event]:
    """Letters that appear as the words are spoken, and a caret behind the last of them where it can be placed."""
    keys = [key for word in block.words for key in _keys(word)]
    for line in block.lines:
        states = ((at, _typed(line, word, end, block, brush)) for at, word, end in keys)
        yield from _film(states, block)
        if block.apart:
            carets = ((at, _caret(line, word, end, block, brush)) for at, word, end in keys)
            yield from _film(carets, block, layer=1)


def _pop(block: Block, brush: Brush) -> Iterator[Event]:
    """Words drawn one by one, the spoken one larger for a moment, about its middle."""
    for line in block.lines:
        dense = any(not word.piece.spaced for word in line.words[1:])
        for word in line.words:
            growth = min(_GROWTH, 2 * _GROWTH * block.em / max(word.width, 1e-9))
            large, settled = 100 * (1 + growth), 100 * (1 + growth / 2)
            pop = (
                f"{_colours(brush.accent, brush.edge)}\\t(0,{_RISE_MS},\\fscx{large:.1f}\\fscy{large:.1f})"
                f"\\t({_RISE_MS},{_SETTLE_MS},\\fscx{settled:.1f}\\fscy{settled:.1f})"
            )
            for start, end, tags, layer in (
                (block.start, word.start, "", 0),
                (word.start, word.end, pop, 2),
                (word.end, block.end, "", 0),
            ):
                yield Event(start, end, _alone(word, line, block, brush, tags), block.leftward, layer)
                if dense:  # the outline of a neighbour would lie on this word's letters
                    body = _alone(word, line, block, brush, f"\\bord0\\shad0\\blur0{tags}")
                    yield Event(start, end, body, block.leftward, layer + 1)


def _boxed(block: Block, brush: Brush) -> Iterator[Event]:
    """Words drawn one by one, the spoken one on a box of the accent's colour."""
    for line in block.lines:
        for word, after in zip(line.words, [*line.words[1:], None], strict=True):
            for start, end in ((block.start, word.start), (word.end, block.end)):
                yield Event(start, end, _alone(word, line, block, brush), block.leftward)
            near = (word is not line.words[0] and not word.piece.spaced, after is not None and not after.piece.spaced)
            yield Event(word.start, word.end, _box(word, line, block, brush, near), layer=1)
            tags = f"\\bord0\\shad0\\blur0\\1c{ass.colour(brush.on_accent)}"
            yield Event(word.start, word.end, _alone(word, line, block, brush, tags), block.leftward, 2)


def _row(line: Line, block: Block, brush: Brush, accented: Sequence[Word]) -> str:
    """A line, some of its words in the accent's colour."""

    def letters(word: Word) -> str:
        plain = ass.dressed(word.piece.text, brush.face, block.em)
        if word not in accented:
            return plain
        return f"{{{_colours(brush.accent, brush.edge)}}}{plain}{{{_colours(_WHITE, _DARK)}}}"

    body = "".join(_spaced(line, letters))
    return f"{{{_place(line, block, brush)}{_letters(block.em)}}}{_mark(block)}{body}"


def _typed(line: Line, current: Word, end: int, block: Block, brush: Brush) -> str:
    """A line of which everything after the first `end` characters of the current word is yet to come."""
    there = current in line.words

    def letters(word: Word) -> str:
        text = word.piece.text
        if word is current and end < len(text):
            begun, rest = (ass.dressed(part, brush.face, block.em) for part in (text[:end], text[end:]))
            return f"{begun}{{\\alpha&HFF&}}{rest}"
        hidden = "{\\alpha&HFF&}" if word.start >= current.end and word is not current else ""
        return hidden + ass.dressed(text, brush.face, block.em)

    if not there and line.words[0].start >= current.end:
        return ""
    return f"{{{_place(line, block, brush)}{_letters(block.em)}}}{_mark(block)}{''.join(_spaced(line, letters))}"


def _caret(line: Line, word: Word, end: int, block: Block, brush: Brush) -> str:
    """The bar behind the first `end` characters of a word; nothing in the other line."""
    if word not in line.words:
        return ""
    em = block.em
    done = min(brush.face.width(word.piece.text[:end]) * em, word.width)
    gap, width = _CARET_GAP * em, _CARET * em
    x = word.left + word.width - done - gap - width if block.leftward else word.left + done + gap
    bar = ass.box(width, 0.98 * em, width / 4)
    place = f"\\an7\\pos({x:.2f},{line.baseline - 0.8 * em:.2f})"
    tags = f"\\bord{OUTLINE * em / 2:.2f}\\shad0\\blur0\\1c{ass.colour(brush.accent)}\\3c{ass.colour(brush.edge)}\\p1"
    return f"{{{place}{tags}}}{bar}"


def _box(word: Word, line: Line, block: Block, brush: Brush, near: tuple[bool, bool]) -> str:
    """The box behind a word; `near` says whether a neighbour follows without a space, before it and after it."""
    em = block.em
    before, after = (_PAD_UNSPACED if tight else _PAD for tight in near)
    left, right = (after, before) if block.leftward else (before, after)
    above = max(_BOX_ABOVE, word.ink.above + 0.12)
    below = max(_BOX_BELOW, word.ink.below + 0.1)
    left, right = left + max(0.0, word.ink.left), right + max(0.0, word.ink.right - word.width / em)
    place = f"\\an7\\pos({word.left - left * em:.2f},{line.baseline - above * em:.2f})"
    shade = f"\\bord0\\shad{0.04 * em:.2f}\\blur{BLUR * em / 2:.2f}\\4c&H000000&\\4a&H{_SHADE}&"
    drawing = ass.box(word.width + (left + right) * em, (above + below) * em, 0.2 * em)
    return f"{{{place}{shade}\\1c{ass.colour(brush.accent)}\\p1}}{drawing}"


def _alone(word: Word, line: Line, block: Block, brush: Brush, tags: str = "") -> str:
    """A word by itself, in its place."""
    y = _centre(line, (word,), block, brush.face)
    head = f"\\an5\\pos({word.middle:.2f},{y:.2f}){ass.font(brush.face.faces[0], block.em)}{_letters(block.em)}"
    return f"{{{head}{tags}}}{_mark(block)}{ass.dressed(word.piece.text, brush.face, block.em)}"


def _place(line: Line, block: Block, brush: Brush) -> str:
    y = _centre(line, line.words, block, brush.face)
    return f"\\an5\\pos({line.middle:.2f},{y:.2f}){ass.font(brush.face.faces[0], block.em)}"


def _centre(line: Line, words: tuple[Word, ...], block: Block, face: Typeface) -> float:
    """The middle of what libass takes for the height of some words, whose letters stand on a line's base line."""
    sizes = [face.ascent(word.piece.text) for word in words]
    if len(words) > 1 or block.leftward:  # spaces, and the mark of direction, are the main font's
        sizes.append(face.ascent(" "))
    above, below = (max(size) for size in zip(*sizes, strict=True))
    return float(line.baseline + (below - above) / 2 * block.em)


def _letters(em: float) -> str:
    """The outline and shadow of letters."""
    lines = f"\\bord{OUTLINE * em:.2f}\\shad{SHADOW * em:.2f}\\blur{BLUR * em:.2f}"
    return f"{lines}{_colours(_WHITE, _DARK)}\\4c&H000000&\\4a&H{_SHADE}&"


def _colours(fill: str, edge: str) -> str:
    return f"\\1c{ass.colour(fill)}\\3c{ass.colour(edge)}"


def _mark(block: Block) -> str:
    return ass.RIGHT_TO_LEFT_MARK if block.leftward else ""


def _spaced(line: Line, letters: Callable[[Word], str]) -> Iterator[str]:
    for at, word in enumerate(line.words):
        yield " " * (word.piece.spaced and at > 0) + letters(word)


def _keys(word: Word) -> list[tuple[int, Word, int]]:
    """When which letters of a word are typed: the instant, the word, how many of its characters stand there then."""
    ends = [*cuts(word.piece.text)[1:], len(word.piece.text)]
    step = min(_KEY_CS, _TYPED * (word.end - word.start) / len(ends))
    return [(min(instant((word.start + at * step) / 100), word.end), word, end) for at, end in enumerate(ends)]


def _film(states: Iterable[tuple[int, str]], block: Block, layer: int = 0) -> Iterator[Event]:
    """Events that show one body after the other, each from its instant on, the last until the cue ends."""
    known = [*states, (block.end, "")]
    changes = [known[0]] + [later for sooner, later in pairwise(known) if later[1] != sooner[1]]
    for (start, body), (end, _) in pairwise([*changes, (block.end, "")]):
        if body:
            yield Event(start, end, body, block.leftward, layer)


_MIDDLE = 0.18
"""Luminance at which black and white stand out equally: sqrt(1.05 * 0.05) - 0.05 (WCAG 2.2, contrast ratio)."""
_BRIGHT = 0.3
"""Luminance up to which white letters have the contrast of 3:1 that large ones need (WCAG 2.2, 1.4.3)."""


def _luminance(rgb: str) -> float:
    """Relative luminance of a colour as #RRGGBB, 0 to 1 (WCAG 2.2)."""
    parts = (int(rgb[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_PAINTERS: Mapping[CaptionStyle, Painter] = {
    CaptionStyle.KARAOKE: _karaoke,
    CaptionStyle.POP: _pop,
    CaptionStyle.BOXED: _boxed,
    CaptionStyle.CLEAN: _clean,
    CaptionStyle.TYPEWRITER: _typewriter,
    CaptionStyle.TWO_TONE: _two_tone,
}

MANNERS: Mapping[CaptionStyle, Manner] = {
    CaptionStyle.KARAOKE: Manner(1.0, _EDGE),
    CaptionStyle.POP: Manner(1.25, _EDGE + _GROWTH, 1.24, Reading(comfortable=0.75, most_words=4, gap=0.1)),
    CaptionStyle.BOXED: Manner(1.0, 0.25, 1.4, Reading(gap=0.1)),
    CaptionStyle.CLEAN: Manner(0.78, 0.2, 1.25, Reading(comfortable=1.6, most_words=12)),
    CaptionStyle.TYPEWRITER: Manner(0.94, 0.2),
    CaptionStyle.TWO_TONE: Manner(1.0, _EDGE),
}
"""How each style wants to be laid out."""

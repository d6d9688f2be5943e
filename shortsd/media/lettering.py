"""Text set in lines and drawn by the bundled fonts, whatever its script. Needs Pillow: for child processes only."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageDraw, ImageFont, features

from shortsd.domain import text
from shortsd.media import fonts
from shortsd.media.measure import Typeface, system_faces

SMALLEST_PX = 1.0
"""Of an em: no font is drawn smaller, so that a text with no room at all goes beyond its box."""
LEADING = 1.16
"""From one line to the next, in ems."""
BASELINE = 0.86
"""From the top of a line to where its letters stand, in ems."""
OUTLINE = 0.07
"""In ems."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A text as it is set: its lines, and the size of the em in pixels."""

    lines: tuple[str, ...]
    em: float


def typeface(words: str, font_file: Path) -> Typeface:
    """A font, with those that help out with what it lacks of a text; what no font has is told to the log."""
    face = Typeface(fonts.beside(font_file))
    face.add(system_faces(face.missing(words)))
    if missing := face.missing(words):
        logging.getLogger("shortsd.worker").warning("No font here has %s of the title.", " ".join(missing))
    return face


def fit(words: str, face: Typeface, box: tuple[float, float], largest_em: float, most_lines: int) -> Setting:
    """The text in one to `most_lines` lines, whichever lets it be largest in a box of pixels, its outline counted."""
    width, height = box
    tokens = text.words(words)
    best = Setting((), 0.0)
    for count in range(1, min(most_lines, len(tokens)) + 1):
        lines = even_lines(words, tokens, count, face.width)
        widest = max(face.width(line) for line in lines) + 2 * OUTLINE
        em = min(width / widest, height / (count * LEADING), largest_em)
        if em > best.em:
            best = Setting(lines, em)
    return Setting(best.lines, max(SMALLEST_PX, best.em))


def even_lines(
    words: str, tokens: Sequence[text.Token], count: int, measure: Callable[[str], float]
) -> tuple[str, ...]:
    """The text cut at words into `count` lines whose widest is as narrow as can be, by dynamic programming."""

    def line(first: int, end: int) -> str:
        return " ".join(words[tokens[first].start : tokens[end - 1].end].split())

    total = len(tokens)
    tails: dict[int, tuple[float, tuple[str, ...]]] = {
        first: (measure(line(first, total)), (line(first, total),)) for first in range(total)
    }
    for rest in range(1, count):
        tails = {
            first: min(
                (max(measure(line(first, cut)), tails[cut][0]), (line(first, cut), *tails[cut][1]))
                for cut in range(first + 1, total - rest + 1)
            )
            for first in range(total - rest)
        }
    return tails[0][1]


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws lines of a text, centred.

    A line is shaped as a whole (Raqm orders right-to-left text) unless it takes several fonts; its runs then follow
    each other in the direction of the text.
    """

    face: Typeface
    em: float
    from_right: bool

    def draw(self, on: ImageDraw.ImageDraw, line: str, middle: float, top: float, colour: str, outline: float) -> None:
        """Draw a line `top` pixels down, around `middle`; with an outline of so many ems, or of none."""
        direction = ("rtl" if self.from_right else "ltr") if features.check("raqm") else None
        runs = self.face.runs(line)
        opened = {path: ImageFont.truetype(path, self.em) for path in {run.face.path for run in runs}}
        x = middle - sum(opened[run.face.path].getlength(run.text) for run in runs) / 2
        stroke = (round(outline * self.em) or 1) if outline else 0
        for run in reversed(runs) if self.from_right else runs:
            font = opened[run.face.path]
            at = (x, top + BASELINE * self.em)
            on.text(at, run.text, colour, font, "ls", direction=direction, stroke_width=stroke)
            x += font.getlength(run.text)

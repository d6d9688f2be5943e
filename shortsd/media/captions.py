"""Captions as an ASS document: the words of the story as they stand, the spoken one in another colour."""

import logging
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Any

import msgspec

from shortsd.domain.story import Sentence
from shortsd.media import fonts
from shortsd.media.cues import Cue, Piece, cues
from shortsd.media.files import save
from shortsd.media.measure import Face, Typeface, system_faces

SIDE = 0.12
"""Share of the width left free on either side.

The players' column of buttons is about 120 of 1080 px wide on the right (TikTok, Shorts), 11 %; Meta's ads guide asks
for 6 % on both sides. Symmetric, so that the text stands in the middle.
"""
CENTRE_TALL = 0.62
"""Height of the captions' middle in frames taller than wide, as a share of the height from the top.

Two lines then end at 67 %. Below 75 % YouTube shows title and channel (480 of 1920 px); TikTok's and Instagram's
captions begin at about 80 %. Meta's guide for *advertisements* keeps 35 % free because of their extra button; a short
has none.
"""
CENTRE_WIDE = 0.8
"""The same for square and wide frames, which players show without anything over them."""
EM = 0.072
"""Size of the font's em as a share of the frame's shorter side: 78 px of 1080, some 17 letters to a line."""
LONGEST_LINE = 0.86
"""A line is no longer than this share of the frame's height: wide frames get the line length of tall ones."""
OUTLINE = 0.075
SHADOW = 0.05
BLUR = 0.025
"""In ems."""

_WHITE = "&HFFFFFF&"
_SPOKEN = "&H2AD4FF&"
"""A warm yellow; ASS writes blue, green, red."""
_GRID = 60
"""Captions change on sixtieths of a second: see `_instant`."""
_WORD_JOINER = "\u2060"
_RIGHT_TO_LEFT_MARK = "\u200f"

_HEADER = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: None

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Left,{look},1
Style: Right,{look},-1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where captions stand in a frame, in pixels of it."""

    width: int
    height: int
    em: float
    line: float
    """The longest line, outline and shadow not counted."""
    centre: tuple[int, int]

    @classmethod
    def of(cls, width: int, height: int) -> "Layout":
        """The layout for a frame of this size."""
        em = EM * min(width, height)
        line = min((1 - 2 * SIDE) * width, LONGEST_LINE * height) - 2 * (OUTLINE + SHADOW + BLUR) * em
        down = CENTRE_TALL if height > 1.2 * width else CENTRE_WIDE
        return cls(width, height, em, line, (round(width / 2), round(down * height)))


def write(request: Mapping[str, Any], progress: Callable[[float, float, str], None]) -> dict[str, Any]:
    """Worker target: write the captions of a narration.

    Request: `sentences` (as of the domain), `width`, `height` (pixels), `seconds` (of the whole short), `font_file`,
    `out`. Answer: `cues` (how many), `missing` (characters that no font on this machine has; they show as
    boxes). Raises BadInput, DiskFull, Unavailable.
    """
    sentences = msgspec.convert(request["sentences"], tuple[Sentence, ...])
    face = Typeface(fonts.beside(Path(request["font_file"])))
    told = "".join(sentence.text for sentence in sentences)
    face.add(system_faces(face.missing(told)))
    layout = Layout.of(request["width"], request["height"])
    found = cues(sentences, lambda text: face.width(shown(text)), layout.line / layout.em, request["seconds"])
    save(Path(request["out"]), document(found, layout, face).encode())
    missing = face.missing(told)
    if missing:
        logging.getLogger("shortsd.worker").warning(
            "No font here has %s; captions show boxes instead. Installing a font that has them helps.",
            " ".join(missing),
        )
    progress(len(found), len(found), "captions")
    return {"cues": len(found), "missing": list(missing)}


def document(found: Sequence[Cue], layout: Layout, face: Typeface) -> str:
    """The ASS document of these cues."""
    size = layout.em / face.faces[0].share
    look = (
        f"{face.faces[0].family},{size:.2f},&H00FFFFFF,&H00FFFFFF,&H00101010,&H70000000,-1,0,0,0,100,100,0,0,1,"
        f"{OUTLINE * layout.em:.2f},{SHADOW * layout.em:.2f},5,0,0,0"
    )
    header = _HEADER.format(width=layout.width, height=layout.height, look=look)
    return header + "".join(f"{event}\n" for event in _events(found, layout, face))


def _events(found: Sequence[Cue], layout: Layout, face: Typeface) -> Iterator[str]:
    """One event per spoken word: the whole cue, that word in its colour. In order, touching, never overlapping."""
    clock = 0
    for cue in found:
        pieces = cue.pieces
        ends = [piece.start_s for piece in pieces[1:]] + [cue.end_s]
        for spoken, (piece, end_s) in enumerate(zip(pieces, ends, strict=True)):
            start, end = max(clock, _instant(piece.start_s)), _instant(end_s)
            if end > start:
                body = _body(cue, spoken, layout, face)
                yield f"Dialogue: 0,{_stamp(start)},{_stamp(end)},{'Right' if cue.leftward else 'Left'},,0,0,0,,{body}"
                clock = end


def _instant(seconds: float) -> int:
    """The centisecond from which a change at `seconds` shows.

    ASS knows centiseconds only, and libass shows an event in frames at start <= t < end. A change at s belongs in
    the first frame with t >= s; on a grid of 1/60 s that is the instant g = ceil(60 s) / 60, and as 1/60 s is longer
    than a centisecond, floor(100 g) / 100 lies after the instant before g. So at 10, 12, 15, 20, 30 and 60 frames a
    second each frame shows exactly the word spoken at its time; at 24, 25 and 50 it is right to within 1/60 s.
    """
    return floor(ceil(seconds * _GRID - 1e-6) * 100 / _GRID + 1e-6)


def _stamp(instant: int) -> str:
    minutes, hundredths = divmod(instant, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{hundredths // 100:02}.{hundredths % 100:02}"


def _body(cue: Cue, spoken: int, layout: Layout, face: Typeface) -> str:
    """The text of an event.

    Colours change between words only; libass shapes and orders (Arabic, Hebrew) across such a change as if it were
    not there.
    """
    x, y = layout.centre
    em = cue.scale * layout.em
    size = _font(face.faces[0], em) if cue.scale < 1 else ""
    current = cue.pieces[spoken]
    lines = ("".join(_words(line, current, face, em)) for line in cue.lines)
    mark = _RIGHT_TO_LEFT_MARK if cue.leftward else ""
    return f"{{\\pos({x},{y})\\blur{BLUR * layout.em:.2f}{size}}}" + "\\N".join(mark + line for line in lines)


def _words(line: Sequence[Piece], current: Piece, face: Typeface, em: float) -> Iterator[str]:
    for index, piece in enumerate(line):
        if piece.spaced and index > 0:
            yield " "
        dressed = _dressed(piece.text, face, em)
        yield f"{{\\c{_SPOKEN}}}{dressed}{{\\c{_WHITE}}}" if piece is current else dressed


def _dressed(word: str, face: Typeface, em: float) -> str:
    """A word with its characters made safe, and a helping font named where the main one lacks them.

    libass looks for such a font among the system's only, of which there may be none.
    """
    return "".join(
        escaped(run.text)
        if run.face is face.faces[0]
        else f"{{{_font(run.face, em)}}}{escaped(run.text)}{{{_font(face.faces[0], em)}}}"
        for run in face.runs(shown(word))
    )


def _font(face: Face, em: float) -> str:
    return f"\\fn{face.family}\\fs{em / face.share:.2f}"


def shown(text: str) -> str:
    """The text without control characters, which have no looks (and a line feed would end the ASS event)."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cs"))


def escaped(text: str) -> str:
    r"""The text such that libass shows every character of it and interprets none.

    Braces are escaped with a backslash. For the backslash itself (`\N`, `\h`, `\{` …) ASS has no escape: a word
    joiner after it, which has no width and no looks, makes it a plain character.
    """
    plain = text.replace("\\", "\\" + _WORD_JOINER)
    return plain.replace("{", "\\{").replace("}", "\\}")

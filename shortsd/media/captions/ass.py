"""The language of ASS: a document's head, events, tags, and text that libass shows as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from shortsd.media.measure import Face, Typeface

RIGHT_TO_LEFT_MARK = "\u200f"
_WORD_JOINER = "\u2060"
_CURVE = 0.5523
"""Of a radius: where the handles of a cubic curve stand that is nearest to a quarter of a circle."""

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
class Event:
    """Something that is drawn from `start` to `end` (centiseconds), `body` being tags and text."""

    start: int
    end: int
    body: str
    leftward: bool = False
    layer: int = 0


def document(events: Iterable[Event], size: tuple[int, int], face: Typeface) -> str:
    """An ASS document for frames of `size` pixels; colours, sizes and places are the events' own."""
    look = f"{face.faces[0].family},48,&H00FFFFFF,&H00FFFFFF,&H00101010,&H00000000,-1,0,0,0,100,100,0,0,1,0,0,5,0,0,0"
    header = _HEADER.format(width=size[0], height=size[1], look=look)
    return header + "".join(f"{_line(event)}\n" for event in events if event.end > event.start)


def _line(event: Event) -> str:
    direction = "Right" if event.leftward else "Left"
    times = f"{_stamp(event.start)},{_stamp(event.end)}"
    return f"Dialogue: {event.layer},{times},{direction},,0,0,0,,{event.body}"


def _stamp(instant: int) -> str:
    minutes, hundredths = divmod(instant, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{hundredths // 100:02}.{hundredths % 100:02}"


def colour(rgb: str) -> str:
    """A colour as #RRGGBB in ASS, which has blue, green, red."""
    return f"&H{rgb[5:7]}{rgb[3:5]}{rgb[1:3]}&".upper()


def font(face: Face, em: float) -> str:
    """The tags that choose a font, its em being so many pixels."""
    return f"\\fn{face.family}\\fs{em / face.share:.2f}"


def dressed(letters: str, face: Typeface, em: float) -> str:
    """Text with its characters made safe, and a helping font named where the main one lacks them.

    libass looks for such a font among the system's only, of which there may be none.
    """
    return "".join(
        escaped(run.text)
        if run.face is face.faces[0]
        else f"{{{font(run.face, em)}}}{escaped(run.text)}{{{font(face.faces[0], em)}}}"
        for run in face.runs(letters)
    )


def escaped(letters: str) -> str:
    r"""The text such that libass shows every character of it and interprets none.

    Braces are escaped with a backslash. For the backslash itself (`\N`, `\h`, `\{` …) ASS has no escape: a word
    joiner after it, which has no width and no looks, makes it a plain character.
    """
    plain = letters.replace("\\", "\\" + _WORD_JOINER)
    return plain.replace("{", "\\{").replace("}", "\\}")


def box(width: float, height: float, radius: float) -> str:
    r"""A drawing (after \p1) of a box with round corners, from its upper left corner, in pixels."""
    r = min(radius, width / 2, height / 2)
    k = r * (1 - _CURVE)
    w, h = width, height
    points = (
        ("m", (r, 0)),
        ("l", (w - r, 0)),
        ("b", (w - k, 0, w, k, w, r)),
        ("l", (w, h - r)),
        ("b", (w, h - k, w - k, h, w - r, h)),
        ("l", (r, h)),
        ("b", (k, h, 0, h - k, 0, h - r)),
        ("l", (0, r)),
        ("b", (0, k, k, 0, r, 0)),
    )
    return " ".join(f"{kind} {' '.join(f'{at:.2f}' for at in places)}" for kind, places in points)

"""How slides look: the themes, and the sizes of what stands on them as shares of the frame's shorter side."""

from collections.abc import Mapping
from dataclasses import dataclass

from shortsd.domain.slides import Theme

VERSION = 3
"""Raised when the same slide comes to be drawn in another way."""

TITLE, HEADING, POINT, QUOTE, CODE, CAPTION = 0.1, 0.066, 0.045, 0.05, 0.031, 0.028
"""Ems of what stands on a slide. TITLE is the heading of a slide that shows nothing else."""
LEADING: Mapping[str, float] = {
    "title": 1.14,
    "heading": 1.16,
    "point": 1.32,
    "quote": 1.34,
    "code": 1.42,
    "caption": 1.3,
}
"""From one line to the next, in ems."""
AFTER_HEADING, BETWEEN = 0.05, 0.026
"""Room after the heading, and between two items."""
INDENT = 1.1
"""From a point's mark to its text, in its ems."""
BAR_WIDE, BAR_HIGH, BAR_GAP = 0.11, 0.0095, 0.034
"""The bar above a heading, and the room below it."""
PAD = 0.026
"""Within the box of code."""
PICTURE = 0.42
"""Height of a picture at most that stands above or below something."""
WIDE, BESIDE, GUTTER = 1.4, 0.44, 0.05
"""How much wider than high a frame is in which a picture stands beside words, its share of the room, and the gap."""
LARGEST, SMALLEST, STEP = 1.3, 0.5, 0.05
"""How much items may grow where there is room, and shrink where there is none."""


@dataclass(frozen=True, slots=True)
class Look:
    """A theme's colours, as #RRGGBB."""

    ground: str
    """Never so dark that the check of the finished file takes it for black: a luma above 0.1."""
    ink: str
    quiet: str
    """Of what is not looked at first: marks of points, a quote's author, captions of pictures."""
    accent: str
    code_ground: str
    code_ink: str
    code_style: str
    """A style of Pygments."""
    band: str
    """Behind the captions, which are white: dark in every theme."""
    loud: float = 1.0
    """Times the usual size of headings, and of the bar above them."""


LOOKS: Mapping[Theme, Look] = {
    Theme.PAPER: Look("#FAF6EC", "#2B2621", "#8A7F70", "#B8442B", "#F0E8D6", "#3A342C", "friendly", "#2B2621"),
    Theme.NIGHT: Look("#1A2438", "#EDF1F8", "#8E9DB5", "#4FC3F7", "#25324B", "#DCE4F0", "monokai", "#0B101B"),
    Theme.BOLD: Look("#4A25C9", "#FFFFFF", "#C9BCFF", "#FFD42A", "#2A1180", "#F4F0FF", "monokai", "#1D0B5C", 1.2),
}

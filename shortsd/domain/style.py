"""How a short looks, in the words that users choose by."""

import re
from dataclasses import dataclass
from enum import StrEnum

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


class CaptionStyle(StrEnum):
    """How spoken words are shown."""

    KARAOKE = "karaoke"
    """The whole line, the spoken word in the accent colour."""
    POP = "pop"
    """A few words, the spoken one larger for a moment."""
    BOXED = "boxed"
    """The spoken word in a box of the accent colour."""
    CLEAN = "clean"
    """The sentence, quiet, without any change."""
    TYPEWRITER = "typewriter"
    """Words appear as they are spoken, and stay."""
    TWO_TONE = "two-tone"
    """What was spoken in the accent colour, what is to come in white."""


class CaptionPlace(StrEnum):
    """Where captions stand."""

    AUTO = "auto"
    """Below the middle of a tall frame, near the lower edge of any other."""
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"
    """As low as the players' buttons allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionLook:
    """How captions look."""

    style: CaptionStyle = CaptionStyle.KARAOKE
    colour: str = "#FFD42A"
    """The accent, as #RRGGBB."""
    size: float = 1.0
    """Times the usual size, 0.5 to 2."""
    place: CaptionPlace = CaptionPlace.AUTO


class Cut(StrEnum):
    """How one scene gives way to the next."""

    CROSSFADE = "crossfade"
    DIP = "dip"
    """To black, and out of it."""
    WHIP = "whip"
    """A swish to the side."""
    HARD = "hard"


class Fit(StrEnum):
    """What becomes of a picture of another shape than the frame."""

    CROP = "crop"
    """Its edges are left out."""
    BLUR = "blur"
    """It is shown whole, before a blurred enlargement of itself."""


SHAPES: dict[str, tuple[int, int]] = {"9:16": (1080, 1920), "16:9": (1920, 1080), "1:1": (1080, 1080)}
"""Shapes by name, with the width and height in pixels that a short of each has."""

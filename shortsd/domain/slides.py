"""A lecture as data: slides, what appears on each one after the other, and what is said meanwhile."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    """How slides look."""

    PAPER = "paper"
    """Dark letters on warm white."""
    NIGHT = "night"
    """Light letters on blue black."""
    BOLD = "bold"
    """Large white letters on violet."""


class ItemKind(StrEnum):
    """What can stand on a slide, beside its heading."""

    POINT = "point"
    QUOTE = "quote"
    CODE = "code"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Item:
    """Something on a slide."""

    kind: ItemKind
    text: str
    """As it is shown, in a line; of code all its lines; of a picture what it shows."""
    detail: str = ""
    """Of a point its number, if it has one; of code its language; of a picture its address, or the path of its file."""

    @property
    def elsewhere(self) -> bool:
        """Whether it is a picture that somebody else has: one with an address on the web."""
        return self.kind is ItemKind.PICTURE and re.match("https?://", self.detail) is not None

    @property
    def beside(self) -> bool:
        """Whether it is a picture in a file beside the text."""
        return self.kind is ItemKind.PICTURE and not self.elsewhere


@dataclass(frozen=True, slots=True)
class Beat:
    """What appears on a slide, and what is said to it; with nothing said, it comes with what is before it."""

    item: Item | None
    """None for the opening of a slide, when there is only its heading."""
    says: tuple[str, ...] = ()
    """Paragraphs, a line each."""


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide. What appeared on it stays. If nothing is said to its heading, that is said itself."""

    heading: str
    beats: tuple[Beat, ...] = ()
    goes_on: bool = False
    """Whether it goes on with the slide before it, whose heading it has."""

    @property
    def items(self) -> tuple[Item, ...]:
        """All that there is on it in the end, beside its heading."""
        return tuple(beat.item for beat in self.beats if beat.item)


@dataclass(frozen=True, slots=True)
class Script:
    """A whole lecture."""

    title: str
    """Its own, which is the heading of the first slide; empty if it has none."""
    slides: tuple[Slide, ...]

"""Pieces of text broken into lines."""

from collections.abc import Iterator
from itertools import pairwise

from rich.cells import chop_cells

from shorts_tui.widgets.painted import Line, Piece


def wrapped(pieces: Line, width: int) -> Iterator[Line]:
    """Pieces as lines of so many cells."""
    text = "".join(each for each, _ in pieces)
    for begin, end in pairwise([0, *ends(text, width)]):
        yield list(_between(pieces, begin, end))


def ends(text: str, width: int) -> Iterator[int]:
    """Where a text is broken so that no part is wider: behind a word, unless that is far back.

    A letter that is wider than that by itself is a part all the same.
    """
    at = 0
    while True:
        parts = chop_cells(text[at : at + width], width)
        length = max(1, len(parts[0])) if parts else 1
        if at + length >= len(text):
            yield len(text)
            return
        space = text.rfind(" ", at + length // 2, at + length + 1)
        at = space + 1 if space >= 0 else at + length
        yield at


def _between(pieces: Line, begin: int, stop: int) -> Iterator[Piece]:
    """What lies between two letters of all pieces together."""
    at = 0
    for text, name in pieces:
        part = text[max(0, begin - at) : max(0, stop - at)]
        if part:
            yield part, name
        at += len(text)

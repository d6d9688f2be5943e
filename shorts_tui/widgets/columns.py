"""The columns of a table: what each shows of a row, and in how many cells."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rich.cells import cell_len, set_cell_size

from shorts_tui.widgets.painted import Line, Piece
from shortsd.client.text import shown

R = TypeVar("R")

GAP = 1
"""Cells between two columns."""

_LEAST = 8
"""Cells that a column has which takes what the others leave, however little that is."""


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column: what it shows of a row, how wide it is, and by what its rows are sorted."""

    key: str
    title: str
    pieces: Callable[[R], Line]
    width: int = 0
    """Cells; 0 takes what the others leave."""
    right: bool = False
    order: Callable[[R], Any] | None = None
    """What rows are sorted by; None if they cannot be."""
    least: int = 0
    """The table is to be so wide, in cells, for the column to be shown."""
    volatile: bool = False
    """Whether what it is sorted by changes all the time: rows are not to jump at each change."""


def laid(columns: Sequence[Column[R]], room: int) -> list[tuple[Column[R], int]]:
    """The columns that there is room for, and how wide each is."""
    kept = [column for column in columns if column.least <= room]
    fixed = sum(column.width + GAP for column in kept)
    springy = sum(1 for column in kept if column.width == 0) or 1
    rest = max(_LEAST, (room - fixed) // springy)
    return [(column, column.width or rest) for column in kept]


def cell(pieces: Iterable[Piece], width: int, *, right: bool) -> Iterable[Piece]:
    """Pieces in so many cells, and the gap behind them."""
    clean = [(shown(text), name) for text, name in pieces]
    taken = sum(_length(text) for text, _ in clean)
    if right and taken < width:
        yield " " * (width - taken), ""
    left = width
    for text, name in clean:
        length = _length(text)
        if length > left:
            yield (f"{set_cell_size(text, left - 1)}…" if left > 0 else ""), name
            left = 0
            break
        yield text, name
        left -= length
    yield " " * ((0 if right else left) + GAP), ""


def _length(text: str) -> int:
    """Cells that shown text takes."""
    return len(text) if text.isascii() else cell_len(text)

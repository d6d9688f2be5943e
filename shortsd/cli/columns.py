"""Rows of text in columns."""

from collections.abc import Iterator, Sequence

from shortsd.client.text import padded, shown, width

_GAP = "  "


def lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A head and a line for each row, cells below each other; the last one is as long as it is."""
    written = [[shown(cell) for cell in row] for row in (head, *rows)]
    widths = [max(width(cell) for cell in column) for column in zip(*written, strict=True)]
    for row in written:
        cells = [padded(cell, room) for cell, room in zip(row[:-1], widths[:-1], strict=True)]
        yield _GAP.join([*cells, row[-1]]).rstrip()

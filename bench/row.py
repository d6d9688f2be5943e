"""What a measurement comes to: a line of the table that `make bench` prints."""

from dataclasses import dataclass

WIDTHS = (18, 88, 10)


@dataclass(frozen=True)
class Row:
    """A figure beside its goal."""

    name: str
    measured: str
    goal: str
    met: bool

    def __str__(self) -> str:
        return line(self.name, self.measured, self.goal, "ok" if self.met else "MISSED")


def line(*cells: str) -> str:
    """Cells in columns; the last one ends the line."""
    widths = (*WIDTHS, 0)
    return "".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

"""Jobs as a table that fits its terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shortsd.client.text import ago, padded, shown, trimmed, width
from shortsd.wire.models import JobView

_GAP = "  "
_HEAD = ("ID", "STATE", "DONE", "STAGE", "AGE", "TITLE")
"""The title is last: it takes the room that is left, and turns no column round when it is in Arabic."""

_NUMBERS = (0, 2, 4)
"""Columns whose text stands at the right."""

_STATE = 1
_COLOURS = {"succeeded": "32", "failed": "31", "running": "36", "stopping": "33", "stopped": "33"}
"""SGR parameters (ECMA-48, 8.3.117) by state."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What the table is written on: its width in cells (None: as wide as may be), and whether it shows colours."""

    columns: int | None = None
    colours: bool = False


def lines(jobs: Sequence[JobView], now: float, paper: Paper) -> Iterator[str]:
    """A head and a line for each job, nothing if there are none. `now` is in seconds since the epoch."""
    if not jobs:
        return
    rows = [_HEAD, *(_row(job, now) for job in jobs)]
    if any(job.kind != "short" for job in jobs):
        rows = [_kinded(row, kind) for row, kind in zip(rows, ("KIND", *(job.kind for job in jobs)), strict=True)]
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    before = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    room = widths[-1] if paper.columns is None else max(paper.columns - before, 0)
    for row in rows:
        cells = [
            padded(cell, widths[at], right=at in _NUMBERS and row is not _HEAD) for at, cell in enumerate(row[:-1])
        ]
        if paper.colours:
            cells[_STATE] = _coloured(cells[_STATE], row[_STATE])
        yield _GAP.join([*cells, trimmed(row[-1], room)]).rstrip()


def _row(job: JobView, now: float) -> tuple[str, ...]:
    age = ago(now - job.created_at)
    cells = (str(job.id), job.state, f"{job.percent:.0f} %", job.stage or "", age, job.title)
    return tuple(shown(cell) for cell in cells)


def _kinded(row: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """A row that says of which kind its job is, before the title."""
    return (*row[:-1], shown(kind), row[-1])


def _coloured(cell: str, state: str) -> str:
    return f"\x1b[{_COLOURS[state]}m{cell}\x1b[0m" if state in _COLOURS else cell

"""Processes as a tree that fits its terminal."""

from collections.abc import Iterator, Sequence

from shortsd.cli.table import Paper
from shortsd.client.text import ago, padded, shown, size, trimmed, width
from shortsd.wire.figures import JobProcesses, ProcessTree, ProcessView, StageProcesses

_GAP = "  "
_HEAD = ("PROCESS", "PID", "AGE", "CPU", "MEMORY", "LAST PROGRESS")
_NUMBERS = (1, 2, 3, 4)
"""Columns whose text stands at the right."""

_Row = tuple[str, str, str, str, str, str]
_DRAWN = ("├─ ", "│  ")
_DRAWN_LAST = ("└─ ", "   ")
"""What stands before a branch, and before what hangs on it."""


def lines(tree: ProcessTree, paper: Paper) -> Iterator[str]:
    """A head and a line for each process, below the job and the stage that it works for."""
    rows = [_HEAD, _process(tree.daemon), *_branches([*map(_job, tree.jobs), *map(_family, tree.others)])]
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    before = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    room = widths[-1] if paper.columns is None else max(paper.columns - before, 0)
    for row in rows:
        cells = [padded(cell, widths[at], right=at in _NUMBERS) for at, cell in enumerate(row[:-1])]
        yield _GAP.join([*cells, trimmed(row[-1], room)]).rstrip()


def _branches(families: Sequence[Sequence[_Row]]) -> list[_Row]:
    """Families of rows, each with its first one at the top, hung on the row above them."""
    drawn: list[_Row] = []
    for family in families:
        first, others = _DRAWN_LAST if family is families[-1] else _DRAWN
        drawn += [(f"{others if at else first}{row[0]}", *row[1:]) for at, row in enumerate(family)]
    return drawn


def _job(job: JobProcesses) -> list[_Row]:
    label = (f"job {job.job}", "", "", "", "", f"{job.percent:.0f} %  {shown(job.title)}")
    return [label, *_branches([_stage(stage) for stage in job.stages])]


def _stage(stage: StageProcesses) -> list[_Row]:
    label = (shown(stage.stage), "", "", "", "", shown(stage.message))
    return [label, *_branches([_family(process) for process in stage.processes])]


def _family(process: ProcessView) -> list[_Row]:
    return [_process(process), *_branches([_family(child) for child in process.children])]


def _process(process: ProcessView) -> _Row:
    quiet = "" if process.quiet_s is None else f"{ago(process.quiet_s)} ago"
    taken = f"{process.cpu_percent:.0f} %", size(process.memory_bytes)
    return shown(process.name), str(process.pid), ago(process.age_s), *taken, quiet

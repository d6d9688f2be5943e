"""The daemon's processes as the rows of a tree, and what each took lately."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shortsd.wire.figures import JobProcesses, ProcessTree, ProcessView

KEPT = 20
"""Samples of each row that are kept."""

_STAGES = 100
"""More than a job has stages: rows of stages are numbered between those of jobs."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the tree: a job, a stage of one, or a process."""

    key: int
    """A process's id; below 0 for what is none."""
    depth: int
    name: str
    cpu: float
    memory: int
    job: int | None = None
    """Whose it is."""
    message: str = ""
    """What the stage says of itself."""
    process: ProcessView | None = None
    last: bool = False
    """Whether nothing follows under the same row."""


@dataclass(slots=True)
class Samples:
    """What each row took of a processor, the latest last; of those only that are there still."""

    by_key: dict[int, deque[float]] = field(default_factory=dict)

    def take(self, rows: Sequence[Row]) -> None:
        """Take another sample of all rows."""
        self.by_key = {row.key: self.by_key.get(row.key) or deque(maxlen=KEPT) for row in rows}
        for row in rows:
            self.by_key[row.key].append(row.cpu)


def rows_of(tree: ProcessTree) -> list[Row]:
    """All lines: the daemon, jobs with their stages and processes, and those that work for no job."""
    rows = list(_processes([tree.daemon], 0, None))
    for job in tree.jobs:
        rows += _job(job)
    if tree.others:
        rows.append(Row(-1, 0, "for no job", *_sum(tree.others)))
        rows += _processes(tree.others, 1, None)
    return rows


def _job(job: JobProcesses) -> Iterator[Row]:
    processes = [process for stage in job.stages for process in stage.processes]
    yield Row(-job.job * _STAGES, 0, f"{job.job}  {job.title}", *_sum(processes), job.job)
    for number, stage in enumerate(job.stages, 1):
        last = number == len(job.stages)
        key = -job.job * _STAGES - number
        yield Row(key, 1, stage.stage, *_sum(stage.processes), job.job, stage.message, last=last)
        yield from _processes(stage.processes, 2, job.job)


def _processes(processes: Sequence[ProcessView], depth: int, job: int | None) -> Iterator[Row]:
    for number, process in enumerate(processes, 1):
        last = number == len(processes)
        yield Row(
            process.pid, depth, process.name, process.cpu_percent, process.memory_bytes, job, "", process, last=last
        )
        yield from _processes(process.children, depth + 1, job)


def _sum(processes: Sequence[ProcessView]) -> tuple[float, int]:
    """Processor and memory of these and all that they started."""
    inner = [_sum(process.children) for process in processes]
    cpu = sum(process.cpu_percent for process in processes) + sum(cpu for cpu, _ in inner)
    memory = sum(process.memory_bytes for process in processes) + sum(memory for _, memory in inner)
    return cpu, memory

"""What is measured of the daemon: how things stand at a look, and what was counted since it started."""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import psutil

from shortsd.domain.errors import Code
from shortsd.domain.events import Event
from shortsd.domain.job import State
from shortsd.domain.ports import Clock
from shortsd.domain.process import ChildRecord
from shortsd.engine.usage import Usage
from shortsd.stages.kinds import STAGES

BOUNDS_S = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Between a story that is taken as it stands and the longest that a process may run."""


@dataclass(slots=True)
class Durations:
    """How often something took how long."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    """How often at most each of BOUNDS_S and more than the bound before; the last one: more than all."""
    total_s: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS_S, seconds)] += 1
        self.total_s += seconds

    def up_to(self) -> list[int]:
        """How often at most each of BOUNDS_S, then how often at all."""
        return list(accumulate(self.counts))


@dataclass(slots=True)
class Tally:
    """Counts what happened since the daemon started, by the events that tell of it."""

    stages: dict[str, Durations] = field(default_factory=lambda: {stage: Durations() for stage in STAGES})
    """How long stages took that did their work."""
    errors: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(Code, 0)))
    """With how many errors of each code attempts at jobs ended."""

    def hear(self, event: Event) -> None:
        if event.type == "stage.finished" and event.data["outcome"] == "done":
            self.stages[event.data["stage"]].add(event.data["seconds"])
        elif error := event.data.get("error"):
            self.errors[error["code"]] += 1


@dataclass(frozen=True, slots=True)
class Children:
    """The processes of a stage."""

    count: int
    memory_bytes: int
    """Resident."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Everything that is measured."""

    jobs: Mapping[State, int]
    queue_age_s: float
    """How long the oldest job has waited that could run; 0 if none could."""
    children: Mapping[str, Children]
    """By stage; empty for those that are at work for no job."""
    used: Usage
    tally: Tally


@dataclass(frozen=True, slots=True)
class Measuring:
    """Takes all measures. `states` tells how many jobs there are in a state, `oldest` since when the queue waits."""

    states: Callable[[], Awaitable[Mapping[str, int]]]
    oldest: Callable[[float], Awaitable[float | None]]
    children: Callable[[], Sequence[ChildRecord]]
    usage: Callable[[], Awaitable[Usage]]
    tally: Tally
    clock: Clock

    async def __call__(self) -> Metrics:
        """The measures at this moment. Raises Unavailable if the store cannot be read."""
        now = self.clock()
        states, oldest = await self.states(), await self.oldest(now)
        return Metrics(
            jobs={state: states.get(state, 0) for state in State},
            queue_age_s=0.0 if oldest is None else max(0.0, now - oldest),
            children=await asyncio.to_thread(_children, self.children()),
            used=await self.usage(),
            tally=self.tally,
        )


def _children(records: Sequence[ChildRecord]) -> dict[str, Children]:
    found: dict[str, list[int]] = {stage: [] for stage in (*STAGES, "")}
    for record in records:
        found[record.stage if record.job else ""].append(_memory(record.pid))
    return {stage: Children(len(taken), sum(taken)) for stage, taken in found.items()}


def _memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:  # gone meanwhile
        return 0

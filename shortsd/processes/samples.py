"""What the daemon's processes take of the machine at this moment."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

from shortsd.domain.errors import Unavailable

RECENT_S = 5.0
"""How old an earlier reading may be, for the processor time since then to tell about now."""
APART_S = 0.2
"""Seconds between two readings that make a share of the processor of the clock ticks (1/100 s) in which it is told."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A process."""

    pid: int
    parent: int
    name: str
    started_at: float
    """Seconds since the epoch."""
    cpu_percent: float
    """Of one processor; more than 100 with several threads."""
    memory_bytes: int
    """Resident."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A process as it was found."""

    pid: int
    parent: int
    name: str
    started_at: float
    memory_bytes: int
    cpu_s: float
    at: float


_Readings = Mapping[psutil.Process, _Reading]
"""By process, and a process is not equal to a later one with the same number."""


class Sampler:
    """Samples this process and all that descend from it. Remembers the last time, to compare with."""

    def __init__(self) -> None:
        self._before: _Readings = {}

    async def __call__(self) -> Sequence[Sample]:
        """Our own process first, then its descendants by age.

        Their shares are those since the last time if that is recent; if it is not, or knows not all of them, it takes
        APART_S to find out. Raises Unavailable if the process table cannot be read.
        """
        before, now = self._before, await asyncio.to_thread(_read)
        if not _comparable(before, now):
            before = now
            await asyncio.sleep(APART_S)
            now = await asyncio.to_thread(_read)
        self._before = now
        return [_sample(reading, before.get(process)) for process, reading in now.items()]


def _comparable(before: _Readings, now: _Readings) -> bool:
    ages = [reading.at - before[process].at if process in before else 0.0 for process, reading in now.items()]
    return all(APART_S <= age <= RECENT_S for age in ages)


def _read() -> _Readings:
    try:
        me = psutil.Process()
        found = sorted(me.children(recursive=True), key=psutil.Process.create_time)
        readings = {process: _reading(process) for process in (me, *found)}
    except OSError as exc:
        raise Unavailable(f"The process table cannot be read: {exc.strerror}.") from exc
    return {process: reading for process, reading in readings.items() if reading is not None}


def _reading(process: psutil.Process) -> _Reading | None:
    try:
        with process.oneshot():
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            times, memory = process.cpu_times(), process.memory_info().rss
            parent, name, started_at = process.ppid(), process.name(), process.create_time()
    except psutil.Error:  # gone meanwhile
        return None
    return _Reading(process.pid, parent, name, started_at, memory, times.user + times.system, time.monotonic())


def _sample(now: _Reading, before: _Reading | None) -> Sample:
    share = 0.0 if before is None else (now.cpu_s - before.cpu_s) / max(now.at - before.at, APART_S)
    return Sample(now.pid, now.parent, now.name, now.started_at, 100 * max(share, 0.0), now.memory_bytes)

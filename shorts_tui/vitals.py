"""How this machine fares, and how fast frames are drawn: what the head shows beside the jobs."""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from shorts_tui.known import Known
from shorts_tui.model import Job

BEAT_S = 2.0
"""Between two samples, in seconds."""

KEPT = 10
"""Samples of speed that are kept."""

_SMOOTH = 0.5
"""How much a new sample of speed counts against those before it: progress comes in bursts, segment by segment."""

_FRAMES = re.compile(r"(\d+) of \d+ frames")


@dataclass(frozen=True, slots=True)
class Machine:
    """How busy it is, in percent."""

    cpu: float
    memory: float
    free_bytes: int | None
    """On the disk that takes the finished shorts; None if that is not known."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the head shows beside the jobs."""

    machine: Machine | None = None
    speeds: tuple[float, ...] = ()
    """Frames drawn in a second by all jobs together, the latest last; empty if none was drawn lately."""
    uploads: int = 0
    """Uploads that were finished today, by this machine's clock."""


def sample(output: Path | None) -> Machine:
    """Look at this machine; CPU since this was last called. May wait for a disk."""
    import psutil  # noqa: PLC0415 - takes a while to load, and the first screen is not to wait for it

    return Machine(psutil.cpu_percent(None), psutil.virtual_memory().percent, _free(output))


def _free(folder: Path | None) -> int | None:
    import psutil  # noqa: PLC0415 - as above

    if folder is None:
        return None
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), Path("/"))
    try:
        return int(psutil.disk_usage(str(nearest)).free)
    except OSError:
        return None


@dataclass(slots=True)
class Speedometer:
    """Counts the frames that jobs say they have drawn. `clock` gives seconds."""

    clock: Callable[[], float]
    speeds: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))
    _drawn: dict[int, int] = field(default_factory=dict)
    _frames: int = 0
    _beaten_at: float | None = None

    def hear(self, known: Known) -> None:
        """Take in how far jobs are."""
        for number in known.changed:
            self._heard(number, known.jobs.get(number))

    def _heard(self, number: int, job: Job | None) -> None:
        found = _FRAMES.fullmatch(job.message) if job is not None and job.stage == "render" else None
        if found is None:
            self._drawn.pop(number, None)
            return
        frames = int(found[1])
        self._frames += max(0, frames - self._drawn.get(number, frames))
        self._drawn[number] = frames

    def beat(self) -> tuple[float, ...]:
        """Count what was drawn since the last beat; the speeds, or none if nothing was drawn for long."""
        now = self.clock()
        if self._beaten_at is not None and now > self._beaten_at:
            speed = self._frames / (now - self._beaten_at)
            before = self.speeds[-1] if self.speeds else speed
            self.speeds.append(before + _SMOOTH * (speed - before) if self._drawn else 0.0)
        self._beaten_at, self._frames = now, 0
        return tuple(self.speeds) if any(self.speeds) else ()


def uploads(known: Known, now: float) -> int:
    """How many shorts were uploaded on the day of `now` (seconds since the epoch), by this machine's clock."""
    midnight = datetime.fromtimestamp(now).astimezone().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    return sum(1 for job in known.jobs.values() if job.link and (job.ended_at or 0.0) >= midnight)

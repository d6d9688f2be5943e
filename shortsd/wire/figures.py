"""Figures that the daemon tells of itself: its processes at this moment, and what it has made. See `wire.models`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class ProcessView:
    """A process, and what it started itself."""

    pid: int
    name: str
    age_s: float
    cpu_percent: float
    """Of one processor, since a moment ago."""
    memory_bytes: int
    """Resident."""
    quiet_s: float | None = None
    """Seconds since it last gave a sign of life; None for those that are not listened to."""
    children: list["ProcessView"] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class StageProcesses:
    """The processes of a stage of a job; none for one that the daemon does itself."""

    stage: str
    message: str
    """What the stage says of itself, "412 of 900 frames"."""
    processes: list[ProcessView]


@dataclass(frozen=True, kw_only=True)
class JobProcesses:
    """The processes of a job that runs."""

    job: int
    title: str
    percent: float
    stages: list[StageProcesses]


@dataclass(frozen=True, kw_only=True)
class ProcessTree:
    """The daemon's processes, by job and stage."""

    daemon: ProcessView
    jobs: list[JobProcesses]
    others: list[ProcessView]
    """Those that work for no job: a doctor's, or who looks at a request."""


@dataclass(frozen=True, kw_only=True)
class StageStats:
    """How long a stage took where it did its work: measured times, by nearest rank."""

    name: str
    kind: str = "short"
    """Of jobs of this kind."""
    count: int
    median_s: float
    p95_s: float
    """95 % took no longer than this."""


@dataclass(frozen=True, kw_only=True)
class EndStats:
    """How jobs ended."""

    succeeded: int
    failed: int
    stopped: int
    success_rate: float | None
    """Those that succeeded, of all that ended; None if none has."""
    started_again: int
    """Those of all that ended that were started more than once."""


@dataclass(frozen=True, kw_only=True)
class DayStats:
    """A day on which shorts were finished, `2026-01-31` by the daemon's clock."""

    day: str
    shorts: int


@dataclass(frozen=True, kw_only=True)
class DiskStats:
    """What is taken, counted at `counted_at` (seconds since the epoch), and what is free."""

    work_bytes: int
    cache_bytes: int
    output_bytes: int
    counted_at: float
    free_bytes: int
    database_bytes: int


@dataclass(frozen=True, kw_only=True)
class Stats:
    """Figures of the last `days`; `jobs`, `disk` and `events` are how it is now. Deleted jobs are not counted."""

    days: float
    jobs: dict[str, int]
    """How many are in each state."""
    ended: EndStats
    stages: list[StageStats]
    shorts_by_day: list[DayStats]
    """Only days on which there are any, oldest first."""
    render_speed: float | None
    """Seconds of video made in a second of rendering; None if nothing was rendered."""
    disk: DiskStats
    events: int
    """Facts that are kept."""

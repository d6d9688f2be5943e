"""A child process, as it is remembered beyond the daemon's death."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """A child process: enough to know it again after the daemon died, and to show it to a person."""

    pid: int
    group: int
    """The number of its process group, which it leads."""
    kernel_start_time: int
    """When the kernel started it, in a unit of its own: a pid that was given to another process later differs in it."""
    job: int
    stage: str
    name: str
    argv: tuple[str, ...]
    """Without secrets, as `Command` promises."""
    started_at: float
    """Seconds since the epoch."""

"""What the app hands down to its pages: how the daemon stands, and the jobs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from shorts_tui.model import Job
from shortsd.domain.errors import NoDaemon, ShortsError
from shortsd.wire.models import EventView, Health


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at a moment. Handed down anew whenever something changed; `jobs` is the same mapping each time."""

    revision: int = 0
    jobs: Mapping[int, Job] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    changed: frozenset[int] = frozenset()
    """Jobs that changed, came or went since the last time."""
    facts: tuple[EventView, ...] = ()
    """What happened since the last time, without samples of progress."""
    whole: bool = False
    """Whether all jobs are there: a moment after the start the older ones are still on their way."""
    health: Health | None = None
    """Of the daemon when it was last connected to; None before it ever was."""
    paused: bool = False
    """Whether no more jobs are started."""
    notes: tuple[str, ...] = ()
    """What somebody should know of the daemon: a configuration that was refused."""
    away: ShortsError | None = None
    """Why the daemon does not answer; None while it does."""
    away_since: float | None = None
    """Seconds since the epoch."""

    @property
    def connected(self) -> bool:
        return self.health is not None and self.away is None

    def hint(self, error: ShortsError) -> str:
        """What helps, in words of this app where nobody answers at all."""
        nobody = isinstance(error, NoDaemon) and self.away is not None and error.message == self.away.message
        return "S starts one." if nobody else error.hint

"""What is told to those who listen: where everything stands, and all that happens from then on."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shortsd.domain.events import NO_JOB, Event
from shortsd.domain.job import Job
from shortsd.domain.ports import Clock
from shortsd.engine.bus import Bus
from shortsd.engine.views import brief
from shortsd.store.jobs import Jobs
from shortsd.store.selection import Selection
from shortsd.wire.models import JobView, Snapshot

PAGE = 200
"""Events read from the store at a time for a reader that catches up."""
SNAPSHOT = 1000
"""Newest jobs in a snapshot."""


@dataclass(frozen=True, slots=True)
class News:
    """Tells until the daemon is `closing`; `view` is how a job is shown."""

    jobs: Jobs
    bus: Bus
    view: Callable[[Job], JobView]
    closing: asyncio.Event
    clock: Clock

    def tell(self, kind: str, data: Mapping[str, Any]) -> None:
        """Tell who listens now of something that is about no job."""
        self.bus.publish(Event(None, self.clock(), kind, NO_JOB, data))

    async def stream(
        self, after: int | None, job: int | None, quiet_s: float
    ) -> AsyncGenerator[Snapshot | Sequence[Event]]:
        """Where everything stands, then all that happens; or all that happened after event `after`, and goes on to.

        They come together as they are told, or none when there was nothing to tell for `quiet_s` seconds. The stream
        ends with the daemon, and for a reader that is too slow: it comes back with the last number it saw.
        """
        if self.closing.is_set():
            return
        # Nothing falls between the two: what is committed before the snapshot is read is in it, and what is told twice,
        # having been committed but not yet told when it was read, has a number that the snapshot has reached.
        with self.bus.subscribe(job) as subscription:
            snapshot = await self._snapshot(job)
            subscription.forget_samples()
            last = snapshot.seq if after is None else after
            events = None if after is None or last > snapshot.seq else await self.jobs.events_after(last, PAGE, job)
            while events:
                yield events
                last = events[-1].seq or last
                events = await self.jobs.events_after(last, PAGE, job)
            if events is None:  # it comes for the first time, or what it missed is kept no more
                yield snapshot
                last = snapshot.seq
            while (news := await subscription.take(quiet_s)) is not None:
                yield [event for event in news if event.seq is None or event.seq > last]

    async def _snapshot(self, job: int | None) -> Snapshot:
        ranges = [] if job is None else [(job, job)]
        seq, jobs = await self.jobs.snapshot(Selection(ranges=ranges, limit=SNAPSHOT))
        return Snapshot(seq=seq, jobs=[brief(self.view(one)) for one in jobs])

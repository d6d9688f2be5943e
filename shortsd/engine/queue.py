"""The queue as the scheduler sees it: nothing is taken from it while no work can be done."""

from dataclasses import dataclass

from shortsd.domain.job import Job, State
from shortsd.engine.readiness import Readiness
from shortsd.store.jobs import Jobs

AGAIN_S = 5.0
"""Before it is looked at again whether work can be done."""


@dataclass(slots=True)
class Queue:
    """Jobs that wait. While the disk is full they go on waiting; started, they would all fail, one after the other."""

    jobs: Jobs
    readiness: Readiness
    paused: bool = False
    """Whether jobs are not started, though they could be."""

    async def claim(self) -> Job | None:
        """Start the next job, if one may run and work can be done. Those whose hour has come are queued before."""
        if await self.jobs.next_due_s() == 0:
            await self.jobs.wake()
        if self.paused:
            return None
        if await self.jobs.count(State.QUEUED) and await self.readiness.can_work():
            return await self.jobs.claim()
        return None

    async def due_s(self) -> float | None:
        """Seconds until it is worth to ask again; None if that is only when a job is added."""
        if self.readiness.blocked:
            return AGAIN_S
        if self.paused:
            return await self.jobs.next_due_s()
        ahead = [
            seconds for seconds in (await self.jobs.next_try_s(), await self.jobs.next_due_s()) if seconds is not None
        ]
        return min(ahead, default=None)

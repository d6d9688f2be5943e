"""The queue as the scheduler sees it: nothing is taken from it while no work can be done."""

from collections.abc import Collection
from dataclasses import dataclass

from shortsd.domain.job import Job, Lane, State
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

    async def claim(self, lanes: Collection[Lane]) -> Job | None:
        """Start the next job of some lanes, if one may run and work can be done.

        Those whose hour has come are queued before.
        """
        if await self.jobs.next_due_s() == 0:
            await self.jobs.wake()
        if self.paused:
            return None
        if await self.jobs.count(State.QUEUED) and await self.readiness.can_work():
            return await self.jobs.claim(lanes)
        return None

    async def due_s(self, lanes: Collection[Lane]) -> float | None:
        """Seconds until it is worth to ask again for jobs of some lanes; None if that is only when one is added."""
        if self.readiness.blocked:
            return AGAIN_S
        if self.paused:
            return await self.jobs.next_due_s()
        ahead = await self.jobs.next_try_s(lanes), await self.jobs.next_due_s()
        return min((seconds for seconds in ahead if seconds is not None), default=None)

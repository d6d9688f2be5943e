"""The use cases of a channel: weeks, hours, history, batches, approval, and whether jobs are started at all."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from shortsd.domain.job import Job, Move
from shortsd.domain.ports import Clock
from shortsd.engine.estimates import Estimates
from shortsd.engine.history import Published
from shortsd.engine.intake import Intake, digest_of
from shortsd.engine.queue import Queue
from shortsd.engine.scheduler import Scheduler
from shortsd.engine.weeks import MOST, Weeks
from shortsd.stages.kinds.short import SHORT
from shortsd.store.calendar import CalendarStore
from shortsd.store.jobs import Jobs
from shortsd.wire.channel import BatchView, Calendar, Estimate, History, Material, Queued, SlotView, Week, WeekRequest

SLOTS = 1000
"""Of a calendar, at most."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One method for each verb. `take_in` takes jobs in, as a request for single ones does."""

    jobs: Jobs
    store: CalendarStore
    weeks: Weeks
    estimates: Estimates
    published: Published
    queue: Queue
    scheduler: Scheduler
    take_in: Intake
    look: Callable[[Job], Awaitable[Material]]
    clock: Clock
    _planning: asyncio.Lock = field(default_factory=asyncio.Lock)
    """So that two weeks planned at once take different hours."""

    async def week(self, request: WeekRequest, key: str | None) -> Week:
        """Find the hours of a week and make a job for each, or only tell of it.

        Asked again with the same key, it is the week that was made. Raises BadInput, BadRequest, Conflict, DiskFull,
        Unavailable.
        """
        estimate = await self.estimates(SHORT.name, min(max(1, request.count), MOST))
        async with self._planning:
            digest = digest_of(request)
            known = await self.jobs.known(key, digest) if key else None
            slots, zone = ([], self.weeks.zone(request)) if known else await self.weeks.slots(request)
            if request.dry_run:
                return Week(slots=slots, zone=zone, estimate=estimate)
            made = known or await self.take_in(self.weeks.jobs(request, slots), key, digest)
        self.scheduler.wake()
        hours = [job.publish_at or 0.0 for job in made.jobs]
        return Week(slots=hours, zone=zone, estimate=estimate, batch=made.batch, jobs=[job.id for job in made.jobs])

    async def estimate(self, kind: str, jobs: int) -> Estimate:
        """What so many jobs of a kind would take. Raises BadInput, Unavailable."""
        return await self.estimates(kind, jobs)

    async def schedule(self) -> Calendar:
        """The hours to come, and whose they are. Raises Unavailable."""
        slots = [_slot(job) for job in await self.store.scheduled(self.clock(), SLOTS)]
        return Calendar(zone=self.weeks.usual_zone(), slots=slots)

    async def history(self, cursor: int | None, limit: int) -> History:
        """What was published, newest first. Raises Unavailable."""
        page = await self.published.page(cursor, limit)
        return replace(page, zone=self.weeks.usual_zone())

    async def batch(self, number: int) -> BatchView:
        """How a batch stands. Raises NotFound, Unavailable."""
        found = await self.store.batch(number)
        return BatchView(
            id=found.id,
            created_at=found.created_at,
            total=sum(found.states.values()),
            done=found.states.get("succeeded", 0),
            errors=found.states.get("failed", 0),
            states=dict(found.states),
        )

    async def material(self, number: int) -> Material:
        """What a job has by now. Raises NotFound, Unavailable."""
        return await self.look(await self.jobs.get(number))

    async def approve(self, number: int) -> Job:
        """Let a job in review go on. Raises NotFound, WrongState."""
        waiting = await self.jobs.get(number)
        gate = waiting.held.partition(" ")[0]
        job = await self.jobs.move(number, Move.APPROVE, reason=f"approved to {gate}", approved=waiting.held)
        self.scheduler.wake()
        return job

    async def pause(self, *, paused: bool) -> Queued:
        """Start no job from now on, or start them again; it outlives the daemon. Raises Unavailable."""
        await self.store.pause(paused=paused)
        self.queue.paused = paused
        self.scheduler.wake()
        return Queued(paused=paused)


def _slot(job: Job) -> SlotView:
    return SlotView(
        at=job.publish_at or 0.0,
        job=job.id,
        title=job.title,
        state=job.state,
        batch=job.batch,
        link=str(job.result.get("link", "")),
    )

"""Which job runs, and when: as many at a time as are allowed, by priority, then by age.

Jobs whose hour has come have places of their own: what is left to do of them is to bring them to where they are seen,
and that does not wait for a night of renders. So have those that wait for others: a site that hangs holds up no render.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from shortsd.domain.errors import ShortsError
from shortsd.domain.job import Job, Lane

logger = logging.getLogger("shortsd.scheduler")

Attempt = tuple[int, int]
"""A job's id and the number of the attempt: a job may be started again while its last attempt's task winds up."""

DUE_AT_ONCE = 4
"""Jobs at a time whose hour has come. Uploads go one after the other; one that is to be rendered again waits there."""

PAUSE_S = 5.0
"""Before the queue is looked at again when the database could not be read."""


@dataclass(frozen=True, slots=True)
class _Running:
    """A job being worked at. Setting `end` asks for its end: the task itself is never cancelled, it moves the job."""

    lane: Lane
    task: asyncio.Task[None]
    end: asyncio.Event


class Scheduler:
    """Claims queued jobs and runs them as tasks.

    `claim` gives the next job of the lanes that have room, started, or None; `due_s` the seconds until one may be had
    there that now has to wait; `run` brings a job to its end, and soon if the event it gets is set; `lane` tells in
    which one a job waits. So many of each lane as it has `places` are worked at, 4 of those whose hour has come.
    """

    def __init__(
        self,
        claim: Callable[[Collection[Lane]], Awaitable[Job | None]],
        due_s: Callable[[Collection[Lane]], Awaitable[float | None]],
        run: Callable[[Job, asyncio.Event], Coroutine[Any, Any, None]],
        lane: Callable[[Job], Lane],
        places: Mapping[Lane, int],
    ) -> None:
        self._claim = claim
        self._due_s = due_s
        self._run = run
        self._lane = lane
        self.places = places
        self._running: dict[Attempt, _Running] = {}
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.Task[None] | None = None
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()

    def start(self) -> None:
        self._loop = asyncio.create_task(self._work(), name="scheduler")

    def wake(self) -> None:
        """Look at the queue now: something was added."""
        self._wake.set()

    def at_work(self) -> set[int]:
        """The ids of the jobs that are worked at."""
        return {job for job, _ in self._running}

    def has_room(self, job: Job) -> bool:
        """Whether a job of its lane could be started now."""
        return self._lane(job) in self._lanes_with_room()

    async def drain(self) -> None:
        """Claim nothing more, and wait until what runs has ended."""
        self._closing = True
        self.wake()
        if self._loop is not None:
            await asyncio.wait([self._loop])
        await self._idle.wait()

    def end(self, job: Job) -> None:
        """End the work at this attempt at a job, if it goes on; its move follows when all its processes have ended."""
        running = self._running.get((job.id, job.attempt))
        if running is not None:
            running.end.set()

    def quit(self) -> None:
        """Claim nothing more, and end all work."""
        self._closing = True
        self._wake_in(None)
        self.wake()
        for running in self._running.values():
            running.end.set()

    async def close(self) -> None:
        """As `quit`, and wait until each job has been moved."""
        self.quit()
        if self._loop is not None:
            await asyncio.wait([self._loop])
        self.quit()  # once more, for the job that was being claimed
        if self._running:
            await asyncio.wait([running.task for running in self._running.values()])

    async def _work(self) -> None:
        while not self._closing:
            self._wake.clear()
            try:
                await self._fill()
            except Exception as exc:  # whatever it is: a scheduler that ends leaves a daemon that only looks alive
                logger.warning("the queue cannot be read", extra={"why": str(exc)}, exc_info=_unless_ours(exc))
                self._wake_in(PAUSE_S)
            await self._wake.wait()

    async def _fill(self) -> None:
        """Start queued jobs while there is room; come back when one that has to wait may run."""
        while not self._closing and (lanes := self._lanes_with_room()):
            job = await self._claim(lanes)
            if job is None:
                self._wake_in(await self._due_s(lanes))
                return
            self._begin(job)

    def _lanes_with_room(self) -> list[Lane]:
        taken = [running.lane for running in self._running.values()]
        places = {Lane.DUE: DUE_AT_ONCE, **self.places}
        return [lane for lane in Lane if taken.count(lane) < places[lane]]

    def _wake_in(self, seconds: float | None) -> None:
        """Look at the queue then, if not before; one timer at a time."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else asyncio.get_running_loop().call_later(seconds, self.wake)

    def _begin(self, job: Job) -> None:
        end = asyncio.Event()
        self._idle.clear()
        task = asyncio.create_task(self._run(job, end), name=f"job {job.id}")
        self._running[job.id, job.attempt] = _Running(self._lane(job), task, end)
        task.add_done_callback(lambda task: self._ended(job, task))

    def _ended(self, job: Job, task: asyncio.Task[None]) -> None:
        del self._running[job.id, job.attempt]
        if not task.cancelled() and task.exception() is not None:
            logger.error("the work at a job broke", extra={"job": job.id}, exc_info=task.exception())
        if not self._running:
            self._idle.set()
        self.wake()


def _unless_ours(exc: Exception) -> Exception | None:
    """What needs a traceback in the log."""
    return None if isinstance(exc, ShortsError) else exc

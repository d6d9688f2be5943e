"""Runs a claimed job in this process, and sees to it that it ends in a state."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Protocol, TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential_jitter

from shortsd.domain.errors import Internal, NotYet, ServiceFailed, ShortsError, WrongState
from shortsd.domain.gates import Held
from shortsd.domain.job import AT_WORK, Job, JobError, Move, State
from shortsd.domain.ports import Clock, Publisher
from shortsd.domain.stage import StageName
from shortsd.engine.bus import Bus
from shortsd.engine.joblog import JobLogs
from shortsd.engine.journal import JobJournal
from shortsd.engine.retries import Retries
from shortsd.engine.tracker import Tracker
from shortsd.stages.kinds import stages_of
from shortsd.stages.runner import Journal
from shortsd.store.jobs import Jobs
from shortsd.store.stages import StageRuns

T = TypeVar("T")

logger = logging.getLogger("shortsd.executor")


class Pipeline(Protocol):
    """Does all the stages of a job; what it made."""

    def __call__(self, job: Job, journal: Journal) -> Coroutine[Any, Any, Mapping[str, Any]]: ...


class LocalExecutor:
    """Runs jobs as tasks of this process. `running` holds the tracker of each."""

    def __init__(
        self,
        pipeline: Pipeline,
        jobs: Jobs,
        runs: StageRuns,
        logs: JobLogs,
        bus: Bus,
        publisher: Publisher,
        retries: Retries,
        clock: Clock,
    ) -> None:
        self.pipeline = pipeline
        self._jobs = jobs
        self._runs = runs
        self._logs = logs
        self._bus = bus
        self._publisher = publisher
        self.retries = retries
        self._clock = clock
        self.running: dict[int, Tracker] = {}

    async def run(self, job: Job, end: asyncio.Event) -> None:
        """Run a job that was just started, to its end.

        When `end` is set, the job's processes are ended first; then it is stopped if somebody asked for that, else it
        goes back to the queue.
        """
        tracker = Tracker(await self._usual_seconds(job.kind), self._clock, stages_of(job.kind))
        self.running[job.id] = tracker
        journal = JobJournal(job, tracker, self._runs, self._logs, self._bus, self._clock)
        self._logs.write(job.id, f"attempt {job.attempt} begins")
        try:
            await self._settle(job, tracker, await self._outcome(job, journal, tracker, end))
        finally:
            if self.running.get(job.id) is tracker:
                del self.running[job.id]
            self._logs.look(job.id)

    async def _usual_seconds(self, kind: str) -> dict[str, float]:
        try:
            return await self._runs.usual_seconds(kind)
        except ShortsError:
            return {}  # an estimate is no reason not to work

    async def _outcome(
        self, job: Job, journal: JobJournal, tracker: Tracker, end: asyncio.Event
    ) -> Callable[[], Awaitable[Job]]:
        """Run the pipeline; the move that its end calls for."""
        try:
            result = await _unless(end, self._attempt(job, journal, end))
        except asyncio.CancelledError:
            return lambda: self._cancelled(job, tracker)
        except NotYet as exc:
            return self._scheduled(exc, job, tracker)
        except Held as exc:
            return self._held(exc, job, tracker)
        except ShortsError as exc:
            error = exc
        except Exception as exc:
            self._logs.write(job.id, traceback.format_exc())
            logger.exception("a job failed in a way it should not", extra={"job": job.id})
            error = Internal(f"The job failed in a way it should not: {exc!r}.")
        else:
            made = {**result, "warnings": journal.warnings}
            return lambda: self._jobs.move(job.id, Move.SUCCEED, result=made, percent=100.0)
        if not _of_channel(error):
            await self._withdraw(job)
        return self._after(error, job, tracker)

    def _scheduled(self, exc: NotYet, job: Job, tracker: Tracker) -> Callable[[], Awaitable[Job]]:
        """The move of a job that has to wait for its hour: all that it has made stays, also what it published."""
        self._logs.write(job.id, f"waits: {exc.message}")
        return lambda: self._jobs.move(
            job.id, Move.SCHEDULE, reason=exc.message, due_at=exc.until, percent=tracker.percent
        )

    def _held(self, exc: Held, job: Job, tracker: Tracker) -> Callable[[], Awaitable[Job]]:
        """The move of a job that a person is to look at."""
        return lambda: self._jobs.move(job.id, Move.REVIEW, reason=exc.message, held=exc.held, percent=tracker.percent)

    def _after(self, exc: ShortsError, job: Job, tracker: Tracker) -> Callable[[], Awaitable[Job]]:
        """The move of a job that failed: to its end, or into the queue once more where that can help."""
        error = self._failed(job, exc)
        wait_s = self.retries.wait_s(job, exc)
        if wait_s is None:
            return lambda: self._jobs.move(job.id, Move.FAIL, error=error, percent=tracker.percent)
        self._logs.write(job.id, f"tries again in {wait_s:.0f} s")
        reason, at = self.retries.reason(job, exc), self._clock() + wait_s
        return lambda: self._jobs.move(
            job.id, Move.POSTPONE, error=error, reason=reason, retry_at=at, percent=tracker.percent
        )

    async def _attempt(self, job: Job, journal: JobJournal, end: asyncio.Event) -> Mapping[str, Any]:
        """Run the pipeline, unless the job was stopped between its claim and now."""
        if (await self._jobs.get(job.id)).state is State.STOPPING:
            end.set()
        return await self.pipeline(job, journal)

    def _failed(self, job: Job, exc: ShortsError) -> JobError:
        self._logs.write(job.id, f"failed: {exc.message} {exc.hint}".rstrip())
        if isinstance(exc, Internal) and exc.__cause__ is not None:
            self._logs.write(job.id, "".join(traceback.format_exception(exc.__cause__)))
        logger.info("a job failed", extra={"job": job.id, "why": exc.message})
        return JobError.of(exc)

    async def _cancelled(self, job: Job, tracker: Tracker) -> Job:
        """The move of a job whose work was ended."""
        if (await self._jobs.get(job.id)).state is State.STOPPING:
            return await self._stopped(job, tracker)
        return await self._jobs.move(job.id, Move.INTERRUPT, reason="interrupted: the daemon was shut down")

    async def _stopped(self, job: Job, tracker: Tracker) -> Job:
        """A stopped job leaves nothing where others look."""
        await self._withdraw(job)
        return await self._jobs.move(job.id, Move.STOPPED, reason="stopped by the user", percent=tracker.percent)

    async def _withdraw(self, job: Job) -> None:
        """Take back what an attempt published, unless an earlier one succeeded: that stays."""
        if job.published:
            return
        try:
            await self._publisher.withdraw(job.id, job.created_at)
        except ShortsError as exc:
            self._logs.write(job.id, f"warning: {exc.message} {exc.hint}")

    async def _settle(self, job: Job, tracker: Tracker, move: Callable[[], Awaitable[Job]]) -> None:
        """Make the last move, trying for as long as the database cannot be written: a job is never left running."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(ShortsError), wait=wait_exponential_jitter(multiplier=0.2, max=10)
        )
        async for attempt in retrying:
            with attempt:
                moved = await self._jobs.get(job.id)
                if moved.state in AT_WORK:
                    moved = await self._move(job, tracker, move)
        self._logs.write(job.id, f"{moved.state}{': ' if moved.reason else ''}{moved.reason}")

    async def _move(self, job: Job, tracker: Tracker, move: Callable[[], Awaitable[Job]]) -> Job:
        try:
            return await move()
        except WrongState:  # somebody stopped the job while it came to its end
            return await self._stopped(job, tracker)


def _of_channel(error: ShortsError) -> bool:
    """Whether only the way to others failed: what is in the folder is finished, and stays."""
    return isinstance(error, ServiceFailed) and error.stage == StageName.PUBLISH


async def _unless(end: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """Do `work`; cancel it when `end` is set, and wait until it has cleaned up. Raises what it raises."""
    task = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(end.wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if end.is_set():
            task.cancel()
        return await task
    finally:
        waiting.cancel()

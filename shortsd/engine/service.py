"""The use cases: what can be asked of the daemon, in the words that the API and the command use."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import msgspec

from shortsd import __version__
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, BadRequest, ShortsError, Unavailable, WrongState
from shortsd.domain.finish import in_thread
from shortsd.domain.ids import Chosen
from shortsd.domain.job import ENDED, Job, Move, State
from shortsd.domain.ports import Clock, Publisher
from shortsd.domain.stage import STAGES, StageName
from shortsd.engine.bus import Bus
from shortsd.engine.executors.local import LocalExecutor
from shortsd.engine.joblog import JobLogs
from shortsd.engine.scheduler import Scheduler
from shortsd.engine.views import event_view, view
from shortsd.stages.plan import Plan, plan
from shortsd.stages.runner import require_room
from shortsd.stages.workspace import Workspace
from shortsd.store.jobs import EVERYTHING, Accepted, Jobs, Request, Selection
from shortsd.store.stages import StageRuns
from shortsd.wire.models import Cleaned, Created, EventView, Finding, Health, JobsPage, JobView, NewJob, Snapshot

PAGE = 200
"""Events read from the store at a time for a reader that catches up."""
TOGETHER = 1000
"""Jobs that can be asked for in one request."""
PRIORITY = 1000
"""The highest; the lowest is as far below 0."""
SNAPSHOT = 1000
"""Newest jobs in a snapshot."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service works with."""

    settings: Settings
    jobs: Jobs
    runs: StageRuns
    logs: JobLogs
    bus: Bus
    scheduler: Scheduler
    executor: LocalExecutor
    publisher: Publisher
    work: Path
    output: Path
    preflight: Callable[[Plan], Awaitable[None]]
    doctor: Callable[[], Awaitable[list[Finding]]]
    clock: Clock


class Service:
    """One method for each verb."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._jobs = parts.jobs
        self._files = asyncio.Lock()
        """Held by who takes artifacts away, and by who queues a job that counts on them."""
        self.closing = asyncio.Event()
        """Set once the daemon is to end."""

    async def create(self, wanted: Sequence[NewJob], key: str | None) -> Created:
        """Take jobs in, all of them or none. Raises BadInput, BadRequest, Conflict, DiskFull, Unavailable."""
        self._open()
        if not wanted:
            raise BadRequest("No job was asked for.", "Give at least one in `jobs`.")
        if len(wanted) > TOGETHER:
            raise BadRequest(f"{len(wanted)} jobs were asked for; {TOGETHER} is the limit.", "Ask in several requests.")
        self._check_disk()
        known = await self._jobs.known(key, _digest(wanted)) if key else None
        accepted = known or await self._accept(wanted, key)
        self._parts.scheduler.wake()
        return Created(jobs=[view(job) for job in accepted.jobs], batch=accepted.batch)

    async def _accept(self, wanted: Sequence[NewJob], key: str | None) -> Accepted:
        seeds = await self._jobs.seeds(len(wanted))
        plans = [self._plan(new, seed) for new, seed in zip(wanted, seeds, strict=True)]
        for one in plans:
            await self._parts.preflight(one)
        requests = [
            Request(new.kind, one.data(), one.working_title(), new.priority)
            for new, one in zip(wanted, plans, strict=True)
        ]
        return await self._jobs.create(requests, key, _digest(wanted))

    async def page(self, selection: Selection) -> JobsPage:
        """Jobs, newest first."""
        jobs = await self._jobs.select(replace(selection, limit=selection.limit + 1))
        page = jobs[: selection.limit]
        return JobsPage(jobs=[self._view(job) for job in page], next=page[-1].id if len(jobs) > len(page) else None)

    async def show(self, number: int) -> JobView:
        """One job with its stages. Raises NotFound."""
        job = await self._jobs.get(number)
        runs = await self._parts.runs.of(number)
        return view(job, self._parts.executor.running.get(number), runs, self._parts.clock())

    async def stop(self, number: int) -> JobView:
        """Stop a job; a running one is `stopping` until its processes have ended. Raises NotFound, WrongState."""
        job = await self._jobs.stop(number)
        if job.state is State.STOPPED and not job.result:
            await self._parts.publisher.withdraw(number, job.created_at)
        self._parts.scheduler.end(job)
        self._parts.logs.look(number)
        return self._view(job)

    async def retry(self, number: int, stage: str | None) -> JobView:
        """Queue an ended job again; from `stage` on, nothing is reused. Raises NotFound, WrongState, BadInput."""
        self._open()
        self._check_disk()
        again = None if stage is None else STAGES[STAGES.index(_stage(stage)) :]
        async with self._files:
            if again and (await self._jobs.get(number)).state in ENDED:
                await in_thread(self._workspace(number).forget, again)
            reason = f"retried from {stage}" if stage else "retried"
            job = await self._jobs.move(number, Move.RETRY, reason=reason, percent=0.0)
        self._parts.scheduler.wake()
        return self._view(job)

    async def delete(self, number: int) -> None:
        """Forget an ended job, its artifacts and its log; what it published stays. Raises NotFound, WrongState."""
        async with self._files:
            await self._ended(number)
            await self._jobs.delete(number)
            await in_thread(self._workspace(number).remove)
        self._parts.logs.remove(number)

    async def clean(self, chosen: Chosen | None) -> Cleaned:
        """Remove the artifacts of ended jobs: of those named, or of all that succeeded. Raises NotFound, WrongState."""
        numbers = await self._cleanable(chosen)
        freed = {number: await self._clean(number) for number in numbers}
        return Cleaned(jobs=[number for number, size in freed.items() if size], freed_bytes=sum(freed.values()))

    async def _cleanable(self, chosen: Chosen | None) -> list[int]:
        if chosen is None:
            succeeded = await self._jobs.select(Selection(states=[State.SUCCEEDED], limit=EVERYTHING))
            return [job.id for job in succeeded]
        named = {first for first, last in chosen.ranges if first == last}
        found = await self._jobs.select(Selection(chosen.ranges, chosen.batches, limit=EVERYTHING))
        numbers = sorted(named | {job.id for job in found})
        for number in numbers:
            await self._ended(number)
        return numbers

    async def _clean(self, number: int) -> int:
        """Remove a job's artifacts, unless somebody has retried it by now; the bytes that were freed."""
        async with self._files:
            if (await self._jobs.get(number)).state not in ENDED:
                return 0
            return await in_thread(self._workspace(number).remove)

    async def log(self, number: int, lines: int) -> list[str]:
        """The end of a job's log. Raises NotFound."""
        await self._jobs.get(number)
        return await asyncio.to_thread(self._parts.logs.tail, number, lines)

    async def follow_log(self, number: int, lines: int | None) -> AsyncGenerator[str]:
        """The last lines of a job's log (all if None), and those to come until it has ended. Raises NotFound."""
        await self._jobs.get(number)
        return self._parts.logs.follow(number, lines, lambda: self._goes_on(number))

    async def events(self, after: int | None, job: int | None) -> AsyncGenerator[Snapshot | EventView]:
        """Where everything stands, then all that happens; or all that happened after event `after`, and goes on to.

        The stream ends with the daemon, and for a reader that is too slow: it comes back with the last number it saw.
        """
        if self.closing.is_set():
            return
        with self._parts.bus.subscribe() as subscription:
            snapshot = await self._snapshot(job)
            subscription.forget_samples()
            if after is None or after > snapshot.seq:
                yield snapshot
                last = snapshot.seq
            else:
                last = after
                while events := await self._jobs.events_after(last, PAGE, job):
                    for event in events:
                        yield event_view(event)
                    last = events[-1].seq or last
            while (news := await subscription.next()) is not None:
                if news.seq is not None and news.seq <= last:
                    continue
                if job is None or news.job == job:
                    yield event_view(news)

    async def doctor(self) -> list[Finding]:
        """Look at everything that a short needs."""
        return await self._parts.doctor()

    def live(self) -> Health:
        """The daemon answers."""
        return Health(ok=True, version=__version__, pid=os.getpid())

    async def ready(self) -> Health:
        """Whether the daemon can take work, and why not."""
        reasons: list[str] = []
        for check in (self._open, self._check_disk):
            try:
                check()
            except ShortsError as exc:
                reasons.append(exc.message)
        try:
            await self._jobs.writable()
        except ShortsError as exc:
            reasons.append(exc.message)
        return Health(ok=not reasons, version=__version__, pid=os.getpid(), reasons=reasons)

    def shutdown(self) -> None:
        """End the daemon in order: jobs that run go back to the queue, streams end."""
        self.closing.set()
        self._parts.scheduler.quit()
        self._parts.bus.close()
        self._parts.logs.close()

    async def _snapshot(self, job: int | None) -> Snapshot:
        ranges = [] if job is None else [(job, job)]
        seq, jobs = await self._jobs.snapshot(Selection(ranges=ranges, limit=SNAPSHOT))
        return Snapshot(seq=seq, jobs=[self._view(one) for one in jobs])

    def _plan(self, new: NewJob, seed: int) -> Plan:
        if new.kind != "short":
            raise BadInput(f"There is no kind of job named {new.kind!r}.", "The kind is `short`.")
        if abs(new.priority) > PRIORITY:
            raise BadInput(f"{new.priority} is no priority.", f"Give a number from -{PRIORITY} to {PRIORITY}.")
        return plan(new.params, self._parts.settings, seed)

    def _view(self, job: Job) -> JobView:
        return view(job, self._parts.executor.running.get(job.id))

    def _workspace(self, number: int) -> Workspace:
        return Workspace(self._parts.work / str(number))

    async def _ended(self, number: int) -> Job:
        job = await self._jobs.get(number)
        if job.state not in ENDED:
            raise WrongState(f"job {number} is {job.state}; its files are needed.", f"`shortsctl stop {number}` first.")
        return job

    async def _goes_on(self, number: int) -> bool:
        """Whether a job's log may still grow."""
        if self.closing.is_set():
            return False
        return number in self._parts.executor.running or (await self._jobs.get(number)).state not in ENDED

    def _open(self) -> None:
        if self.closing.is_set():
            raise Unavailable("The daemon is shutting down.", "Ask again when it has started anew.")

    def _check_disk(self) -> None:
        for folder in (self._parts.work, self._parts.output):
            require_room(folder, self._parts.settings.daemon.min_free_mb << 20)


def _digest(wanted: Sequence[NewJob]) -> str:
    """What stands for a request when an idempotency key is used again."""
    return blake2b(msgspec.json.encode(wanted), digest_size=16).hexdigest()


def _stage(name: str) -> StageName:
    try:
        return StageName(name)
    except ValueError:
        raise BadInput(f"There is no stage {name!r}.", f"The stages are {', '.join(STAGES)}.") from None

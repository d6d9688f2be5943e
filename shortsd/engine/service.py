"""The use cases: what can be asked of the daemon, in the words that the API and the command use."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, ShortsError
from shortsd.domain.events import Event
from shortsd.domain.finish import in_thread
from shortsd.domain.ids import Chosen
from shortsd.domain.job import ENDED, Job, State
from shortsd.domain.ports import Clock, Publisher
from shortsd.engine.bus import Bus
from shortsd.engine.channel import Channel
from shortsd.engine.cleaning import Cleaning, require_ended, require_resting
from shortsd.engine.creations import Creations
from shortsd.engine.executors.local import LocalExecutor
from shortsd.engine.intake import Intake, require_priority
from shortsd.engine.joblog import JobLogs
from shortsd.engine.metrics import Measuring, Metrics
from shortsd.engine.news import News
from shortsd.engine.previews import Previews, moment
from shortsd.engine.readiness import Readiness
from shortsd.engine.scheduler import Scheduler
from shortsd.engine.signin import SignIn
from shortsd.engine.statistics import Statistics
from shortsd.engine.status import describe
from shortsd.engine.storage import Storage
from shortsd.engine.transcripts import ChannelTranscripts
from shortsd.engine.views import brief, view
from shortsd.engine.voices import Voices
from shortsd.stages.kinds import STAGES, stages_of
from shortsd.store.backup import Backups, Copy
from shortsd.store.jobs import Jobs
from shortsd.store.selection import Selection
from shortsd.store.stages import StageRuns
from shortsd.wire.channel import Queued
from shortsd.wire.figures import ProcessTree, Stats
from shortsd.wire.models import (
    Cleaned,
    Created,
    Finding,
    Health,
    JobsPage,
    JobView,
    NewJob,
    ShortParams,
    Snapshot,
    VoiceList,
)

logger = logging.getLogger("shortsd.service")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service works with."""

    jobs: Jobs
    runs: StageRuns
    logs: JobLogs
    bus: Bus
    scheduler: Scheduler
    executor: LocalExecutor
    publisher: Publisher
    intake: Intake
    readiness: Readiness
    storage: Storage
    cleaning: Cleaning
    statistics: Statistics
    metrics: Measuring
    processes: Callable[[], Awaitable[ProcessTree]]
    backups: Backups
    previews: Previews
    channel: Channel
    creations: Creations
    transcripts: ChannelTranscripts
    voices: Voices
    signin: SignIn
    doctor: Callable[[Settings], Awaitable[list[Finding]]]
    clock: Clock


class Service:
    """One method for each verb."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._jobs = parts.jobs
        self._storage = parts.storage
        self.channel = parts.channel
        """What is asked of more than single jobs."""
        self.creations = parts.creations
        """What is asked of picture books by their ids."""
        self.transcripts = parts.transcripts
        """What is asked of channels elsewhere."""
        self._news = News(parts.jobs, parts.bus, self._view, self.closing, parts.clock)
        self._draining: asyncio.Task[None] | None = None

    async def create(self, wanted: Sequence[NewJob], key: str | None) -> Created:
        """Take jobs in, all of them or none. Raises BadInput, BadRequest, Conflict, DiskFull, Unavailable."""
        accepted = await self._parts.intake(wanted, key)
        self._parts.scheduler.wake()
        return Created(jobs=[self._view(job) for job in accepted.jobs], batch=accepted.batch)

    async def page(self, selection: Selection) -> JobsPage:
        """Jobs, newest first."""
        jobs = await self._jobs.select(replace(selection, limit=selection.limit + 1))
        page = jobs[: selection.limit]
        after = page[-1].id if len(jobs) > len(page) else None
        return JobsPage(jobs=[brief(self._view(job)) for job in page], next=after)

    async def show(self, number: int) -> JobView:
        """One job with its stages. Raises NotFound."""
        job = await self._jobs.get(number)
        runs, history = await self._parts.runs.of(number), await self._jobs.history(number)
        waits = self._waits(job) or self._behind(job)
        return view(job, self._parts.executor.running.get(number), waits, runs, history, self._parts.clock())

    async def stop(self, number: int) -> JobView:
        """Stop a job; a running one is `stopping` until its processes have ended. Raises NotFound, WrongState."""
        job = await self._jobs.stop(number)
        if job.state is State.STOPPED and not job.published:
            await self._withdraw(job)
        self._parts.scheduler.end(job)
        self._parts.logs.look(number)
        return self._view(job)

    async def _withdraw(self, job: Job) -> None:
        """Take back what a stopped job published. It is stopped also if that fails."""
        try:
            await self._parts.publisher.withdraw(job.id, job.created_at)
        except ShortsError as exc:
            self._parts.logs.write(job.id, f"warning: {exc.message} {exc.hint}")

    async def retry(self, number: int, stage: str | None, changes: Any = None, unset: Sequence[str] = ()) -> JobView:
        """Queue an ended job again; from `stage` on, nothing is reused. One that waits for its next try waits no more.

        With `changes`, JSON, or names to be `unset`, it is planned anew, and looked at as a new one is; what they leave
        as it was is reused. Raises NotFound, WrongState, BadInput, BadRequest.
        """
        self._parts.readiness.require_open()
        await self._parts.readiness.require_means()
        again = None if stage is None else _from(_known(stage), (await self._jobs.get(number)).kind)
        otherwise = changes is not None or bool(unset)
        params = await self._parts.intake.changed(await self._jobs.get(number), changes, unset) if otherwise else None
        async with self._storage.files:
            if again:
                require_resting(await self._jobs.get(number))
                await in_thread(self._storage.workspace(number).forget, again)
            reason = "retried" + (" with changes" if changes or unset else "") + (f" from {stage}" if stage else "")
            job = await self._jobs.retry(number, reason, params)
        self._parts.scheduler.wake()
        return self._view(job)

    async def prioritize(self, number: int, priority: int) -> JobView:
        """Let a job be taken before others, or after. Raises NotFound, WrongState, BadInput."""
        require_priority(priority)
        return self._view(await self._jobs.prioritize(number, priority))

    async def pause(self, *, paused: bool) -> Queued:
        """Start no job from now on, or start them again; it outlives the daemon. Raises Unavailable."""
        queued = await self.channel.pause(paused=paused)
        self._news.tell("queue.paused" if paused else "queue.resumed", {})
        return queued

    async def delete(self, number: int) -> None:
        """Forget an ended job, its artifacts and its log; what it published stays. Raises NotFound, WrongState."""
        async with self._storage.files:
            require_ended(await self._jobs.get(number))
            await self._jobs.delete(number)
            await in_thread(self._storage.workspace(number).remove)
        self._storage.changed()
        self._parts.logs.remove(number)

    async def clean(self, chosen: Chosen | None, *, outputs: bool, dry_run: bool) -> Cleaned:
        """Free the space that ended jobs take. Raises NotFound, WrongState, BadRequest, Unavailable."""
        cleaned = await self._parts.cleaning(chosen, outputs=outputs, dry_run=dry_run)
        if outputs and not dry_run:
            await self.channel.published.keep()
        return cleaned

    async def stats(self, days: float) -> Stats:
        """What was made in the last so many days, how long it took, and what it takes. Raises Unavailable."""
        return await self._parts.statistics(days)

    async def log(self, number: int, lines: int) -> list[str]:
        """The end of a job's log. Raises NotFound, Unavailable."""
        await self._jobs.get(number)
        return await asyncio.to_thread(self._parts.logs.tail, number, lines)

    async def follow_log(self, number: int, lines: int | None, quiet_s: float) -> AsyncGenerator[list[str]]:
        """The last lines of a job's log (all if None), and those to come until it has ended.

        Raises NotFound, and Unavailable if the log cannot be read.

        They come together as they are found, or none when nothing was written for `quiet_s` seconds.
        """
        await self._jobs.get(number)
        return await self._parts.logs.follow(number, lines, lambda: self._goes_on(number), quiet_s)

    def events(self, after: int | None, job: int | None, quiet_s: float) -> AsyncGenerator[Snapshot | Sequence[Event]]:
        """Where everything stands, then all that happens; or all that happened after event `after`, and goes on to."""
        return self._news.stream(after, job, quiet_s)

    async def processes(self) -> ProcessTree:
        """The daemon's processes, by job and stage. Raises Unavailable."""
        return await self._parts.processes()

    async def metrics(self) -> Metrics:
        """What is measured of the daemon. Raises Unavailable."""
        return await self._parts.metrics()

    async def backup(self) -> Copy:
        """A copy of the job database, to be closed by who reads it. Raises DiskFull, Unavailable."""
        return await self._parts.backups.make()

    async def preview(self, number: int, at: float | None, *, strip: bool) -> bytes:
        """A frame of a job's short with its caption, or a contact sheet: a PNG.

        Raises NotFound, WrongState, BadRequest, BadInput, ChildFailed, TimedOut, DiskFull, Unavailable.
        """
        return await self._parts.previews.of_job(number, moment(at, strip))

    async def preview_of(self, params: ShortParams, at: float | None, *, strip: bool) -> bytes:
        """As `preview`, of what no job was made of; its voice and pictures are made first, if they were not before."""
        return await self._parts.previews.of_params(params, moment(at, strip))

    async def voices(self, language: str | None, provider: str | None) -> VoiceList:
        """Who can be asked to speak. Raises BadInput for a provider that is not there."""
        return await self._parts.voices(language, provider)

    async def doctor(self) -> list[Finding]:
        """Look at everything that a short needs."""
        return await self._parts.doctor(self._parts.readiness.settings)

    @property
    def signin(self) -> SignIn:
        """Signing in to the channel."""
        return self._parts.signin

    @property
    def closing(self) -> asyncio.Event:
        """Set once the daemon is to end."""
        return self._parts.readiness.closing

    def live(self) -> Health:
        """The daemon answers."""
        return replace(self._parts.readiness.live(), paused=self.channel.queue.paused)

    async def ready(self) -> Health:
        """Whether the daemon can take work, and why not."""
        return replace(await self._parts.readiness.ready(), paused=self.channel.queue.paused)

    async def status(self) -> str:
        """What the daemon is doing, in a line."""
        readiness = self._parts.readiness
        queued = await self._jobs.count(State.QUEUED)
        return describe(self._parts.executor.running, queued, readiness.hindrances(), readiness.notes())

    def configured(self, later: Sequence[str]) -> None:
        """Tell that the configuration was read again; `later` are the settings that count from the next start on."""
        self._parts.readiness.misconfigured = None
        self._news.tell("config.reloaded", {"counts_from_next_start": list(later)})

    def misconfigured(self, why: ShortsError) -> None:
        """Tell that the configuration was refused: who listens hears of it now, who asks later, until it is mended."""
        self._parts.readiness.misconfigured = why
        self._news.tell("config.refused", {"message": why.message, "hint": why.hint})

    async def beat(self) -> None:
        """Return once the event loop and the store have answered: what a watchdog asks for."""
        await self._jobs.ping()

    def drain(self) -> None:
        """Take no more work, and end the daemon when the jobs that run have ended."""
        if self._draining is None:
            logger.info("draining", extra={"jobs": len(self._parts.executor.running)})
            self._parts.readiness.draining = True
            self._draining = asyncio.create_task(self._drain(), name="drain")

    async def _drain(self) -> None:
        await self._parts.scheduler.drain()
        self.shutdown()

    def shutdown(self) -> None:
        """End the daemon in order: jobs that run go back to the queue, streams end."""
        self.closing.set()
        self._parts.scheduler.quit()
        self._parts.bus.close()
        self._parts.logs.close()

    def _view(self, job: Job) -> JobView:
        return view(job, self._parts.executor.running.get(job.id), self._waits(job))

    def _waits(self, job: Job) -> str:
        """Why a job that could run does not, if no job can."""
        if self.channel.queue.paused and job.state is State.QUEUED:
            return "waits: jobs are not started before `shortsctl resume`"
        blocked = self._parts.readiness.blocked
        return f"waits: {blocked.message}" if blocked and job.state is State.QUEUED else ""

    def _behind(self, job: Job) -> str:
        """That others are to end before a job may begin; of one job alone: in a list each would say so."""
        free = job.state is not State.QUEUED or job.retry_at is not None or self._parts.scheduler.has_room(job)
        return "" if free else "waits for jobs before it to end"

    async def _goes_on(self, number: int) -> bool:
        """Whether a job's log may still grow."""
        if self.closing.is_set():
            return False
        return number in self._parts.executor.running or (await self._jobs.get(number)).state not in ENDED


def _known(stage: str) -> str:
    """The name of a stage that jobs of some kind have. Raises BadInput for another."""
    if stage not in STAGES:
        raise BadInput(f"There is no stage {stage!r}.", f"The stages are {', '.join(STAGES)}.")
    return stage


def _from(stage: str, kind: str) -> Sequence[str]:
    """A stage of a kind and all after it. Raises BadInput if it has no such stage."""
    stages = list(stages_of(kind))
    if stage not in stages:
        raise BadInput(f"Jobs of the kind {kind} have no stage {stage!r}.", f"Theirs are {', '.join(stages)}.")
    return stages[stages.index(stage) :]

"""The only wiring: builds every part of a daemon and hands it its ports."""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from operator import attrgetter

from shortsd.channel import account, prospects
from shortsd.cloud import Cloud
from shortsd.config.logs import bound
from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.domain.finish import in_thread
from shortsd.domain.job import Job
from shortsd.domain.ports import Clock, Uploads
from shortsd.domain.witness import NOBODY, Witness
from shortsd.engine.bus import Bus
from shortsd.engine.channel import Channel
from shortsd.engine.cleaning import Cleaning
from shortsd.engine.creations import Creations
from shortsd.engine.doctor import Doctor
from shortsd.engine.estimates import Estimates
from shortsd.engine.executors.local import LocalExecutor
from shortsd.engine.history import Published
from shortsd.engine.history import sweep as sweep_history
from shortsd.engine.housekeeping import EVERY_S, Housekeeping, Step
from shortsd.engine.inbox import Inbox
from shortsd.engine.inboxes import Inboxes
from shortsd.engine.intake import Intake
from shortsd.engine.joblog import JobLogs
from shortsd.engine.lost import LostJobs
from shortsd.engine.material import material
from shortsd.engine.metrics import Measuring, Tally
from shortsd.engine.previews import Previews
from shortsd.engine.processes import Processes
from shortsd.engine.queue import Queue
from shortsd.engine.readiness import Readiness
from shortsd.engine.recovery import recover
from shortsd.engine.retries import Retries
from shortsd.engine.scheduler import Scheduler
from shortsd.engine.service import Parts, Service
from shortsd.engine.settling import Means
from shortsd.engine.signin import SignIn
from shortsd.engine.statistics import Statistics
from shortsd.engine.storage import Storage
from shortsd.engine.transcripts import ChannelTranscripts
from shortsd.engine.voices import Voices
from shortsd.engine.weeks import Weeks
from shortsd.kept import Kept
from shortsd.kit import Kit, Memory, PublisherByNow, child_processes, encoding, limits, tools
from shortsd.kit import storage as storage_at
from shortsd.processes.children import ChildProcesses
from shortsd.processes.sweep import sweep
from shortsd.stages.archive import FOLDER as CHANNELS
from shortsd.stages.attempts import Attempts
from shortsd.stages.tools import Tools
from shortsd.stages.turns import Turns
from shortsd.stages.twins import Shelf
from shortsd.store.backup import Backups
from shortsd.store.calendar import CalendarStore
from shortsd.store.children import ChildRecords
from shortsd.store.creations import CreationStore
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs
from shortsd.store.ledger import PictureRecords
from shortsd.store.retention import Retention
from shortsd.store.stages import StageRuns
from shortsd.store.statistics import StatisticsStore
from shortsd.store.told import ToldRecords
from shortsd.store.transcripts import TranscriptStore
from shortsd.store.uploads import UploadRecords
from shortsd.wire.channel import Material
from shortsd.wire.models import NewJob

logger = logging.getLogger("shortsd")

AT_START = ("children.ffmpeg", "children.parallel_encoders", "creations.listen")
"""Settings that are looked at when a daemon starts, and not again."""


def retries(settings: Settings) -> Retries:
    """When what failed is tried again."""
    return Retries(settings.daemon.retries, settings.daemon.retry_wait_s)


def under_way(settings: Settings, kit: Kit) -> int:
    """Jobs that are worked at: those that this machine has a turn for, and those whose material others fetch for it."""
    return settings.daemon.max_parallel_jobs + (settings.daemon.jobs_ahead if kit.now.remote else 0)


def home_mark(places: Places) -> str:
    """What children of daemons of this home carry in their environment."""
    return blake2b(os.fsencode(places.state.resolve()), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Around:
    """What a daemon is built on: what its user set and where all lies, and what tests come between."""

    settings: Settings
    places: Places
    secrets: Secrets = field(default_factory=Secrets)
    witness: Witness = NOBODY
    clock: Clock = time.time
    housekeeping_s: float = EVERY_S


@dataclass(slots=True)
class Daemon:
    """A working daemon without its API."""

    service: Service
    readiness: Readiness
    pipeline: Callable[[Settings], Attempts]
    executor: LocalExecutor
    scheduler: Scheduler
    turns: Turns
    children: ChildProcesses
    storage: Storage
    housekeeping: Housekeeping
    kit: Kit
    furnish: Callable[[Settings], Tools]
    inbox: Inbox
    kept: Kept

    def use(self, settings: Settings) -> list[str]:
        """Work with other settings from now on; the names of those that changed and count from the next start on.

        Raises BadInput, and changes nothing, for settings that nothing can be made of.
        """
        self.kit.now = self.furnish(settings)
        before, self.readiness.settings = self.readiness.settings, settings
        self.storage.limits = settings.storage
        self.children.limits = limits(settings)
        self.executor.retries = retries(settings)
        self.executor.pipeline = self.pipeline(settings)
        self.kit.now.encoders.begin(encoding(settings))
        self.turns.places = settings.daemon.max_parallel_jobs
        self.scheduler.parallel = under_way(settings, self.kit)
        self.scheduler.wake()
        self.inbox.use(settings.inbox)
        return [key for key in AT_START if attrgetter(key)(settings) != attrgetter(key)(before)]

    def hurry(self) -> None:
        """Let nothing take its time any more: processes are killed, not asked."""
        self.scheduler.quit()
        self.children.kill()

    async def close(self) -> None:
        """End all work, each job being moved, and then every process. Called again, it does nothing."""
        await self.inbox.close()
        await self.service.signin.close()
        await self.housekeeping.close()
        await self.scheduler.close()
        await self.children.end_all()
        await self.kept.close()


@contextlib.asynccontextmanager
async def daemon(around: Around) -> AsyncIterator[Daemon]:
    """A working daemon: what the last one left is put in order first. All is ended on leaving."""
    tally = Tally()
    bus = Bus(tally.hear)
    database = await Database.open(around.places.database, bus.publish, witness=around.witness)
    try:
        ground = await _ground(around, database)
        await _put_in_order(ground, around.places)
        made = _build(around, ground, bus, tally)
        made.scheduler.start()
        made.housekeeping.start()
        made.inbox.start()
        made.kit.now.encoders.begin(encoding(around.settings))
        try:
            yield made
        finally:
            await made.close()
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class _Ground:
    """What everything else stands on: what is kept, and who does the work."""

    database: Database
    jobs: Jobs
    runs: StageRuns
    records: ChildRecords
    logs: JobLogs
    children: ChildProcesses
    kit: Kit
    furnish: Callable[[Settings], Tools]
    """Makes the stages' ports anew."""
    uploads: Uploads
    kept: Kept
    paused: bool


async def _ground(around: Around, database: Database) -> _Ground:
    records = ChildRecords(database)
    children = child_processes(around.settings, home_mark(around.places), records)
    uploads = UploadRecords(database)
    shelf = Shelf(ToldRecords(database, around.clock))
    memory = Memory(shelf, PictureRecords(database, around.clock), uploads, around.clock)
    kit = Kit(tools(around.settings, around.places, around.secrets, children, memory, around.witness))

    def furnish(now: Settings) -> Tools:
        with memory.kept.anew():
            return tools(now, around.places, around.secrets, children, memory, around.witness, kit.now)

    return _Ground(
        database=database,
        jobs=Jobs(database, around.clock),
        runs=StageRuns(database, around.clock),
        records=records,
        logs=JobLogs(around.places.logs, around.clock),
        children=children,
        kit=kit,
        furnish=furnish,
        uploads=uploads,
        kept=memory.kept,
        paused=await CalendarStore(database).paused(),
    )


async def _put_in_order(ground: _Ground, places: Places) -> None:
    """End what the last daemon left running, and move each job that it had at work."""
    await _end_ghosts(ground.records, home_mark(places))
    died = not places.ending.exists()
    await recover(ground.jobs, ground.runs, ground.logs, ground.kit.now.publisher, places.work, died=died)
    await in_thread(sweep_history, places.output)
    places.ending.unlink(missing_ok=True)


def _build(around: Around, ground: _Ground, bus: Bus, tally: Tally) -> Daemon:
    """Every part of a daemon, handed its ports."""
    settings, places, clock = around.settings, around.places, around.clock
    jobs, runs, logs, kit = ground.jobs, ground.runs, ground.logs, ground.kit
    storage = Storage(places, settings.storage, runs, Retention(ground.database), logs, clock)
    readiness = Readiness(settings, jobs, storage, (places.work, places.output), kit.now.ffmpeg)

    publisher = PublisherByNow(kit)
    turns = Turns(settings.daemon.max_parallel_jobs)

    def pipeline(now: Settings) -> Attempts:
        return Attempts(kit.now, jobs, places.work, places.output, now.daemon.min_free_mb << 20, turns, around.witness)

    executor = LocalExecutor(pipeline(settings), jobs, runs, logs, bus, publisher, retries(settings), clock)

    calendar = CalendarStore(ground.database)
    published = Published(calendar, places.output)

    async def run(job: Job, end: asyncio.Event) -> None:
        await executor.run(job, end)
        await storage.tidy(job.id)
        await published.keep()

    queue = Queue(jobs, readiness, paused=ground.paused)
    scheduler = Scheduler(queue.claim, queue.due_s, run, under_way(settings, kit))
    statistics = StatisticsStore(ground.database)

    intake = Intake(jobs, readiness, kit.examine)
    estimates = _estimates(ground, readiness, around)

    async def look(job: Job) -> Material:
        return await material(job, kit.now, storage.workspace(job.id))

    states, waiting_since = statistics.states, statistics.waiting_since
    parts = Parts(
        jobs=jobs,
        runs=runs,
        logs=logs,
        bus=bus,
        scheduler=scheduler,
        executor=executor,
        publisher=publisher,
        intake=intake,
        readiness=readiness,
        storage=storage,
        cleaning=Cleaning(storage, jobs, logs, publisher, places.output, clock),
        statistics=Statistics(statistics, storage, places, clock),
        metrics=Measuring(states, waiting_since, ground.children.running, storage.usage, tally, clock),
        processes=Processes(ground.children, jobs, executor.running, clock),
        backups=Backups(places.database, ground.database.aside, lambda: readiness.settings.daemon.min_free_mb << 20),
        channel=Channel(
            jobs=jobs,
            store=calendar,
            weeks=Weeks(calendar, lambda: readiness.settings, clock),
            estimates=estimates,
            published=published,
            queue=queue,
            scheduler=scheduler,
            take_in=intake,
            look=look,
            clock=clock,
        ),
        previews=Previews(kit.untold, jobs, storage, readiness, kit.examine_short, places.cache / "preview"),
        creations=_creations(ground, readiness, intake, scheduler),
        transcripts=_transcripts(ground, estimates, intake, scheduler, places),
        voices=Voices(kit.roster),
        signin=SignIn(lambda: account(readiness.settings, around.secrets, places, clock)),
        doctor=lambda now: Doctor(kit.now, now, places, around.secrets)(),
        clock=clock,
    )
    steps = {**_rounds(ground, scheduler, storage, places), "history": published.catch_up}
    rounds = Housekeeping(steps, around.housekeeping_s)
    service = Service(parts)
    inbox = Inbox(_inbox_means(around, service, readiness, logs), settings.inbox)
    return Daemon(
        service=service,
        readiness=readiness,
        pipeline=pipeline,
        executor=executor,
        scheduler=scheduler,
        turns=turns,
        children=ground.children,
        storage=storage,
        housekeeping=rounds,
        kit=kit,
        furnish=ground.furnish,
        inbox=inbox,
        kept=ground.kept,
    )


def _estimates(ground: _Ground, readiness: Readiness, around: Around) -> Estimates:
    """Who tells what jobs take, by what is configured, who is signed in, and what is left of a quota by then."""
    return Estimates(
        runs=ground.runs,
        settings=lambda: readiness.settings,
        tools=lambda: ground.kit.now,
        prospects=lambda: prospects(readiness.settings, around.places, ground.uploads, around.clock),
    )


def _creations(ground: _Ground, readiness: Readiness, intake: Intake, scheduler: Scheduler) -> Creations:
    """Who answers for creations, by what is configured by then."""

    async def take_in(wanted: Sequence[NewJob]) -> Sequence[Job]:
        accepted = await intake(wanted, None)
        scheduler.wake()
        return accepted.jobs

    return Creations(
        store=CreationStore(ground.database),
        take_in=take_in,
        settings=lambda: readiness.settings.creations,
        storage=storage_at,
        executions=Cloud(lambda: readiness.settings).executions,
    )


def _transcripts(
    ground: _Ground, estimates: Estimates, intake: Intake, scheduler: Scheduler, places: Places
) -> ChannelTranscripts:
    """Who writes channels down, with what is configured by then."""
    return ChannelTranscripts(
        store=TranscriptStore(ground.database),
        jobs=ground.jobs,
        estimates=estimates,
        take_in=intake,
        scheduler=scheduler,
        tools=lambda: ground.kit.now,
        root=places.output / CHANNELS,
    )


def _inbox_means(around: Around, service: Service, readiness: Readiness, logs: JobLogs) -> Means:
    """What the inbox works with."""
    places = around.places
    return Means(
        create=service.create,
        require=readiness.require_all,
        told=logs.write,
        usual=places.inbox,
        apart=(places.state, places.cache, places.output, places.config_file),
        inboxes=Inboxes(places.inboxes),
        clock=around.clock,
        witness=around.witness,
    )


def _rounds(ground: _Ground, scheduler: Scheduler, storage: Storage, places: Places) -> Mapping[str, Step]:
    """What is looked after again and again, by its name."""
    return {
        "stray processes": lambda: _end_strays(ground.children, scheduler),
        "lost jobs": LostJobs(ground.jobs, ground.logs, scheduler.at_work),
        "storage": storage.prune,
        "log": lambda: in_thread(bound, places.daemon_log),
        "queue": lambda: _look_at(scheduler),
        "connections": ground.kept.rest,
    }


async def _end_ghosts(records: ChildRecords, mark: str) -> None:
    """End processes that the last daemon left."""
    for ended in await sweep(await records.all(), mark):
        logger.warning("a process of the last daemon was ended", extra={"pid": ended.pid, "job": ended.job})
    await records.clear()


async def _end_strays(children: ChildProcesses, scheduler: Scheduler) -> None:
    """End processes that nobody works with."""
    for ended in await children.sweep(scheduler.at_work()):
        logger.warning("a stray process was ended", extra={"pid": ended.pid, "child": ended.name, "job": ended.job})


async def _look_at(scheduler: Scheduler) -> None:
    """Look at the queue, and at jobs that go on waiting since a clock jumped."""
    scheduler.wake()

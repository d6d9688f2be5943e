"""The only wiring: builds every part of a daemon and hands it its ports."""

import asyncio
import contextlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path

import imageio_ffmpeg

from shortsd.config.home import held
from shortsd.config.logs import bound
from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.job import Job
from shortsd.domain.ports import Clock
from shortsd.domain.process import ChildRecord
from shortsd.domain.witness import NOBODY, Witness
from shortsd.engine.bus import Bus
from shortsd.engine.cleaning import Cleaning
from shortsd.engine.doctor import Doctor
from shortsd.engine.executors.local import LocalExecutor
from shortsd.engine.housekeeping import EVERY_S, Housekeeping
from shortsd.engine.intake import Intake
from shortsd.engine.joblog import JobLogs
from shortsd.engine.lost import LostJobs
from shortsd.engine.metrics import Measuring, Tally
from shortsd.engine.processes import Processes
from shortsd.engine.queue import Queue
from shortsd.engine.readiness import Readiness
from shortsd.engine.recovery import recover
from shortsd.engine.retries import Retries
from shortsd.engine.scheduler import Scheduler
from shortsd.engine.service import Parts, Service
from shortsd.engine.statistics import Statistics
from shortsd.engine.storage import Storage
from shortsd.media.encode import EncodeSettings
from shortsd.media.fonts import install
from shortsd.processes.children import ChildProcesses
from shortsd.processes.limits import Limits
from shortsd.processes.registry import Registry
from shortsd.processes.sweep import sweep
from shortsd.processes.workers import WorkerProcesses
from shortsd.providers.images.folder import FolderPictures
from shortsd.providers.images.painter import PainterPictures
from shortsd.providers.music.file import FileMusic
from shortsd.providers.music.pad import PadMusic
from shortsd.providers.publish.folder import FolderPublisher
from shortsd.providers.voice.espeak import EspeakVoice
from shortsd.providers.writer.builtin import BuiltinWriter
from shortsd.stages.pipeline import ShortPipeline
from shortsd.stages.preflight import preflight
from shortsd.stages.tools import Tools
from shortsd.store.backup import Backups
from shortsd.store.children import ChildRecords
from shortsd.store.database import Database
from shortsd.store.examine import examine
from shortsd.store.jobs import Jobs
from shortsd.store.retention import Retention
from shortsd.store.stages import StageRuns
from shortsd.store.statistics import StatisticsStore
from shortsd.wire.models import Finding

logger = logging.getLogger("shortsd")

CHECK_MARK = "check"
"""What children of a check carry: no home's, so that a daemon that starts meanwhile does not take them for ghosts."""
AT_START = ("children.ffmpeg", "children.parallel_encoders")
"""Settings that are looked at when a daemon starts, and not again."""


def ffmpeg(settings: Settings) -> str:
    """The FFmpeg to use. Raises BadInput if there is none."""
    named = settings.children.ffmpeg
    if named:
        if shutil.which(named) is None:
            raise BadInput(f"children.ffmpeg names {named}, which is no program that can be run.", "Name another.")
        return named
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as exc:
        raise BadInput("No FFmpeg was found.", "Reinstall imageio-ffmpeg, or name one in children.ffmpeg.") from exc


def tools(settings: Settings, places: Places, children: ChildProcesses, witness: Witness = NOBODY) -> Tools:
    """The stages' ports, on embedded defaults. Raises BadInput, DiskFull, Unavailable."""
    workers = WorkerProcesses(children)
    program = ffmpeg(settings)
    return Tools(
        writer=BuiltinWriter(),
        voice=EspeakVoice(),
        painter=PainterPictures(workers),
        pad=PadMusic(workers),
        folder=lambda folder: FolderPictures(workers, folder),
        file=lambda file: FileMusic(children, program, file),
        publisher=FolderPublisher(places.output, witness),
        children=children,
        workers=workers,
        ffmpeg=program,
        fonts=install(places.cache / "fonts"),
        encoding=encoding(settings),
        stall_s=settings.children.stall_s,
    )


def tuned(pipeline: ShortPipeline, settings: Settings) -> ShortPipeline:
    """The pipeline as it is with these settings, for jobs that start from now on."""
    kit = replace(pipeline.tools, encoding=encoding(settings), stall_s=settings.children.stall_s)
    return replace(pipeline, tools=kit, min_free_bytes=settings.daemon.min_free_mb << 20)


def encoding(settings: Settings) -> EncodeSettings:
    """How videos are encoded."""
    return EncodeSettings(preset=settings.video.preset, crf=settings.video.crf)


def retries(settings: Settings) -> Retries:
    """When what failed is tried again."""
    return Retries(settings.daemon.retries, settings.daemon.retry_wait_s)


def limits(settings: Settings) -> Limits:
    """What a child may take."""
    wanted = settings.children
    return Limits(
        stall_s=wanted.stall_s,
        time_s=wanted.time_limit_s,
        nice=wanted.nice,
        io_class=wanted.io_class,
        memory_mb=wanted.memory_mb,
    )


def child_processes(settings: Settings, mark: str, registry: Registry) -> ChildProcesses:
    """All children of a process of ours; `mark` is what they carry."""
    return ChildProcesses(registry, mark, limits(settings), settings.children.parallel_encoders)


def home_mark(places: Places) -> str:
    """What children of daemons of this home carry in their environment."""
    return blake2b(os.fsencode(places.state.resolve()), digest_size=8).hexdigest()


@dataclass(slots=True)
class Daemon:
    """A working daemon without its API."""

    service: Service
    readiness: Readiness
    pipeline: ShortPipeline
    executor: LocalExecutor
    scheduler: Scheduler
    children: ChildProcesses
    storage: Storage
    housekeeping: Housekeeping

    def use(self, settings: Settings) -> list[str]:
        """Work with other settings from now on; the names of those that changed and count from the next start on."""
        before, self.readiness.settings = self.readiness.settings, settings
        self.storage.limits = settings.storage
        self.children.limits = limits(settings)
        self.executor.retries = retries(settings)
        self.pipeline = tuned(self.pipeline, settings)
        self.executor.pipeline = self.pipeline
        self.scheduler.parallel = settings.daemon.max_parallel_jobs
        self.scheduler.wake()
        return [key for key in AT_START if attrgetter(key)(settings) != attrgetter(key)(before)]

    def hurry(self) -> None:
        """Let nothing take its time any more: processes are killed, not asked."""
        self.scheduler.quit()
        self.children.kill()

    async def close(self) -> None:
        """End all work, each job being moved, and then every process. Called again, it does nothing."""
        await self.housekeeping.close()
        await self.scheduler.close()
        await self.children.end_all()


@contextlib.asynccontextmanager
async def daemon(
    settings: Settings,
    places: Places,
    witness: Witness = NOBODY,
    secrets: Secrets | None = None,
    clock: Clock = time.time,
    housekeeping_s: float = EVERY_S,
) -> AsyncIterator[Daemon]:
    """A working daemon: what the last one left is put in order first. All is ended on leaving."""
    tally = Tally()
    bus = Bus(tally.hear)
    database = await Database.open(places.database, bus.publish, witness=witness)
    try:
        jobs, runs, records = Jobs(database, clock), StageRuns(database, clock), ChildRecords(database)
        logs = JobLogs(places.logs, clock)
        children = child_processes(settings, home_mark(places), records)
        kit = tools(settings, places, children, witness)
        await _end_ghosts(records, home_mark(places))
        await recover(jobs, runs, logs, kit.publisher, places.work, died=not places.ending.exists())
        places.ending.unlink(missing_ok=True)
        pipeline = ShortPipeline(kit, jobs, places.work, settings.daemon.min_free_mb << 20, witness)
        executor = LocalExecutor(pipeline, jobs, runs, logs, bus, kit.publisher, retries(settings), clock)
        statistics = StatisticsStore(database)
        storage = Storage(places, settings.storage, runs, Retention(database), logs, clock)

        readiness = Readiness(settings, jobs, storage, (places.work, places.output), kit.ffmpeg)

        async def run(job: Job, end: asyncio.Event) -> None:
            await executor.run(job, end)
            await storage.tidy(job.id)

        queue = Queue(jobs, readiness)
        scheduler = Scheduler(queue.claim, queue.due_s, run, settings.daemon.max_parallel_jobs)
        parts = Parts(
            jobs=jobs,
            runs=runs,
            logs=logs,
            bus=bus,
            scheduler=scheduler,
            executor=executor,
            publisher=kit.publisher,
            intake=Intake(jobs, readiness, lambda plan: preflight(plan, kit)),
            readiness=readiness,
            storage=storage,
            cleaning=Cleaning(storage, jobs, logs, kit.publisher, places.output, clock),
            statistics=Statistics(statistics, storage, places, clock),
            metrics=Measuring(
                statistics.states, statistics.waiting_since, children.running, storage.usage, tally, clock
            ),
            processes=Processes(children, jobs, executor.running, clock),
            backups=Backups(places.database, database.aside, lambda: readiness.settings.daemon.min_free_mb << 20),
            doctor=lambda settings: Doctor(kit, settings, places, secrets or Secrets())(),
            clock=clock,
        )
        rounds = Housekeeping(
            {
                "stray processes": lambda: _end_strays(children, scheduler),
                "lost jobs": LostJobs(jobs, logs, scheduler.at_work),
                "storage": storage.prune,
                "log": lambda: in_thread(bound, places.daemon_log),
                "queue": lambda: _look_at(scheduler),
            },
            housekeeping_s,
        )
        made = Daemon(Service(parts), readiness, pipeline, executor, scheduler, children, storage, rounds)
        scheduler.start()
        rounds.start()
        try:
            yield made
        finally:
            await made.close()
    finally:
        await database.close()


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


async def check(settings: Settings, places: Places) -> list[Finding]:
    """What doctor finds where no daemon runs."""
    stored = await asyncio.to_thread(_database, places)
    children = child_processes(settings, CHECK_MARK, _Unrecorded())
    with tempfile.TemporaryDirectory() as folder:  # who looks may be root, and the daemon's files somebody else's
        try:
            secrets = Secrets.take(os.environ, places.config_file.parent)
            kit = await asyncio.to_thread(tools, settings, replace(places, cache=Path(folder)), children)
        except ShortsError as exc:
            return [Finding(name="set-up", ok=False, detail=exc.message, remedy=exc.hint), stored]
        return [*await Doctor(kit, settings, places, secrets)(), stored]


def _database(places: Places) -> Finding:
    """Whether a daemon could start on the job database."""
    if held(places):
        return Finding(name="database", ok=True, detail=f"{places.database}, which a daemon works with")
    try:
        return Finding(name="database", ok=True, detail=examine(places.database))
    except ShortsError as exc:
        return Finding(name="database", ok=False, detail=exc.message, remedy=exc.hint)


class _Unrecorded:
    """A registry for children that do not outlive a command (processes.registry.Registry)."""

    async def add(self, record: ChildRecord) -> None:
        del record

    async def remove(self, pid: int) -> None:
        del pid

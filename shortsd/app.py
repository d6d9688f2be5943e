"""The only wiring: builds every part of a daemon, hands it its ports, and sees it from start to end."""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator, Awaitable
from hashlib import blake2b

import imageio_ffmpeg

from shortsd import __version__
from shortsd.api.server import Server, application
from shortsd.api.socket import listen
from shortsd.config.home import claim, prepare
from shortsd.config.places import Places
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, ShortsError
from shortsd.domain.process import ChildRecord
from shortsd.engine.bus import Bus
from shortsd.engine.doctor import Doctor
from shortsd.engine.executors.local import LocalExecutor
from shortsd.engine.joblog import JobLogs
from shortsd.engine.recovery import recover
from shortsd.engine.scheduler import Scheduler
from shortsd.engine.service import Parts, Service
from shortsd.media.encode import EncodeSettings
from shortsd.media.fonts import install
from shortsd.processes.child import Limits
from shortsd.processes.children import ChildProcesses
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
from shortsd.stages.runner import Entered, nobody
from shortsd.stages.tools import Tools
from shortsd.store.children import ChildRecords
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs
from shortsd.store.stages import StageRuns
from shortsd.wire.models import Finding

logger = logging.getLogger("shortsd")

CHECK_MARK = "check"
"""What children of a check carry: no home's, so that a daemon that starts meanwhile does not take them for ghosts."""
SHUTDOWN_S = 5.0
"""From the word to end until the daemon is gone, whatever happens."""


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


def tools(settings: Settings, places: Places, children: ChildProcesses) -> Tools:
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
        publisher=FolderPublisher(places.output),
        children=children,
        workers=workers,
        ffmpeg=program,
        fonts=install(places.cache / "fonts"),
        encoding=EncodeSettings(preset=settings.video.preset, crf=settings.video.crf),
        stall_s=settings.children.stall_s,
    )


def child_processes(settings: Settings, mark: str, registry: Registry) -> ChildProcesses:
    """All children of a process of ours; `mark` is what they carry."""
    limits = Limits(
        stall_s=settings.children.stall_s, time_s=settings.children.time_limit_s, nice=settings.children.nice
    )
    return ChildProcesses(registry, mark, limits)


def home_mark(places: Places) -> str:
    """What children of daemons of this home carry in their environment."""
    return blake2b(os.fsencode(places.state.resolve()), digest_size=8).hexdigest()


@contextlib.asynccontextmanager
async def daemon(settings: Settings, places: Places, entered: Entered = nobody) -> AsyncIterator[Service]:
    """A working daemon without its API: what the last one left is put in order first. All is ended on leaving."""
    clock, bus = time.time, Bus()
    database = await Database.open(places.database, bus.publish)
    try:
        jobs, runs, records = Jobs(database, clock), StageRuns(database, clock), ChildRecords(database)
        logs = JobLogs(places.logs, clock)
        children = child_processes(settings, home_mark(places), records)
        kit = tools(settings, places, children)
        for ended in await sweep(await records.all(), home_mark(places)):
            logger.warning("a process of the last daemon was ended", extra={"pid": ended.pid, "job": ended.job})
        await records.clear()
        await recover(jobs, runs, logs, kit.publisher, places.work)
        pipeline = ShortPipeline(kit, jobs, places.work, settings.daemon.min_free_mb << 20, entered)
        executor = LocalExecutor(pipeline, jobs, runs, logs, bus, kit.publisher, clock)
        scheduler = Scheduler(jobs.claim, executor.run, settings.daemon.max_parallel_jobs)
        parts = Parts(
            settings=settings,
            jobs=jobs,
            runs=runs,
            logs=logs,
            bus=bus,
            scheduler=scheduler,
            executor=executor,
            publisher=kit.publisher,
            work=places.work,
            output=places.output,
            preflight=lambda plan: preflight(plan, kit),
            doctor=Doctor(kit, settings, places),
            clock=clock,
        )
        scheduler.start()
        try:
            yield Service(parts)
        finally:
            await scheduler.close()
            await children.end_all()
    finally:
        await database.close()


async def serve(settings: Settings, places: Places, entered: Entered = nobody) -> None:
    """Be the daemon of a home until a signal or a client ends it.

    Raises Unavailable if another one is, or if the database cannot be used; BadInput for too long a socket path.
    """
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, ending.set)
    await asyncio.to_thread(prepare, places)
    with claim(places), listen(places.socket) as socket:
        async with daemon(settings, places, entered) as service:
            server = Server(application(service))
            serving = asyncio.create_task(server.serve(sockets=[socket]), name="api")
            logger.info("ready", extra={"version": __version__, "pid": os.getpid(), "socket": str(places.socket)})
            await _any(ending.wait(), service.closing.wait(), serving)
            logger.info("shutting down")
            loop.call_later(SHUTDOWN_S, _give_up)
            service.shutdown()
            server.should_exit = True
            await serving
    logger.info("ended")


async def _any(*awaitables: Awaitable[object]) -> None:
    """Wait until one of these is done."""
    tasks = [asyncio.ensure_future(one) for one in awaitables]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks[:-1]:
        task.cancel()


def _give_up() -> None:
    """Leave at once: what could not be ended in time dies with us, and the next start puts it in order."""
    logger.error("the shutdown took too long", extra={"limit_s": SHUTDOWN_S})
    os._exit(1)


async def check(settings: Settings, places: Places) -> list[Finding]:
    """What doctor finds where no daemon runs."""
    try:
        kit = await asyncio.to_thread(tools, settings, places, child_processes(settings, CHECK_MARK, _Unrecorded()))
    except ShortsError as exc:
        return [Finding(name="set-up", ok=False, detail=exc.message, remedy=exc.hint)]
    return await Doctor(kit, settings, places)()


class _Unrecorded:
    """A registry for children that do not outlive a command (processes.registry.Registry)."""

    async def add(self, record: ChildRecord) -> None:
        del record

    async def remove(self, pid: int) -> None:
        del pid

"""What makes jobs, one after the other or several at a time, and looks after what lies about."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from shortsd.config.logs import bound
from shortsd.config.settings import Settings
from shortsd.domain.finish import in_thread
from shortsd.domain.job import Job, Lane
from shortsd.engine.bus import Bus
from shortsd.engine.executors.local import LocalExecutor
from shortsd.engine.history import Published
from shortsd.engine.housekeeping import Housekeeping, Step
from shortsd.engine.lost import LostJobs
from shortsd.engine.queue import Queue
from shortsd.engine.readiness import Readiness
from shortsd.engine.retries import Retries
from shortsd.engine.scheduler import Scheduler
from shortsd.engine.storage import Storage
from shortsd.ground import Around, Ground
from shortsd.kit import Kit, PublisherByNow, encoding
from shortsd.processes.children import ChildProcesses
from shortsd.stages.attempts import Attempts
from shortsd.stages.kinds import lane_of
from shortsd.stages.turns import Turns
from shortsd.store.retention import Retention

logger = logging.getLogger("shortsd")


@dataclass(frozen=True, slots=True)
class Works:
    """Who does what about jobs, each with its ports."""

    storage: Storage
    readiness: Readiness
    publisher: PublisherByNow
    published: Published
    turns: Turns
    pipeline: Callable[[Settings], Attempts]
    executor: LocalExecutor
    queue: Queue
    scheduler: Scheduler

    def use(self, settings: Settings, kit: Kit) -> None:
        """Work with other settings from now on, and with a kit that was made for them."""
        self.readiness.settings = settings
        self.storage.limits = settings.storage
        self.executor.retries = _retries(settings)
        self.executor.pipeline = self.pipeline(settings)
        kit.now.encoders.begin(encoding(settings))
        self.turns.places = settings.daemon.max_parallel_jobs
        self.scheduler.places = _places(settings, kit)
        self.scheduler.wake()


def built(around: Around, ground: Ground, bus: Bus, *, paused: bool) -> Works:
    """The works of a daemon; `paused`, they take no job up."""
    settings, places, kit, jobs = around.settings, around.places, ground.kit, ground.jobs
    storage = Storage(places, settings.storage, ground.runs, Retention(ground.database), ground.logs, around.clock)
    readiness = Readiness(settings, jobs, storage, (places.work, places.output), kit.now.ffmpeg)
    publisher, published = PublisherByNow(kit), Published(ground.calendar, places.output)
    turns = Turns(settings.daemon.max_parallel_jobs)

    def pipeline(now: Settings) -> Attempts:
        return Attempts(kit.now, jobs, places.work, places.output, now.daemon.min_free_mb << 20, turns, around.witness)

    executor = LocalExecutor(
        pipeline(settings), jobs, ground.runs, ground.logs, bus, publisher, _retries(settings), around.clock
    )

    async def run(job: Job, end: asyncio.Event) -> None:
        await executor.run(job, end)
        await storage.tidy(job.id)
        await published.keep()

    queue = Queue(jobs, readiness, paused=paused)
    return Works(
        storage=storage,
        readiness=readiness,
        publisher=publisher,
        published=published,
        turns=turns,
        pipeline=pipeline,
        executor=executor,
        queue=queue,
        scheduler=Scheduler(queue.claim, queue.due_s, run, lane_of, _places(settings, kit)),
    )


def housekeeping(around: Around, ground: Ground, works: Works) -> Housekeeping:
    """Who looks after what lies about, again and again."""
    scheduler, log = works.scheduler, around.places.daemon_log
    steps: dict[str, Step] = {
        "stray processes": lambda: _end_strays(ground.children, scheduler),
        "lost jobs": LostJobs(ground.jobs, ground.logs, scheduler.at_work),
        "storage": works.storage.prune,
        "log": lambda: in_thread(bound, log),
        "queue": lambda: _look_at(scheduler),
        "connections": ground.kept.rest,
        "history": works.published.catch_up,
    }
    return Housekeeping(steps, around.housekeeping_s)


def _retries(settings: Settings) -> Retries:
    """When what failed is tried again."""
    return Retries(settings.daemon.retries, settings.daemon.retry_wait_s)


def _places(settings: Settings, kit: Kit) -> dict[Lane, int]:
    """Jobs at a time: those that this machine has a turn for, and those whose material others fetch for it."""
    ahead = settings.daemon.jobs_ahead if kit.now.remote else 0
    return {Lane.FETCH: settings.channels.at_once, Lane.WORK: settings.daemon.max_parallel_jobs + ahead}


async def _end_strays(children: ChildProcesses, scheduler: Scheduler) -> None:
    """End processes that nobody works with."""
    for ended in await children.sweep(scheduler.at_work()):
        logger.warning("a stray process was ended", extra={"pid": ended.pid, "child": ended.name, "job": ended.job})


async def _look_at(scheduler: Scheduler) -> None:
    """Look at the queue, and at jobs that go on waiting since a clock jumped."""
    scheduler.wake()

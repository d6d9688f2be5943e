"""The only wiring: builds every part of a daemon and hands it its ports."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from shortsd.channel import account, prospects
from shortsd.cloud import Cloud
from shortsd.config.settings import Settings
from shortsd.domain.job import Job
from shortsd.engine.bus import Bus
from shortsd.engine.channel import Channel
from shortsd.engine.cleaning import Cleaning
from shortsd.engine.creations import Creations
from shortsd.engine.doctor import Doctor
from shortsd.engine.estimates import Estimates
from shortsd.engine.housekeeping import Housekeeping
from shortsd.engine.inbox import Inbox
from shortsd.engine.inboxes import Inboxes
from shortsd.engine.intake import Intake
from shortsd.engine.material import material
from shortsd.engine.metrics import Measuring, Tally
from shortsd.engine.previews import Previews
from shortsd.engine.processes import Processes
from shortsd.engine.readiness import Readiness
from shortsd.engine.service import Parts, Service
from shortsd.engine.settling import Means
from shortsd.engine.signin import SignIn
from shortsd.engine.statistics import Statistics
from shortsd.engine.transcripts import ChannelTranscripts
from shortsd.engine.voices import Voices
from shortsd.engine.weeks import Weeks
from shortsd.ground import Around, Ground, laid, put_in_order
from shortsd.kit import encoding, limits
from shortsd.kit import storage as storage_at
from shortsd.stages.archive import FOLDER as CHANNELS
from shortsd.store.backup import Backups
from shortsd.store.creations import CreationStore
from shortsd.store.database import Database
from shortsd.store.statistics import StatisticsStore
from shortsd.store.transcripts import TranscriptStore
from shortsd.wire.channel import Material
from shortsd.wire.models import NewJob
from shortsd.works import Works, built, housekeeping

AT_START = ("children.ffmpeg", "children.parallel_encoders", "creations.listen")
"""Settings that are looked at when a daemon starts, and not again."""


@dataclass(frozen=True, slots=True)
class Daemon:
    """A working daemon without its API."""

    ground: Ground
    works: Works
    service: Service
    housekeeping: Housekeeping
    inbox: Inbox

    def use(self, settings: Settings) -> list[str]:
        """Work with other settings from now on; the names of those that changed and count from the next start on.

        Raises BadInput, and changes nothing, for settings that nothing can be made of.
        """
        before, ground = self.works.readiness.settings, self.ground
        ground.kit.now = ground.furnish(settings)
        ground.children.limits = limits(settings)
        self.works.use(settings, ground.kit)
        self.inbox.use(settings.inbox)
        return [key for key in AT_START if attrgetter(key)(settings) != attrgetter(key)(before)]

    def hurry(self) -> None:
        """Let nothing take its time any more: processes are killed, not asked."""
        self.works.scheduler.quit()
        self.ground.children.kill()

    async def close(self) -> None:
        """End all work, each job being moved, and then every process. Called again, it does nothing."""
        await self.inbox.close()
        await self.service.signin.close()
        await self.housekeeping.close()
        await self.works.scheduler.close()
        await self.ground.children.end_all()
        await self.works.published.close()
        await self.ground.kept.close()


@contextlib.asynccontextmanager
async def daemon(around: Around) -> AsyncIterator[Daemon]:
    """A working daemon: what the last one left is put in order first. All is ended on leaving."""
    tally = Tally()
    bus = Bus(tally.hear)
    database = await Database.open(around.places.database, bus.publish, witness=around.witness)
    try:
        ground = laid(around, database)
        await put_in_order(ground, around.places)
        works = built(around, ground, bus, paused=await ground.calendar.paused())
        service = Service(_parts(around, ground, works, bus, tally))
        inbox = Inbox(_inbox_means(around, ground, works, service), around.settings.inbox)
        made = Daemon(ground, works, service, housekeeping(around, ground, works), inbox)
        works.scheduler.start()
        made.housekeeping.start()
        made.inbox.start()
        ground.kit.now.encoders.begin(encoding(around.settings))
        try:
            yield made
        finally:
            await made.close()
    finally:
        await database.close()


def _parts(around: Around, ground: Ground, works: Works, bus: Bus, tally: Tally) -> Parts:
    """What the service works with."""
    places, clock, jobs, kit = around.places, around.clock, ground.jobs, ground.kit
    storage, readiness, scheduler = works.storage, works.readiness, works.scheduler
    statistics = StatisticsStore(ground.database)
    states, waiting_since = statistics.states, statistics.waiting_since
    intake = Intake(jobs, readiness, kit.examine)
    estimates = _estimates(around, ground, readiness)
    return Parts(
        jobs=jobs,
        runs=ground.runs,
        logs=ground.logs,
        bus=bus,
        scheduler=scheduler,
        executor=works.executor,
        publisher=works.publisher,
        intake=intake,
        readiness=readiness,
        storage=storage,
        cleaning=Cleaning(storage, jobs, ground.logs, works.publisher, places.output, clock),
        statistics=Statistics(statistics, storage, places, clock),
        metrics=Measuring(states, waiting_since, ground.children.running, storage.usage, tally, clock),
        processes=Processes(ground.children, jobs, works.executor.running, clock),
        backups=Backups(places.database, ground.database.aside, lambda: readiness.settings.daemon.min_free_mb << 20),
        previews=Previews(kit.untold, jobs, storage, readiness, kit.examine_short, places.cache / "preview"),
        channel=_channel(around, ground, works, estimates, intake),
        creations=_creations(ground, works, intake),
        transcripts=_transcripts(around, ground, works, estimates, intake),
        voices=Voices(kit.roster),
        signin=SignIn(lambda: account(readiness.settings, around.secrets, places, clock)),
        doctor=lambda now: Doctor(kit.now, now, places, around.secrets)(),
        clock=clock,
    )


def _estimates(around: Around, ground: Ground, readiness: Readiness) -> Estimates:
    """Who tells what jobs take, by what is configured, who is signed in, and what is left of a quota by then."""
    return Estimates(
        runs=ground.runs,
        settings=lambda: readiness.settings,
        tools=lambda: ground.kit.now,
        prospects=lambda: prospects(readiness.settings, around.places, ground.uploads, around.clock),
    )


def _channel(around: Around, ground: Ground, works: Works, estimates: Estimates, intake: Intake) -> Channel:
    """Who answers for the channel, by what is configured by then."""

    async def look(job: Job) -> Material:
        return await material(job, ground.kit.now, works.storage.workspace(job.id))

    return Channel(
        jobs=ground.jobs,
        store=ground.calendar,
        weeks=Weeks(ground.calendar, lambda: works.readiness.settings, around.clock),
        estimates=estimates,
        published=works.published,
        queue=works.queue,
        scheduler=works.scheduler,
        take_in=intake,
        look=look,
        clock=around.clock,
    )


def _creations(ground: Ground, works: Works, intake: Intake) -> Creations:
    """Who answers for creations, by what is configured by then."""

    async def take_in(wanted: Sequence[NewJob]) -> Sequence[Job]:
        accepted = await intake(wanted, None)
        works.scheduler.wake()
        return accepted.jobs

    return Creations(
        store=CreationStore(ground.database),
        take_in=take_in,
        settings=lambda: works.readiness.settings.creations,
        storage=storage_at,
        executions=Cloud(lambda: works.readiness.settings).executions,
    )


def _transcripts(
    around: Around, ground: Ground, works: Works, estimates: Estimates, intake: Intake
) -> ChannelTranscripts:
    """Who writes channels down, with what is configured by then."""
    return ChannelTranscripts(
        store=TranscriptStore(ground.database),
        jobs=ground.jobs,
        estimates=estimates,
        take_in=intake,
        scheduler=works.scheduler,
        tools=lambda: ground.kit.now,
        root=around.places.output / CHANNELS,
    )


def _inbox_means(around: Around, ground: Ground, works: Works, service: Service) -> Means:
    """What the inbox works with."""
    places = around.places
    return Means(
        create=service.create,
        require=works.readiness.require_all,
        told=ground.logs.write,
        usual=places.inbox,
        apart=(places.state, places.cache, places.output, places.config_file),
        inboxes=Inboxes(places.inboxes),
        clock=around.clock,
        witness=around.witness,
    )

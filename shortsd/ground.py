"""What a daemon stands on: what is kept, who does the work, and the order that the last one is to have left."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.domain.finish import in_thread
from shortsd.domain.memory import Uploads
from shortsd.domain.ports import Clock
from shortsd.domain.witness import NOBODY, Witness
from shortsd.engine.history import sweep as sweep_history
from shortsd.engine.housekeeping import EVERY_S
from shortsd.engine.joblog import JobLogs
from shortsd.engine.recovery import recover
from shortsd.kept import Kept
from shortsd.kit import Kit, Memory, child_processes, tools
from shortsd.processes.children import ChildProcesses
from shortsd.processes.sweep import sweep
from shortsd.stages.kinds import FETCHING
from shortsd.stages.tools import Tools
from shortsd.stages.twins import Shelf
from shortsd.store.calendar import CalendarStore
from shortsd.store.children import ChildRecords
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs
from shortsd.store.ledger import PictureRecords
from shortsd.store.stages import StageRuns
from shortsd.store.told import ToldRecords
from shortsd.store.uploads import UploadRecords

logger = logging.getLogger("shortsd")


@dataclass(frozen=True, slots=True)
class Around:
    """What a daemon is built on: what its user set and where all lies, and what tests come between."""

    settings: Settings
    places: Places
    secrets: Secrets = field(default_factory=Secrets)
    witness: Witness = NOBODY
    clock: Clock = time.time
    housekeeping_s: float = EVERY_S


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything else stands on: what is kept, and who does the work."""

    database: Database
    jobs: Jobs
    runs: StageRuns
    records: ChildRecords
    calendar: CalendarStore
    logs: JobLogs
    children: ChildProcesses
    kit: Kit
    furnish: Callable[[Settings], Tools]
    """Makes the stages' ports anew."""
    uploads: Uploads
    kept: Kept


def home_mark(places: Places) -> str:
    """What children of daemons of this home carry in their environment."""
    return blake2b(os.fsencode(places.state.resolve()), digest_size=8).hexdigest()


def laid(around: Around, database: Database) -> Ground:
    """The ground of a daemon on its database."""
    records = ChildRecords(database)
    children = child_processes(around.settings, home_mark(around.places), records)
    uploads = UploadRecords(database)
    shelf = Shelf(ToldRecords(database, around.clock))
    memory = Memory(shelf, PictureRecords(database, around.clock), uploads, around.clock)
    kit = Kit(tools(around.settings, around.places, around.secrets, children, memory, around.witness))

    def furnish(now: Settings) -> Tools:
        with memory.kept.anew():
            return tools(now, around.places, around.secrets, children, memory, around.witness, kit.now)

    return Ground(
        database=database,
        jobs=Jobs(database, around.clock, FETCHING),
        runs=StageRuns(database, around.clock),
        records=records,
        calendar=CalendarStore(database),
        logs=JobLogs(around.places.logs, around.clock),
        children=children,
        kit=kit,
        furnish=furnish,
        uploads=uploads,
        kept=memory.kept,
    )


async def put_in_order(ground: Ground, places: Places) -> None:
    """End what the last daemon left running, and move each job that it had at work."""
    await _end_ghosts(ground.records, home_mark(places))
    died = not places.ending.exists()
    await recover(ground.jobs, ground.runs, ground.logs, ground.kit.now.publisher, places.work, died=died)
    await in_thread(sweep_history, places.output)
    places.ending.unlink(missing_ok=True)


async def _end_ghosts(records: ChildRecords, mark: str) -> None:
    """End processes that the last daemon left."""
    for ended in await sweep(await records.all(), mark):
        logger.warning("a process of the last daemon was ended", extra={"pid": ended.pid, "job": ended.job})
    await records.clear()

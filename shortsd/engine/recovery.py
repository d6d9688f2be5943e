"""What a start finds: work that the last daemon left, put in order before anything new begins."""

import logging
from pathlib import Path

from shortsd.domain.errors import ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.job import AT_WORK, Job, Move, after_death
from shortsd.domain.ports import Publisher
from shortsd.engine.joblog import JobLogs
from shortsd.stages.workspace import Workspace
from shortsd.store.jobs import Jobs
from shortsd.store.selection import EVERYTHING, Selection
from shortsd.store.stages import StageRuns

logger = logging.getLogger("shortsd.recovery")


async def recover(
    jobs: Jobs, runs: StageRuns, logs: JobLogs, publisher: Publisher, work: Path, *, died: bool
) -> list[Job]:
    """Move what was running: most goes back to the queue. The jobs that moved; their processes have ended before.

    `died` tells a daemon that was ended from outside from one that was cut short while it ended in order.
    """
    await runs.interrupt_all()
    for job in await jobs.select(Selection(states=AT_WORK, limit=EVERYTHING)):
        if not job.published and after_death(job, died=died) in (Move.STOPPED, Move.FAIL):
            await _withdraw(job, publisher)
    moved = await jobs.after_death(died=died)
    for job in moved:
        await in_thread(Workspace(work / str(job.id)).sweep)
        logs.write(job.id, f"{job.state}: {job.error.message if job.error else job.reason}")
        logger.info("a job was put in order", extra={"job": job.id, "state": job.state, "why": job.reason})
    return moved


async def _withdraw(job: Job, publisher: Publisher) -> None:
    """Take back what a job that ends here published. That this fails is no reason not to start."""
    try:
        await publisher.withdraw(job.id, job.created_at)
    except ShortsError as exc:
        logger.warning("an ended job's files could not be removed", extra={"job": job.id, "why": exc.message})

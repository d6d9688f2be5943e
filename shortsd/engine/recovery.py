"""What a start finds: work that the last daemon left, put in order before anything new begins."""

import logging
from pathlib import Path

from shortsd.domain.errors import ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.job import Job, State
from shortsd.domain.ports import Publisher
from shortsd.engine.joblog import JobLogs
from shortsd.stages.workspace import Workspace
from shortsd.store.jobs import EVERYTHING, Jobs, Selection
from shortsd.store.stages import StageRuns

logger = logging.getLogger("shortsd.recovery")


async def recover(jobs: Jobs, runs: StageRuns, logs: JobLogs, publisher: Publisher, work: Path) -> list[Job]:
    """Put back into the queue what was running; the jobs that moved. Their processes have been ended before."""
    await runs.interrupt_all()
    for job in await jobs.select(Selection(states=[State.STOPPING], limit=EVERYTHING)):
        if not job.result:
            await _withdraw(job, publisher)
    moved = await jobs.interrupt_all("interrupted: the daemon died")
    for job in moved:
        await in_thread(Workspace(work / str(job.id)).sweep)
        logs.write(job.id, f"{job.state}: {job.reason}")
        logger.info("a job was put in order", extra={"job": job.id, "state": job.state, "why": job.reason})
    return moved


async def _withdraw(job: Job, publisher: Publisher) -> None:
    """Take back what a stopped job published. That this fails is no reason not to start."""
    try:
        await publisher.withdraw(job.id, job.created_at)
    except ShortsError as exc:
        logger.warning("a stopped job's files could not be removed", extra={"job": job.id, "why": exc.message})

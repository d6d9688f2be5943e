"""What a start finds: work that the last daemon left, put in order before anything new begins."""

import asyncio
import logging
from pathlib import Path

from shortsd.domain.job import Job, State
from shortsd.domain.ports import Publisher
from shortsd.engine.joblog import JobLogs
from shortsd.stages.workspace import Workspace
from shortsd.store.jobs import Jobs
from shortsd.store.stages import StageRuns

logger = logging.getLogger("shortsd.recovery")


async def recover(jobs: Jobs, runs: StageRuns, logs: JobLogs, publisher: Publisher, work: Path) -> list[Job]:
    """Put back into the queue what was running; the jobs that moved. Their processes have been ended before."""
    await runs.interrupt_all()
    moved = await jobs.interrupt_all("interrupted: the daemon died")
    for job in moved:
        await asyncio.to_thread(Workspace(work / str(job.id)).sweep)
        if job.state is State.STOPPED and not job.result:
            await publisher.withdraw(job.id, job.created_at)
        logs.write(job.id, f"{job.state}: {job.reason}")
        logger.info("a job was put in order", extra={"job": job.id, "state": job.state, "why": job.reason})
    return moved

"""Jobs that are said to run, and that nobody works at."""

import logging
from collections.abc import Callable, Collection

from shortsd.domain.errors import Internal, WrongState
from shortsd.domain.job import AT_WORK, Job, JobError, Move, State
from shortsd.engine.joblog import JobLogs
from shortsd.store.jobs import Jobs
from shortsd.store.selection import EVERYTHING, Selection

_LOST = Internal("The daemon lost hold of this job: nobody worked at it.", "Its log may tell how; retry the job.")

logger = logging.getLogger("shortsd.lost")


class LostJobs:
    """Ends such jobs. It must not come to that; were it to, none is to be left running for ever, or tried for ever.

    One that is found for the first time is let be until the next look: it may have been claimed this moment.
    """

    def __init__(self, jobs: Jobs, logs: JobLogs, at_work: Callable[[], Collection[int]]) -> None:
        self._jobs = jobs
        self._logs = logs
        self._at_work = at_work
        self._suspects: dict[int, int] = {}

    async def __call__(self) -> None:
        """Look once."""
        said = await self._jobs.select(Selection(states=AT_WORK, limit=EVERYTHING))
        lost = [job for job in said if job.id not in self._at_work()]
        for job in lost:
            if self._suspects.get(job.id) == job.attempt:
                await self._end(job)
        self._suspects = {job.id: job.attempt for job in lost}

    async def _end(self, job: Job) -> None:
        try:
            if job.state is State.STOPPING:
                moved = await self._jobs.move(job.id, Move.STOPPED, reason="stopped by the user")
            else:
                moved = await self._jobs.move(job.id, Move.FAIL, error=JobError.of(_LOST))
        except WrongState:  # it has moved by itself
            return
        self._logs.write(job.id, f"{moved.state}: {moved.error.message if moved.error else moved.reason}")
        logger.error("a job was said to run, and nobody worked at it", extra={"job": job.id, "state": moved.state})

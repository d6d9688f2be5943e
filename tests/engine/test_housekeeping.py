import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shortsd.domain.errors import Unavailable
from shortsd.domain.job import Job, State
from shortsd.engine.housekeeping import Housekeeping
from shortsd.engine.joblog import JobLogs
from shortsd.engine.lost import LostJobs
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request


class Step:
    """A step that counts, and then fails if it is to."""

    def __init__(self, failing: Exception | None = None) -> None:
        self.done = 0
        self.twice = asyncio.Event()
        self._failing = failing

    async def __call__(self) -> None:
        self.done += 1
        if self.done == 2:
            self.twice.set()
        if self._failing is not None:
            raise self._failing


@pytest.mark.parametrize("failing", [Unavailable("The disk is away."), ValueError("a fault of ours")])
async def test_a_step_that_fails_keeps_none_from_the_others(failing: Exception) -> None:
    """The steps after it are done, and so is the next round."""
    first, second = Step(failing), Step()
    keeping = Housekeeping({"first": first, "second": second}, every_s=0.001)
    keeping.start()
    await asyncio.wait_for(second.twice.wait(), 30)
    await keeping.close()
    assert first.done >= 2


@pytest.fixture
async def jobs(tmp_path: Path) -> AsyncIterator[Jobs]:
    """A store with one job that runs."""
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    made = Jobs(database, lambda: 1.0)
    await made.create([Request("short", {}, "a title")])
    await made.claim()
    yield made
    await database.close()


async def look_twice(jobs: Jobs, folder: Path, *at_work: int) -> Job:
    """Look twice while these jobs are worked at; how the job stands then."""
    look = LostJobs(jobs, JobLogs(folder, lambda: 1.0), lambda: at_work)
    await look()
    assert (await jobs.get(1)).state in (State.RUNNING, State.STOPPING)
    await look()
    return await jobs.get(1)


async def test_a_job_that_nobody_works_at_has_failed(jobs: Jobs, tmp_path: Path) -> None:
    """At the second look, since at the first it may just have been claimed."""
    job = await look_twice(jobs, tmp_path)
    assert job.state is State.FAILED
    assert job.error is not None
    assert "nobody worked at it" in job.error.message


async def test_a_job_that_is_worked_at_is_let_be(jobs: Jobs, tmp_path: Path) -> None:
    """However often it is looked at."""
    assert (await look_twice(jobs, tmp_path, 1)).state is State.RUNNING


async def test_a_stopping_job_that_nobody_works_at_is_stopped(jobs: Jobs, tmp_path: Path) -> None:
    """What its user asked for is done."""
    await jobs.stop(1)
    assert (await look_twice(jobs, tmp_path)).state is State.STOPPED

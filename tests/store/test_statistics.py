from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shortsd.domain.job import Move
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request
from shortsd.store.stages import StageRuns
from shortsd.store.statistics import JobFigures, StageFigures, StatisticsStore


@dataclass
class Past:
    """A store in which time passes as a test says."""

    database: Database
    now: float = 1000.0

    def __post_init__(self) -> None:
        self.jobs = Jobs(self.database, lambda: self.now)
        self.runs = StageRuns(self.database, lambda: self.now)
        self.statistics = StatisticsStore(self.database)

    async def job(self, *moves: Move, duration_s: float | None = None) -> int:
        number = (await self.jobs.create([Request("short", {}, "a title")])).jobs[0].id
        for how in moves:
            made = {"duration_s": duration_s} if how is Move.SUCCEED else None
            await self.jobs.move(number, how, result=made)
        return number

    async def run(self, job: int, stage: str, seconds: float, outcome: str = "done") -> None:
        run = await self.runs.start(job, 1, stage, "mark")
        self.now += seconds
        await self.runs.finish(run, outcome)


@pytest.fixture
async def past(tmp_path: Path) -> AsyncIterator[Past]:
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    yield Past(database)
    await database.close()


async def test_median_and_p95_are_times_that_were_measured(past: Past) -> None:
    """By nearest rank: of 1 to 20 seconds the 10th and the 19th; what was not done, or before, does not count."""
    job = await past.job()
    await past.run(job, "voice", 500.0)
    since = past.now
    for seconds in (*range(20, 10, -1), *range(1, 11)):
        await past.run(job, "voice", float(seconds))
    await past.run(job, "voice", 300.0, "failed")
    await past.run(job, "voice", 0.0, "reused")
    assert await past.statistics.stages(since) == [StageFigures("short", "voice", 20, 10.0, 19.0)]


async def test_a_single_run_is_its_own_median(past: Past) -> None:
    """And a clock that jumped back during it makes it no shorter than nothing."""
    job = await past.job()
    await past.run(job, "render", 7.0)
    await past.run(job, "story", -50.0)
    found = sorted(await past.statistics.stages(0.0), key=lambda one: one.stage)
    assert found == [StageFigures("short", "render", 1, 7.0, 7.0), StageFigures("short", "story", 1, 0.0, 0.0)]


async def test_ends_are_counted_by_how_jobs_stand(past: Past) -> None:
    """Each job once, as it ended last; those that have not ended are not among them."""
    await past.job(Move.START, Move.FAIL)
    past.now += 100
    since = past.now
    await past.job(Move.START, Move.SUCCEED)
    await past.job(Move.START, Move.FAIL, Move.RETRY, Move.START, Move.SUCCEED)
    await past.job(Move.START, Move.FAIL)
    await past.job(Move.STOPPED)
    await past.job(Move.START)
    assert await past.statistics.ends(since) == JobFigures(succeeded=2, failed=1, stopped=1, started_again=1)
    assert await past.statistics.states() == {"failed": 2, "running": 1, "stopped": 1, "succeeded": 2}


async def test_rendering_is_compared_with_what_it_made(past: Past) -> None:
    """Of jobs that succeeded, the last run of each that did its work."""
    first = await past.job(Move.START, Move.SUCCEED, duration_s=30.0)
    await past.run(first, "render", 100.0)
    await past.run(first, "render", 10.0)
    await past.run(await past.job(Move.START, Move.SUCCEED, duration_s=6.0), "render", 8.0)
    await past.run(await past.job(Move.START, Move.FAIL), "render", 50.0)
    assert await past.statistics.rendered(0.0) == (36.0, 18.0)


async def test_shorts_are_counted_by_day(past: Past) -> None:
    """A day on which there are none is left out; days are in the order of the calendar."""
    for day in (10, 12, 12):
        past.now = day * 86400.0 + 43200
        await past.job(Move.START, Move.SUCCEED)
    assert list((await past.statistics.days(0.0)).values()) == [1, 2]
    assert list((await past.statistics.days(11 * 86400.0)).values()) == [2]

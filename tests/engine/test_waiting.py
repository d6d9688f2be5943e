"""Jobs that wait for their hour: when they are queued again, and what is left of what they did."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shortsd.domain.errors import Conflict
from shortsd.domain.job import Job, Lane, Move, State
from shortsd.stages.kinds import FETCHING, lane_of
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request


class Clock:
    """Stands until it is moved."""

    now = 1e9

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def jobs(tmp_path: Path, clock: Clock) -> AsyncIterator[Jobs]:
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    yield Jobs(database, clock)
    await database.close()


async def scheduled(jobs: Jobs, due_at: float) -> Job:
    """A job that has done all that can be done before its hour."""
    number = (await jobs.create([Request("short", {}, "a title", publish_at=due_at)])).jobs[0].id
    await jobs.move(number, Move.START)
    return await jobs.move(number, Move.SCHEDULE, reason="waits", due_at=due_at, percent=80.0)


async def test_a_job_is_queued_when_its_hour_has_come(jobs: Jobs, clock: Clock) -> None:
    """Not before, and then by itself; it tells what it was."""
    job = await scheduled(jobs, clock.now + 3600)
    assert await jobs.next_due_s() == 3600
    assert await jobs.wake() == []
    assert await jobs.claim() is None
    clock.now += 3600
    assert await jobs.next_due_s() == 0
    assert [woken.id for woken in await jobs.wake()] == [job.id]
    started = await jobs.claim()
    assert started is not None
    assert (started.id, started.state, started.attempt, started.percent) == (job.id, State.RUNNING, 2, 80.0)
    assert started.publish_at == job.publish_at
    assert await jobs.next_due_s() is None


async def test_one_whose_hour_has_come_goes_first(jobs: Jobs, clock: Clock) -> None:
    """Before older and more urgent ones, also where no other may start, and still after a death of the daemon."""
    await jobs.create([Request("short", {}, "a title", priority=9)])
    job = await scheduled(jobs, clock.now + 3600)
    assert await jobs.claim([Lane.DUE]) is None
    clock.now += 3600
    await jobs.wake()
    for _ in range(2):
        started = await jobs.claim([Lane.DUE])
        assert started is not None
        assert (started.id, lane_of(started), started.goes_on_at) == (job.id, Lane.DUE, None)
        await jobs.after_death()
    await jobs.move(job.id, Move.START)
    await jobs.move(job.id, Move.POSTPONE, retry_at=clock.now + 15)
    assert [await jobs.next_try_s([lane]) for lane in (Lane.DUE, Lane.WORK)] == [15, None]
    await jobs.stop(job.id)
    assert lane_of(await jobs.retry(job.id, "retried")) is Lane.WORK


async def test_a_kind_that_waits_for_others_has_a_lane_of_its_own(tmp_path: Path, clock: Clock) -> None:
    """Whatever its priority, it takes no place of those that work, nor they one of it."""
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    jobs = Jobs(database, clock, FETCHING)
    await jobs.create([Request("transcript", {}, "a title", priority=9), Request("short", {}, "a title")])
    assert await jobs.claim([Lane.DUE]) is None
    started = [await jobs.claim([Lane.WORK]), await jobs.claim([Lane.WORK]), await jobs.claim([Lane.DUE, Lane.FETCH])]
    assert [job and (job.id, lane_of(job)) for job in started] == [(2, Lane.WORK), None, (1, Lane.FETCH)]
    await jobs.move(1, Move.POSTPONE, retry_at=clock.now + 15)
    assert [await jobs.next_try_s([lane]) for lane in Lane] == [None, 15, None]
    await database.close()


async def test_several_come_in_the_order_of_their_hours(jobs: Jobs, clock: Clock) -> None:
    """After a long sleep all whose hour has passed are queued at once, and no others."""
    late, early, far = [await scheduled(jobs, clock.now + seconds) for seconds in (200, 100, 9000)]
    clock.now += 500
    assert [woken.id for woken in await jobs.wake()] == [early.id, late.id]
    assert (await jobs.get(far.id)).state is State.SCHEDULED


async def test_an_hour_outlives_a_clock_that_jumps_back(jobs: Jobs, clock: Clock) -> None:
    """A job waits for the hour itself, not for a number of seconds."""
    job = await scheduled(jobs, clock.now + 100)
    clock.now -= 86_400
    assert await jobs.next_due_s() == 86_500
    clock.now += 86_600
    assert [woken.id for woken in await jobs.wake()] == [job.id]


async def test_an_hour_that_was_given_away_is_not_had_back(jobs: Jobs, clock: Clock) -> None:
    """A job that was stopped cannot go on to an hour that another has by now, and can once that one is stopped."""
    job = await scheduled(jobs, clock.now + 1000)
    await jobs.stop(job.id)
    other = await scheduled(jobs, clock.now + 1000)
    with pytest.raises(Conflict, match=f"given to job {other.id}"):
        await jobs.retry(job.id, "retried")
    await jobs.stop(other.id)
    assert (await jobs.retry(job.id, "retried")).state is State.QUEUED


async def test_one_that_waits_can_be_stopped(jobs: Jobs, clock: Clock) -> None:
    """It is stopped at once, and its hour does not bring it back."""
    job = await scheduled(jobs, clock.now + 100)
    assert (await jobs.stop(job.id)).state is State.STOPPED
    clock.now += 200
    assert await jobs.wake() == []

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Collection, Coroutine
from dataclasses import replace
from typing import Any

from shortsd.domain.errors import Unavailable
from shortsd.domain.job import Job, Lane, State
from shortsd.engine.scheduler import DUE_AT_ONCE, Scheduler
from shortsd.stages.kinds import lane_of

JOB = Job(id=1, kind="short", params={}, state=State.RUNNING, created_at=0.0, moved_at=0.0)


async def until(condition: Callable[[], bool]) -> None:
    """Let others run until a condition holds."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to hold")


async def never_due(lanes: Collection[Lane]) -> float | None:
    """No job waits for its hour."""
    del lanes
    return None


async def to_its_end(job: Job, end: asyncio.Event) -> None:
    """Work that goes on until it is asked to end."""
    assert job is JOB
    await end.wait()


def places(work: int) -> dict[Lane, int]:
    return {Lane.FETCH: 1, Lane.WORK: work}


class HeldClaim:
    """A claim that waits until it is answered."""

    def __init__(self, answer: Job | Unavailable) -> None:
        self.asked, self.let = asyncio.Event(), asyncio.Event()
        self._answer = answer

    async def __call__(self, lanes: Collection[Lane]) -> Job | None:
        del lanes
        self.asked.set()
        await self.let.wait()
        if isinstance(self._answer, Unavailable):
            raise self._answer
        return self._answer


async def closed_in_mid_claim(claim: HeldClaim, run: Callable[[Job, asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Close a scheduler while it claims, answer the claim, and wait until it is closed."""
    scheduler = Scheduler(claim, never_due, run, lane_of, places(1))
    scheduler.start()
    await claim.asked.wait()
    closing = asyncio.ensure_future(scheduler.close())
    await asyncio.sleep(0)
    claim.let.set()
    await closing


async def test_closing_ends_even_if_the_claim_under_way_fails() -> None:
    """A database that cannot be read at that moment does not keep the daemon from ending."""
    claim = HeldClaim(Unavailable("The database cannot be read."))
    await closed_in_mid_claim(claim, to_its_end)
    assert claim.asked.is_set()


async def test_a_job_claimed_while_closing_is_run_and_ended() -> None:
    """What was started in the store is brought to an end, not forgotten."""
    ended = asyncio.Event()

    async def run(job: Job, end: asyncio.Event) -> None:
        await to_its_end(job, end)
        ended.set()

    await closed_in_mid_claim(HeldClaim(JOB), run)
    assert ended.is_set()


async def test_a_claim_that_breaks_does_not_end_the_scheduler() -> None:
    """Whatever one claim raises, the next one is made."""
    claims = 0

    async def claim(lanes: Collection[Lane]) -> Job | None:
        nonlocal claims
        del lanes
        claims += 1
        if claims == 1:
            raise ZeroDivisionError
        return None

    scheduler = Scheduler(claim, never_due, to_its_end, lane_of, places(1))
    scheduler.start()
    await until(lambda: claims == 1)
    scheduler.wake()
    await until(lambda: claims == 2)
    await scheduler.close()


async def test_no_more_jobs_run_at_once_than_are_allowed() -> None:
    """With two allowed, the third is claimed when one of them has ended."""
    ends: list[asyncio.Event] = []
    numbers = itertools.count(1)

    async def claim(lanes: Collection[Lane]) -> Job | None:
        if Lane.WORK not in lanes:
            return None
        return Job(id=next(numbers), kind="short", params={}, state=State.RUNNING, created_at=0.0, moved_at=0.0)

    async def run(job: Job, end: asyncio.Event) -> None:
        del job
        ends.append(end)
        await end.wait()

    scheduler = Scheduler(claim, never_due, run, lane_of, places(2))
    scheduler.start()
    await until(lambda: len(ends) == 2)
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(ends) == 2
    scheduler.end(Job(id=1, kind="short", params={}, state=State.STOPPING, created_at=0.0, moved_at=0.0))
    await until(lambda: len(ends) == 3)
    await scheduler.close()


async def test_a_job_whose_hour_has_come_needs_no_free_place() -> None:
    """It is started beside all that may run; so many at a time, and it keeps no place from the others."""
    waiting = {Lane.WORK: deque(range(1, 10)), Lane.DUE: deque(range(101, 110)), Lane.FETCH: deque[int]()}
    running: dict[int, asyncio.Event] = {}

    async def claim(lanes: Collection[Lane]) -> Job | None:
        lane = next((lane for lane in lanes if waiting[lane]), None)
        if lane is None:
            return None
        due_at = 1.0 if lane is Lane.DUE else None
        return replace(JOB, id=waiting[lane].popleft(), due_at=due_at)

    async def run(job: Job, end: asyncio.Event) -> None:
        running[job.id] = end
        await end.wait()
        del running[job.id]

    scheduler = Scheduler(claim, never_due, run, lane_of, places(2))
    scheduler.start()
    await until(lambda: len(running) == 2 + DUE_AT_ONCE)
    assert sorted(running) == [1, 2, 101, 102, 103, 104]
    running[101].set()
    await until(lambda: 105 in running)
    running[2].set()
    await until(lambda: 3 in running)
    assert len(running) == 2 + DUE_AT_ONCE
    await scheduler.close()

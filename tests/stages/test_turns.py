"""Turns at what a machine does itself."""

import asyncio
from contextlib import suppress

from shortsd.stages.turns import Turns


class Hall:
    """Where jobs wait for turns; `order` has who came in, `leave` lets somebody out."""

    def __init__(self, places: int) -> None:
        self.turns = Turns(places)
        self.order: list[int] = []
        self.doors: dict[int, asyncio.Event] = {}
        self.tasks: dict[int, asyncio.Task[None]] = {}

    async def come(self, job: int, priority: int = 0) -> None:
        self.doors[job] = asyncio.Event()
        self.tasks[job] = asyncio.create_task(self._stay(job, priority))
        await settled()

    async def leave(self, job: int) -> None:
        self.doors[job].set()
        await self.tasks[job]
        await settled()

    async def give_up(self, job: int) -> None:
        self.tasks[job].cancel()
        with suppress(asyncio.CancelledError):
            await self.tasks[job]
        await settled()

    async def _stay(self, job: int, priority: int) -> None:
        async with self.turns.take(priority, job):
            self.order.append(job)
            await self.doors[job].wait()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_most_urgent_comes_first_then_the_oldest() -> None:
    """Who waits is called by priority, then by age, not by when it came."""
    hall = Hall(1)
    for job, priority in ((5, 0), (9, 0), (7, 0), (8, 3)):
        await hall.come(job, priority)
    for job in (5, 8, 7, 9):
        await hall.leave(job)
    assert hall.order == [5, 8, 7, 9]
    assert hall.turns.free


async def test_more_places_are_taken_at_once_and_fewer_as_they_come_free() -> None:
    """The number may change while work goes on."""
    hall = Hall(1)
    for job in (1, 2, 3, 4):
        await hall.come(job)
    assert hall.order == [1]
    hall.turns.places = 3
    await settled()
    assert hall.order == [1, 2, 3]
    hall.turns.places = 1
    await hall.leave(1)
    await hall.leave(2)
    assert hall.order == [1, 2, 3]
    await hall.leave(3)
    assert hall.order == [1, 2, 3, 4]


async def test_a_job_may_come_again_while_what_it_gave_up_is_forgotten() -> None:
    """Stopped and retried while it waits, it is called once, and its place is given back."""
    hall = Hall(1)
    for job in (1, 2):
        await hall.come(job)
    await hall.give_up(2)
    await hall.come(2)
    await hall.leave(1)
    assert hall.order == [1, 2]
    await hall.leave(2)
    assert hall.turns.free


async def test_who_gives_up_keeps_no_place() -> None:
    """Cancelled while it waits or while it works, a job lets the next one come."""
    hall = Hall(1)
    for job in (1, 2, 3):
        await hall.come(job)
    await hall.give_up(2)
    await hall.give_up(1)
    assert hall.order == [1, 3]
    await hall.leave(3)
    assert hall.turns.free

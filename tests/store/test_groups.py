"""Transactions that are asked for at the same time, and what keeps them from the file."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
from store.files import ignore

from shortsd.domain.errors import Internal, NotFound, Unavailable
from shortsd.domain.events import Event
from shortsd.store.database import BUSY_S, TURN_S, Database, Transaction
from shortsd.store.jobs import Jobs, Request
from shortsd.store.selection import Selection

NEW = Request("short", {}, "a title")


@asynccontextmanager
async def opened(
    file: Path, told: list[Event] | None = None, busy_s: float = BUSY_S, turn_s: float = TURN_S
) -> AsyncIterator[tuple[Database, Jobs]]:
    database = await Database.open(file, ignore if told is None else told.append, busy_s, turn_s)
    try:
        yield database, Jobs(database, lambda: 1.0)
    finally:
        await database.close()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program is about to write."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


class Held:
    """A work that holds the writer up until it is let go, as a disk that hangs does."""

    def __init__(self) -> None:
        self.begun, self.let = threading.Event(), threading.Event()

    async def __call__(self, transaction: Transaction) -> None:
        del transaction
        self.begun.set()
        assert self.let.wait(10)


@asynccontextmanager
async def held(database: Database) -> AsyncIterator[None]:
    """The writer is held up in a transaction, which what is asked for meanwhile joins."""
    work = Held()
    holding = asyncio.gather(database.transaction(work), return_exceptions=True)
    await asyncio.to_thread(work.begun.wait, 10)
    try:
        yield
    finally:
        work.let.set()
        await holding


async def commits(database: Database) -> int:
    """How often the file was changed since it was made, by whatever number of transactions."""
    row = await database.read(lambda transaction: transaction.one("PRAGMA data_version"))
    assert row is not None
    return int(row[0])


async def test_what_is_asked_at_the_same_time_is_committed_together(tmp_path: Path) -> None:
    """A hundred jobs asked for one by one while the disk is busy take two commits at most."""
    told: list[Event] = []
    async with opened(tmp_path / "jobs.db", told) as (database, jobs):
        before = await commits(database)
        async with held(database):
            asked = [asyncio.create_task(jobs.create([NEW])) for _ in range(100)]
            await asyncio.sleep(0)
        made = [(await one).jobs[0].id for one in asked]
        assert await commits(database) - before <= 2
    assert made == list(range(1, 101))
    assert [event.seq for event in told] == list(range(1, 101))


async def test_one_that_fails_hurts_no_other(tmp_path: Path) -> None:
    """Of a group, what raises leaves nothing and tells nothing; the others are there, told of without a gap."""
    told: list[Event] = []

    async def fails(transaction: Transaction) -> None:
        await transaction.run("INSERT INTO events (at, type, job, data) VALUES (1.0, 'job.lost', 1, '{}')")
        transaction.events.append(Event(2, 1.0, "job.lost", 1))
        raise NotFound("It is not there.")

    async with opened(tmp_path / "jobs.db", told) as (database, jobs):
        async with held(database):
            work = (jobs.create([NEW]), database.transaction(fails), jobs.create([NEW]))
            tasks = [asyncio.ensure_future(one) for one in work]
            await asyncio.sleep(0)
        first, lost, last = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(lost, NotFound)
        assert not isinstance(first, BaseException)
        assert not isinstance(last, BaseException)
        assert [job.id for job in await jobs.select(Selection())] == [2, 1]
        stored = await jobs.events_after(0, 10)
    assert [(event.seq, event.type) for event in told] == [(1, "job.created"), (2, "job.created")]
    assert stored is not None
    assert [event.seq for event in stored] == [1, 2]


async def test_a_commit_that_fails_is_told_to_all_of_its_group(tmp_path: Path) -> None:
    """Nobody hears of what was undone, each who waited gets an error, and the next transaction is made."""
    told: list[Event] = []

    async def spoils(transaction: Transaction) -> None:
        await transaction.run("PRAGMA defer_foreign_keys = ON")
        await transaction.run("UPDATE jobs SET batch = 999")

    async with opened(tmp_path / "jobs.db", told) as (database, jobs):
        async with held(database):
            tasks = [asyncio.ensure_future(one) for one in (jobs.create([NEW]), database.transaction(spoils))]
            await asyncio.sleep(0)
        for one in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(one, Internal)
        assert told == []
        assert (await jobs.create([NEW])).jobs[0].id == 1


async def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    """While a transaction hangs, lists and jobs are read as they stood before it."""
    async with opened(tmp_path / "jobs.db") as (database, jobs):
        await jobs.create([NEW])
        async with held(database):
            later = asyncio.create_task(jobs.create([NEW]))
            assert [job.id for job in await jobs.select(Selection())] == [1]
            assert (await jobs.get(1)).title == "a title"
        await later


async def test_a_ping_is_answered_when_the_writer_is_free(tmp_path: Path) -> None:
    """It waits for as long as a write hangs, and changes nothing."""
    async with opened(tmp_path / "jobs.db") as (database, _):
        await database.ping()
        before = await commits(database)
        async with held(database):
            ping = asyncio.create_task(database.ping())
            await database.read(lambda transaction: transaction.all("SELECT 1"))
            assert not ping.done()
        await ping
        assert await commits(database) - before <= 1


async def test_a_database_that_another_program_holds_refuses_and_recovers(tmp_path: Path) -> None:
    """All who wait are told who is in the way; reads go on; without that program it goes on."""
    async with opened(tmp_path / "jobs.db", busy_s=0.1) as (_, jobs):
        with locked(tmp_path / "jobs.db"):
            refused = await asyncio.gather(*(jobs.create([NEW]) for _ in range(3)), return_exceptions=True)
            assert [type(one) for one in refused] == [Unavailable] * 3
            assert "another program" in str(refused[0])
            assert await jobs.select(Selection()) == []
        assert (await jobs.create([NEW])).jobs[0].id == 1


async def test_what_is_not_begun_in_time_is_refused_and_never_done(tmp_path: Path) -> None:
    """A transaction that has waited too long for its turn is taken back; one that was begun is carried to its end."""
    async with opened(tmp_path / "jobs.db", turn_s=0.05) as (database, jobs):
        async with held(database):
            with pytest.raises(Unavailable, match="could not be written"):
                await jobs.create([NEW])
        await database.ping()
        assert await jobs.select(Selection()) == []


async def test_a_connection_that_cannot_be_rolled_back_is_replaced(tmp_path: Path) -> None:
    """One that is stuck inside of a transaction costs those who were in it, and nobody after them."""

    async def sticks(transaction: Transaction) -> None:
        transaction.connection.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_TRANSACTION else sqlite3.SQLITE_OK
        )

    async with opened(tmp_path / "jobs.db") as (database, jobs):
        with pytest.raises(Internal):
            await database.transaction(sticks)
        assert (await jobs.create([NEW])).jobs[0].id == 1


async def test_work_that_waits_for_something_else_is_refused(tmp_path: Path) -> None:
    """A transaction holds all others up: it may wait for nothing but the database."""

    async def waits(transaction: Transaction) -> None:
        await transaction.run("INSERT INTO batches (created_at) VALUES (1.0)")
        await asyncio.sleep(0)

    async with opened(tmp_path / "jobs.db") as (database, _):
        with pytest.raises(Internal):
            await database.transaction(waits)
        assert await database.read(lambda transaction: transaction.all("SELECT * FROM batches")) == []


async def test_a_closed_database_refuses(tmp_path: Path) -> None:
    """What comes after the end is told so, and what waited at the end was done."""
    async with opened(tmp_path / "jobs.db") as (database, jobs):
        waiting = asyncio.create_task(jobs.create([NEW]))
        await asyncio.sleep(0)
    assert (await waiting).jobs[0].id == 1
    with pytest.raises(Unavailable):
        await jobs.create([NEW])
    with pytest.raises(Unavailable):
        await database.read(lambda transaction: transaction.all("SELECT 1"))


async def test_a_hearer_that_fails_keeps_nobody_from_hearing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was done is told to who waits for it, the events after it are told, and the next transaction is made."""
    told: list[int] = []

    def hear(event: Event) -> None:
        if event.job == 1:
            raise ValueError("a hearer that fails")
        told.append(event.job)

    database = await Database.open(tmp_path / "jobs.db", hear)
    jobs = Jobs(database, lambda: 1.0)
    async with held(database):
        tasks = [asyncio.create_task(jobs.create([NEW])) for _ in range(2)]
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        accepted = [*await asyncio.gather(*tasks), await jobs.create([NEW])]
    await database.close()
    assert [one.jobs[0].id for one in accepted] == [1, 2, 3]
    assert told == [2, 3]
    assert "a hearer that fails" in caplog.text

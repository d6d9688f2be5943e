import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from shortsd.domain.errors import Conflict, Unavailable
from shortsd.domain.events import Event
from shortsd.store.database import Database, Transaction
from shortsd.store.jobs import Jobs, Request
from shortsd.store.stages import StageRuns


def ignore(event: Event) -> None:
    del event


async def opened(file: Path, publish: Callable[[Event], None] = ignore) -> Jobs:
    return Jobs(await Database.open(file, publish), lambda: 1.0)


def garbage(file: Path) -> None:
    file.write_bytes(b"this is no database at all, it only looks like a file" * 100)


def another_programs(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE things (name TEXT)")
    connection.close()


def newer(file: Path) -> None:
    asyncio.run(made(file))
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()


def truncated(file: Path) -> None:
    asyncio.run(made(file))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


async def made(file: Path) -> None:
    database = await Database.open(file, ignore)
    await Jobs(database, lambda: 1.0).create([Request("short", {"story": "x" * 50_000}, "a title")])
    await database.close()


@pytest.mark.parametrize("spoil", [garbage, another_programs, newer, truncated])
def test_a_database_that_is_not_for_us_is_refused_and_left_as_it_is(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """A broken, newer or foreign file is named in the error, and not a byte of it changes."""
    file = tmp_path / "jobs.db"
    spoil(file)
    before = file.read_bytes()
    with pytest.raises(Unavailable, match=r"jobs\.db") as caught:
        asyncio.run(opened(file))
    assert "left as it is" in caught.value.hint
    assert file.read_bytes() == before


async def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    """A job outlives its database's connection, with every field as it was."""
    first = await opened(tmp_path / "jobs.db")
    (job,) = (await first.create([Request("short", {"topic": "λ 🎃"}, "a title", 3)])).jobs
    await first._database.close()
    second = await opened(tmp_path / "jobs.db")
    assert await second.get(job.id) == job
    await second._database.close()


async def test_the_same_key_makes_the_jobs_once(tmp_path: Path) -> None:
    """A request that is sent again with its key gives the jobs of the first time; another request is a conflict."""
    jobs = await opened(tmp_path / "jobs.db")
    request = Request("short", {"topic": "fog"}, "fog")
    first = await jobs.create([request, request], "key", "digest")
    assert await jobs.create([request, request], "key", "digest") == first
    assert await jobs.known("key", "digest") == first
    with pytest.raises(Conflict):
        await jobs.known("key", "another digest")
    with pytest.raises(Conflict):
        await jobs.create([request], "key", "another digest")
    await jobs._database.close()


async def test_a_seed_that_is_not_given_is_the_next_one(tmp_path: Path) -> None:
    """Jobs get numbers that were never handed out before, one after the other; one that is given stays as it is."""
    jobs = await opened(tmp_path / "jobs.db")
    seeds = (None, 7, None)
    first, given, second = (await jobs.create([Request("short", {"seed": seed}, "a title") for seed in seeds])).jobs
    (third,) = (await jobs.create([Request("short", {"seed": None}, "a title")])).jobs
    begun = first.params["seed"]
    assert begun % 300 == 0
    assert [job.params["seed"] for job in (given, second, third)] == [7, begun + 1, begun + 2]
    await jobs._database.close()


async def test_a_failed_transaction_leaves_nothing_and_tells_nothing(tmp_path: Path) -> None:
    """What was written before an error in the same transaction is undone, and its events are never told."""
    told: list[Event] = []
    database = await Database.open(tmp_path / "jobs.db", told.append)

    async def work(transaction: Transaction) -> None:
        await transaction.run("INSERT INTO batches (created_at) VALUES (1.0)")
        transaction.events.append(Event(1, 1.0, "job.created", 1))
        raise KeyError

    with pytest.raises(KeyError):
        await database.transaction(work)
    assert told == []
    (count,) = await database.transaction(lambda transaction: transaction.all("SELECT count(*) FROM batches"))
    assert tuple(count) == (0,)
    await database.close()


async def test_a_cancelled_caller_does_not_undo_or_hide_what_is_committed(tmp_path: Path) -> None:
    """A transaction whose caller is cancelled is carried to its end, and its event is told."""
    told: list[Event] = []
    jobs = await opened(tmp_path / "jobs.db", told.append)
    task = asyncio.create_task(jobs.create([Request("short", {}, "a title")]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await jobs.writable()
    assert (await jobs.get(1)).title == "a title"
    assert [event.type for event in told] == ["job.created"]
    await jobs._database.close()


async def test_usual_seconds_are_the_median_of_finished_runs(tmp_path: Path) -> None:
    """Only runs that did their stage count: what was reused, failed or stopped says nothing of how long it takes."""
    database = await Database.open(tmp_path / "jobs.db", ignore)
    now = 0.0
    jobs, runs = Jobs(database, lambda: now), StageRuns(database, lambda: now)
    await jobs.create([Request("short", {}, "a title")])
    for seconds, outcome in ((1.0, "done"), (9.0, "failed"), (5.0, "done"), (0.0, "reused"), (2.0, "done")):
        run = await runs.start(1, 1, "render", "mark")
        now += seconds
        await runs.finish(run, outcome)
    assert await runs.usual_seconds("short") == {"render": 2.0}
    await database.close()

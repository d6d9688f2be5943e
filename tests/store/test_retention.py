from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shortsd.domain.errors import NotFound
from shortsd.domain.job import State
from shortsd.domain.memory import Upload
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request
from shortsd.store.retention import Retention, Standing
from shortsd.store.uploads import UploadRecords

REQUEST = Request("short", {}, "a title")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = await Database.open(tmp_path / "jobs.db", lambda _: None)
    yield made
    await made.close()


async def test_the_newest_events_are_kept_and_who_missed_one_is_told(database: Database) -> None:
    """However many go at a time; who has seen all that went misses nothing, who has not gets no part of the story."""
    jobs, retention = Jobs(database, lambda: 1.0), Retention(database)
    for _ in range(10):
        await jobs.create([REQUEST])
    await retention.forget_events(4, together=3)
    kept = await jobs.events_after(6, 100)
    assert [event.seq for event in kept or []] == [7, 8, 9, 10]
    assert await jobs.events_after(5, 100) is None
    await jobs.create([REQUEST])
    assert [event.seq for event in await jobs.events_after(10, 100) or []] == [11]


async def test_few_events_all_stay(database: Database) -> None:
    """Also none at all, in a new database."""
    jobs, retention = Jobs(database, lambda: 1.0), Retention(database)
    await retention.forget_events(4)
    assert await jobs.events_after(0, 100) == []
    await jobs.create([REQUEST])
    await retention.forget_events(4)
    assert len(await jobs.events_after(0, 100) or []) == 1


async def test_old_keys_go_however_many(database: Database) -> None:
    """A key given before the time is free again, one given since then is not."""
    now = 0.0
    jobs, retention = Jobs(database, lambda: now), Retention(database)
    for number in range(5):
        now = float(number)
        await jobs.create([REQUEST], f"key {number}")
    await retention.forget_keys(3.0, together=2)
    known = [await jobs.known(f"key {number}", "") is not None for number in range(5)]
    assert known == [False, False, False, True, True]


async def test_an_unfinished_upload_goes_with_its_job(database: Database) -> None:
    """With the address of its session; that a video was uploaded stays known."""
    jobs, uploads = Jobs(database, lambda: 1.0), UploadRecords(database)
    for job in (1, 2):
        await jobs.create([REQUEST])
        await jobs.stop(job)
    await uploads.put(Upload(1, "a mark", session="https://example/session", size=9))
    await uploads.put(Upload(2, "another", size=9, video="id"))
    for job in (1, 2):
        await jobs.delete(job)
    assert await uploads.get(1) is None
    assert await uploads.get(2) == Upload(2, "another", size=9, video="id")


async def test_a_deleted_job_is_told_from_one_that_never_was(database: Database) -> None:
    """By the numbers that were given out."""
    jobs, retention = Jobs(database, lambda: 1.0), Retention(database)
    assert await retention.standing([1]) == {}
    await jobs.create([REQUEST, REQUEST])
    await jobs.delete(2)
    with pytest.raises(NotFound):
        await jobs.get(2)
    assert await retention.standing([1, 2, 3]) == {1: Standing(State.QUEUED, None), 2: Standing(None, None)}

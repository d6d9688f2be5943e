"""What was told, and what is about to be."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shortsd.domain.memory import Told
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request
from shortsd.store.told import ToldRecords


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "jobs.db", lambda _: None)
    yield opened
    await opened.close()


async def test_what_was_told_outlives_its_job(database: Database) -> None:
    """Newest first; a job has one story, and does not see its own."""
    told = ToldRecords(database, lambda: 0.0)
    for one in (Told(1, "A", "First."), Told(2, "B", "Second."), Told(1, "C", "Third.")):
        await told.tell(one)
    assert await told.others(0) == [Told(2, "B", "Second."), Told(1, "C", "Third.")]
    assert await told.others(2) == [Told(1, "C", "Third.")]


async def test_a_story_that_waits_to_be_told_is_seen_too(database: Database) -> None:
    """A user's own is known before its job begins; that of a stopped job will not be told."""
    told, jobs = ToldRecords(database, lambda: 0.0), Jobs(database, lambda: 0.0)
    waiting, topic, stopped = (
        await jobs.create(
            [
                Request("short", {"story": "Mine.", "seed": 1}, "Own"),
                Request("short", {"topic": "fog", "story": None, "seed": 2}, "Fog"),
                Request("short", {"story": "Not mine.", "seed": 3}, "Stopped"),
            ]
        )
    ).jobs
    await jobs.stop(stopped.id)
    assert await told.others(topic.id) == [Told(waiting.id, "Own", "Mine.")]
    assert await told.others(waiting.id) == []
    await told.tell(Told(waiting.id, "Own", "Mine."))
    assert await told.others(topic.id) == [Told(waiting.id, "Own", "Mine.")]

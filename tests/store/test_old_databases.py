"""Databases of earlier versions: they open in this one, with all that was in them."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import Any

import msgspec
import pytest

from shortsd.domain.job import State
from shortsd.store.children import ChildRecords
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs
from shortsd.store.schema import scripts
from shortsd.store.selection import Selection

OLD = sorted((Path(__file__).parent / "old").glob("schema-*.db"))


@pytest.fixture(params=OLD, ids=lambda file: file.stem)
def old(request: pytest.FixtureRequest) -> Path:
    """A database of an earlier version, as it is kept."""
    file: Path = request.param
    return file


@pytest.fixture
async def database(old: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A copy of it, opened by this version."""
    copyfile(old, tmp_path / "jobs.db")
    opened = await Database.open(tmp_path / "jobs.db", lambda _: None)
    yield opened
    await opened.close()


def said(old: Path, what: str) -> Any:
    """What the version that made it said of it."""
    return msgspec.json.decode(old.with_suffix(".json").read_bytes())[what]


def kept(now: list[Any], then: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What there is now, with the fields that there were then."""
    return [
        {key: value for key, value in msgspec.to_builtins(one).items() if key in before}
        for one, before in zip(now, then, strict=True)
    ]


def schema(file: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as connection:
        return set(connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))


def test_there_is_one_of_every_schema() -> None:
    """Who adds a migration keeps a database of the schema that it begins with."""
    assert {file.stem for file in OLD} >= {f"schema-{number}" for number in range(1, len(scripts()) + 1)}


async def test_jobs_and_events_are_as_they_were(old: Path, database: Database) -> None:
    """Every field that a job or an event had then has the value that it had."""
    jobs = Jobs(database, lambda: 1.8e9)
    assert kept(await jobs.select(Selection()), said(old, "jobs")) == said(old, "jobs")
    events = await jobs.events_after(0, 1000)
    assert events is not None
    assert kept(events, said(old, "events")) == said(old, "events")


async def test_what_was_under_way_is_put_in_order_and_goes_on(database: Database) -> None:
    """The running job is queued again and can be started; the one that was being stopped is stopped."""
    jobs = Jobs(database, lambda: 1.8e9)
    assert {job.id: job.state for job in await jobs.after_death()} == {5: State.STOPPED, 8: State.QUEUED}
    started = await jobs.claim()
    assert started is not None
    assert (started.id, started.attempt) == (8, 2)
    assert [move.move for move in await jobs.history(8)] == ["created", "started", "interrupted", "started"]


async def test_a_key_still_stands_for_its_jobs(database: Database) -> None:
    """A request that is sent again after the upgrade makes no second batch."""
    accepted = await Jobs(database, lambda: 1.8e9).create([], "a key", "a digest")
    assert ([job.id for job in accepted.jobs], accepted.batch) == ([5, 6], 1)


async def test_a_child_is_still_known(database: Database) -> None:
    """What a daemon of the earlier version started can be swept by this one."""
    assert [record.pid for record in await ChildRecords(database).all()] == [4194304]


async def test_it_comes_to_the_schema_of_a_new_one(database: Database, tmp_path: Path) -> None:
    """Table by table and index by index, it cannot be told from a database that this version made."""
    await (await Database.open(tmp_path / "new.db", lambda _: None)).close()
    await database.ping()
    assert schema(tmp_path / "jobs.db") == schema(tmp_path / "new.db")

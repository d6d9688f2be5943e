"""A rollback journal beside a database, as a kill leaves it while SQLite turns a backup into one with a log."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest
from store.files import contents, number_of_jobs

from shortsd.domain.errors import Unavailable
from shortsd.store.examine import examine
from shortsd.store.schema import migrate


def interrupted(file: Path, schema: int | None = None) -> None:
    """A database in the middle of a transaction, some of which is in the file, and the journal that undoes it."""
    origin = file.parent / "origin"
    origin.mkdir()
    made = origin / file.name
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        migrate(connection)
        connection.execute(f"PRAGMA user_version = {schema or connection.execute('PRAGMA user_version').fetchone()[0]}")
        connection.execute("PRAGMA cache_size = 1")
        rows = [(f"k{number}", "x" * 3000) for number in range(300)]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO idempotency VALUES (?, ?, '[]', NULL, 1.0)", rows)
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM idempotency")
        connection.execute("INSERT INTO idempotency VALUES ('new', ?, '[]', NULL, 1.0)", ("x" * 300_000,))
        for one in (made, made.with_name(f"{made.name}-journal")):
            copyfile(one, file.parent / one.name)
    for one in origin.iterdir():
        one.unlink()
    origin.rmdir()


def test_a_database_that_has_a_journal_is_judged_by_what_it_will_be(tmp_path: Path) -> None:
    """The file by itself is no whole one; with what the journal undoes, it is. To look changes no byte of either."""
    file = tmp_path / "jobs.db"
    interrupted(file)
    before = contents(tmp_path)
    assert "schema" in examine(file)
    assert contents(tmp_path) == before
    assert asyncio.run(number_of_jobs(file)) == 0
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM idempotency").fetchone() == (300,)


def test_one_of_a_newer_version_is_refused_with_its_journal(tmp_path: Path) -> None:
    """Both stay as they were, and the error names the file, not a copy."""
    file = tmp_path / "jobs.db"
    interrupted(file, schema=999)
    before = contents(tmp_path)
    with pytest.raises(Unavailable, match="newer") as caught:
        asyncio.run(number_of_jobs(file))
    assert str(file) in caught.value.message
    assert contents(tmp_path) == before

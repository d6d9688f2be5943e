"""Logs as crashes, undone transactions and failing disks leave them, of bytes that SQLite wrote."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfile

import pytest
from store.files import contents, log_of, number_of_jobs

from shortsd.domain.errors import Unavailable
from shortsd.store.examine import examine
from shortsd.store.schema import migrate

HEADER, HEAD, PAGE = 32, 24, 4096
FRAME = HEAD + PAGE


@contextmanager
def dialled(file: Path) -> Iterator[sqlite3.Connection]:
    """SQLite at work as in the daemon, though with less room for what is not committed yet."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=10"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection


@contextmanager
def made(file: Path) -> Iterator[sqlite3.Connection]:
    with dialled(file) as connection:
        migrate(connection)
        yield connection


def commit(connection: sqlite3.Connection, *keys: str, end: str = "COMMIT") -> None:
    """A transaction of about a page for each key."""
    connection.execute("BEGIN IMMEDIATE")
    for key in keys:
        connection.execute("INSERT INTO idempotency VALUES (?, ?, '[]', NULL, 1.0)", (key, "x" * 3500))
    connection.execute(end)


def many(name: str, number: int) -> list[str]:
    return [f"{name}{one}" for one in range(number)]


def snapshot(file: Path, to: Path) -> Path:
    """A database and its log as they lie on the disk now."""
    to.mkdir()
    copyfile(file, to / file.name)
    copyfile(log_of(file), log_of(to / file.name))
    return to / file.name


def ends(log: bytes | bytearray) -> list[int]:
    """Where in a log each frame begins that ends a transaction."""
    return [
        at for at in range(HEADER, len(log), FRAME) if any(log[at + 4 : at + 8]) and log[at + 8 : at + 16] == log[16:24]
    ]


def kept(file: Path) -> list[str]:
    """The keys that SQLite finds, of a copy."""
    with closing(sqlite3.connect(snapshot(file, file.parent / "copy"))) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM idempotency ORDER BY key")]


def spoil(file: Path, at: int, length: int = 0) -> None:
    """Make so many bytes of a log zero; flip one, if none."""
    log = bytearray(log_of(file).read_bytes())
    log[at : at + (length or 1)] = bytes(length) if length else bytes([log[at] ^ 0x01])
    log_of(file).write_bytes(log)


def test_what_an_undone_transaction_left_behind_the_end_is_no_damage(tmp_path: Path) -> None:
    """It had spilled into the log. Of the last commit, which was never acknowledged, half a page is on the disk."""
    with made(tmp_path / "jobs.db") as connection:
        commit(connection, "a")
        commit(connection, *many("undone", 500), end="ROLLBACK")
        commit(connection, "b")
        commit(connection, "c")
        file = snapshot(tmp_path / "jobs.db", tmp_path / "cut")
    log = log_of(file).read_bytes()
    last = ends(log)[-1]
    assert len(log) - last > 100 * FRAME
    spoil(file, last + HEAD + PAGE // 2, PAGE // 2)
    assert kept(file) == ["a", "b"]
    assert "schema" in examine(file)


def test_commits_that_the_disk_refused_are_no_damage(tmp_path: Path) -> None:
    """Each has left its mark of an end in the log, and the next one was written over its beginning."""
    with made(tmp_path / "jobs.db") as connection:
        commit(connection, "a")
        file = snapshot(tmp_path / "jobs.db", tmp_path / "refused")
    began, logs = log_of(file).read_bytes(), []
    for name, number in (("first", 30), ("second", 15), ("last", 1)):
        tried = snapshot(file, tmp_path / name)
        with dialled(tried) as connection:
            commit(connection, *many(name, number))
            logs.append(log_of(tried).read_bytes())
    log = bytearray()
    for one in logs:
        assert one.startswith(began)
        log[: len(one)] = one
    log_of(file).write_bytes(log)
    assert [at < len(logs[-1]) for at in ends(log)[-3:]] == [True, False, False]
    assert kept(file) == ["a", "last0"]
    assert "schema" in examine(file)


@pytest.mark.parametrize(
    ("at", "length"),
    [
        pytest.param(0, HEAD, id="its head is zero"),
        pytest.param(-200, 512, id="the sector with its head is zero"),
        pytest.param(9, 0, id="a bit of its salt has flipped"),
        pytest.param(17, 0, id="a bit of its checksum has flipped"),
        pytest.param(HEAD + 100, 0, id="a bit of its page has flipped"),
        pytest.param(0, 5 * FRAME, id="it is zero, and so are the next four"),
    ],
)
@pytest.mark.parametrize("back", [10, 11])
def test_what_was_acknowledged_and_cannot_be_read_is_damage(tmp_path: Path, at: int, length: int, back: int) -> None:
    """Wherever a frame is spoilt, at a transaction's end or in it: others were built on it. No byte is changed."""
    with made(tmp_path / "jobs.db") as connection:
        for key in many("k", 20):
            commit(connection, key)
        file = snapshot(tmp_path / "jobs.db", tmp_path / "spoilt")
    spoil(file, HEADER + (log_of(file).stat().st_size // FRAME - back) * FRAME + at, length)
    before = contents(file.parent)
    with pytest.raises(Unavailable, match="transactions behind that"):
        examine(file)
    assert contents(file.parent) == before
    assert len(kept(file)) < 20


@pytest.mark.parametrize("at", [17, HEAD + 100])
def test_the_last_but_one_cannot_be_missed(tmp_path: Path, at: int) -> None:
    """One transaction is enough to tell that the one before it was acknowledged: its checksum, or its page, says so."""
    with made(tmp_path / "jobs.db") as connection:
        for key in many("k", 5):
            commit(connection, key)
        file = snapshot(tmp_path / "jobs.db", tmp_path / "spoilt")
    last_but_one = ends(log_of(file).read_bytes())[-2]
    spoil(file, last_but_one + at)
    with pytest.raises(Unavailable, match="transactions behind that"):
        examine(file)


def test_the_way_out_that_is_named_works(tmp_path: Path) -> None:
    """SQLite is told to take what can be read and to drop the rest; the daemon works with that."""
    with made(tmp_path / "jobs.db") as connection:
        for key in many("k", 20):
            commit(connection, key)
        file = snapshot(tmp_path / "jobs.db", tmp_path / "spoilt")
    spoil(file, HEADER + 30 * FRAME, HEAD)
    with pytest.raises(Unavailable) as caught:
        examine(file)
    pragma = "PRAGMA wal_checkpoint(TRUNCATE)"
    assert f"sqlite3 {file} '{pragma}'" in caught.value.hint
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(pragma)
    assert asyncio.run(number_of_jobs(file)) == 0
    with closing(sqlite3.connect(file)) as connection:
        assert 0 < connection.execute("SELECT count(*) FROM idempotency").fetchone()[0] < 20

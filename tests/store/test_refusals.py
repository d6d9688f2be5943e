"""What is no database that this version can work with is refused, and nothing about it changes."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from rights import unprivileged
from store.files import BATCH, contents, fill, log_of, number_of_jobs

from shortsd.domain.errors import Unavailable
from shortsd.store.examine import examine

PAGE = 4096
FRAME = PAGE + 24


def closed(file: Path) -> None:
    """A whole database that a daemon left in order."""
    asyncio.run(fill(file))


def killed(file: Path) -> None:
    """A whole database as a killed daemon leaves it: most of it is in the log."""
    origin = file.parent / "origin"
    origin.mkdir()
    asyncio.run(fill(origin / file.name, left=file))
    for made in origin.iterdir():
        made.unlink()
    origin.rmdir()


def garbage(file: Path) -> None:
    file.write_bytes(b"this is no database at all, it only looks like a file" * 100)


def another_programs(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE things (name TEXT)")


def newer(file: Path) -> None:
    closed(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 999")


def newer_in_the_log(file: Path) -> None:
    origin = file.with_name("origin.db")
    closed(origin)
    with closing(sqlite3.connect(origin)) as connection:
        connection.execute("PRAGMA user_version = 999")
        file.write_bytes(origin.read_bytes())
        log_of(file).write_bytes(log_of(origin).read_bytes())
    origin.unlink()


def folder(file: Path) -> None:
    file.mkdir()


def emptied_beside_its_log(file: Path) -> None:
    killed(file)
    file.write_bytes(b"")


def gone_from_its_log(file: Path) -> None:
    killed(file)
    file.unlink()


def cut(length: int) -> Callable[[Path], None]:
    """A database of which only so many bytes are left; less than none counts from the end."""

    def spoil(file: Path) -> None:
        closed(file)
        file.write_bytes(file.read_bytes()[:length])

    spoil.__name__ = f"cut_{length}"
    return spoil


def page_of_garbage(file: Path) -> None:
    """The header and the length are as they were."""
    closed(file)
    with file.open("r+b") as raw:
        raw.seek(4 * PAGE)
        raw.write(os.urandom(PAGE))


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 0x01
    file.write_bytes(data)


def log_without_header(file: Path) -> None:
    killed(file)
    flip(log_of(file), 5)


def log_with_a_flipped_bit(file: Path) -> None:
    killed(file)
    flip(log_of(file), 32 + 20 * FRAME + 1000)


def log_of_garbage(file: Path) -> None:
    killed(file)
    log_of(file).write_bytes(os.urandom(10 * FRAME))


SPOILT = [
    garbage,
    another_programs,
    newer,
    newer_in_the_log,
    folder,
    emptied_beside_its_log,
    gone_from_its_log,
    *(cut(length) for length in (1, 50, 100, 1000, PAGE, 5 * PAGE + 7, -PAGE, -1)),
    page_of_garbage,
    log_without_header,
    log_with_a_flipped_bit,
    log_of_garbage,
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_cannot_be_used_is_refused_and_left_as_it_is(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    """The error names the file and a way out; no byte of the file, or of what lies beside it, changes."""
    file = tmp_path / "jobs.db"
    spoil(file)
    before = contents(tmp_path)
    with pytest.raises(Unavailable) as caught:
        asyncio.run(number_of_jobs(file))
    assert str(file) in caught.value.message
    assert caught.value.hint
    assert contents(tmp_path) == before


def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """What may not be read is named, with what to look at."""
    file = tmp_path / "jobs.db"
    closed(file)
    asyncio.run(number_of_jobs(file))  # whatever is imported on the way is imported while it can be read
    file.chmod(0)
    with unprivileged(), pytest.raises(Unavailable, match="Permission denied") as caught:
        asyncio.run(number_of_jobs(file))
    assert str(file) in caught.value.message
    assert file.stat().st_size > PAGE


@pytest.mark.parametrize("leave", [closed, killed])
def test_a_look_at_a_whole_one_changes_nothing(tmp_path: Path, leave: Callable[[Path], None]) -> None:
    """It is said what it is; no byte changes, and no file comes to lie beside it."""
    file = tmp_path / "jobs.db"
    leave(file)
    before = contents(tmp_path)
    assert "schema" in examine(file)
    assert contents(tmp_path) == before


def test_what_a_killed_daemon_leaves_is_whole(tmp_path: Path) -> None:
    """All that was committed is there, though it is in the log alone."""
    killed(tmp_path / "jobs.db")
    assert asyncio.run(number_of_jobs(tmp_path / "jobs.db")) == 3 * BATCH


@pytest.mark.parametrize("lost", [1, FRAME, 3 * FRAME + 100])
def test_a_commit_that_a_crash_cut_short_never_was(tmp_path: Path, lost: int) -> None:
    """The log's last transaction is not whole: the ones before it are there, and nobody was told of it."""
    file = tmp_path / "jobs.db"
    killed(file)
    os.truncate(log_of(file), log_of(file).stat().st_size - lost)
    assert asyncio.run(number_of_jobs(file)) == 2 * BATCH


def test_a_torn_page_in_the_last_commit_is_no_damage(tmp_path: Path) -> None:
    """A power cut may leave the last transaction's pages on the disk in any order."""
    file = tmp_path / "jobs.db"
    killed(file)
    flip(log_of(file), log_of(file).stat().st_size - 3 * FRAME)
    assert asyncio.run(number_of_jobs(file)) == 2 * BATCH


def test_what_an_earlier_round_left_in_the_log_is_no_damage(tmp_path: Path) -> None:
    """The log is written from its beginning again once all of it is in the file; what follows is of the past."""
    origin, file = tmp_path / "origin.db", tmp_path / "jobs.db"
    closed(origin)
    with closing(sqlite3.connect(origin, isolation_level=None)) as connection:
        connection.execute("UPDATE jobs SET title = 'x'")
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
        connection.execute("DELETE FROM jobs WHERE id = 1")
        file.write_bytes(origin.read_bytes())
        log_of(file).write_bytes(log_of(origin).read_bytes())
    assert asyncio.run(number_of_jobs(file)) == 3 * BATCH - 1


@pytest.mark.parametrize("log", [b"", bytes(10 * FRAME), b"\x37\x7f"])
def test_a_log_that_was_never_begun_is_nothing(tmp_path: Path, log: bytes) -> None:
    """A crash may leave one without a byte on the disk: the file alone counts."""
    file = tmp_path / "jobs.db"
    closed(file)
    log_of(file).write_bytes(log)
    assert asyncio.run(number_of_jobs(file)) == 3 * BATCH


def test_an_empty_file_by_itself_is_a_new_database(tmp_path: Path) -> None:
    """A daemon that was killed as it began leaves one."""
    (tmp_path / "jobs.db").touch()
    assert asyncio.run(number_of_jobs(tmp_path / "jobs.db")) == 0

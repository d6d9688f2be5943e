import asyncio
from pathlib import Path

import pytest
from store.files import BATCH, contents, fill, ignore, number_of_jobs

from shortsd.domain.errors import DiskFull, Unavailable
from shortsd.store.backup import Backups, _measured
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request


async def test_a_copy_is_whole_and_has_no_name(tmp_path: Path) -> None:
    """All that is committed is in it, also what is in the log alone; nothing lies about beside the database."""
    file = tmp_path / "jobs.db"
    await fill(file)
    database = await Database.open(file, ignore)
    await Jobs(database, lambda: 1.0).create([Request("short", {}, "a title")])
    copy = await Backups(file, lambda: 0).make()
    with copy.file:
        assert sorted(contents(tmp_path)) == ["jobs.db", "jobs.db-shm", "jobs.db-wal"]
        (tmp_path / "copy.db").write_bytes(copy.file.read())
    await database.close()
    assert (tmp_path / "copy.db").stat().st_size == copy.size
    assert await number_of_jobs(tmp_path / "copy.db") == 3 * BATCH + 1


async def test_copies_are_made_one_at_a_time(tmp_path: Path) -> None:
    """Who asks for a second one meanwhile is told so: each takes the space of the database."""
    await fill(tmp_path / "jobs.db")
    backups = Backups(tmp_path / "jobs.db", lambda: 0)
    first = asyncio.create_task(backups.make())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="Another backup"):
        await backups.make()
    (await first).file.close()


async def test_no_copy_is_begun_without_room_for_it(tmp_path: Path) -> None:
    """What must stay free stays free."""
    await fill(tmp_path / "jobs.db")
    with pytest.raises(DiskFull):
        await Backups(tmp_path / "jobs.db", lambda: 2**60).make()
    assert list(contents(tmp_path)) == ["jobs.db"]


async def test_half_a_copy_is_swept_at_the_next_start(tmp_path: Path) -> None:
    """What a killed daemon left of one goes when the database is opened; nothing else does."""
    await fill(tmp_path / "jobs.db")
    (tmp_path / ".backup-abc").write_bytes(b"half")
    (tmp_path / "mine").touch()
    await (await Database.open(tmp_path / "jobs.db", ignore)).close()
    assert sorted(contents(tmp_path)) == ["jobs.db", "mine"]


async def test_a_copy_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    """As where the database is gone."""
    with pytest.raises(Unavailable, match="No such file"):
        await Backups(tmp_path / "jobs.db", lambda: 0).make()


def test_a_copy_that_cannot_be_read_is_closed() -> None:
    """A disk that fails is an error of ours, and no descriptor is left open: the file takes space for as long."""
    file = Path("/proc/self/mem").open("rb")  # noqa: SIM115 - whether it is closed is what is asked; its start has no bytes
    with pytest.raises(Unavailable, match="Input/output error"):
        _measured(file)
    assert file.closed

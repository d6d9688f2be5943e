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
    copy = await Backups(file, database.aside, lambda: 0).make()
    with copy.file:
        assert sorted(contents(tmp_path)) == ["jobs.db", "jobs.db-shm", "jobs.db-wal"]
        (tmp_path / "copy.db").write_bytes(copy.file.read())
    await database.close()
    assert (tmp_path / "copy.db").stat().st_size == copy.size
    assert await number_of_jobs(tmp_path / "copy.db") == 3 * BATCH + 1


async def test_copies_are_made_one_at_a_time(tmp_path: Path) -> None:
    """Who asks for a second one meanwhile is told so: each takes the space of the database."""
    await fill(tmp_path / "jobs.db")
    database = await Database.open(tmp_path / "jobs.db", ignore)
    backups = Backups(tmp_path / "jobs.db", database.aside, lambda: 0)
    first = asyncio.create_task(backups.make())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="Another backup"):
        await backups.make()
    (await first).file.close()
    await database.close()


async def test_no_copy_is_begun_without_room_for_it(tmp_path: Path) -> None:
    """What must stay free stays free; the need is told in whole mebibytes, and never as none."""
    file = tmp_path / "jobs.db"
    await fill(file)
    database = await Database.open(file, ignore)
    with pytest.raises(DiskFull, match=rf"needs {2**40 + 1} MB free"):
        await Backups(file, database.aside, lambda: 2**60).make()
    await database.close()
    assert list(contents(tmp_path)) == ["jobs.db"]


async def test_half_a_copy_is_swept_at_the_next_start(tmp_path: Path) -> None:
    """What a killed daemon left of one goes when the database is opened; nothing else does."""
    await fill(tmp_path / "jobs.db")
    (tmp_path / ".backup-abc").write_bytes(b"half")
    (tmp_path / "mine").touch()
    await (await Database.open(tmp_path / "jobs.db", ignore)).close()
    assert sorted(contents(tmp_path)) == ["jobs.db", "mine"]


async def test_a_copy_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    """As where there is no folder to make it in."""
    database = await Database.open(tmp_path / "jobs.db", ignore)
    with pytest.raises(Unavailable, match="No such file"):
        await Backups(tmp_path / "gone" / "jobs.db", database.aside, lambda: 0).make()
    await database.close()


async def test_a_copy_has_all_of_a_database_that_is_gone_by_then(tmp_path: Path) -> None:
    """It is made of what is open, and not of what has its name: what is in the log alone is in it, too."""
    file = tmp_path / "jobs.db"
    await fill(file)
    database = await Database.open(file, ignore)
    await Jobs(database, lambda: 1.0).create([Request("short", {}, "a title")])
    for name in contents(tmp_path):
        (tmp_path / name).unlink()
    await fill(file, transactions=1)
    copy = await Backups(file, database.aside, lambda: 0).make()
    with copy.file:
        (tmp_path / "copy.db").write_bytes(copy.file.read())
    await database.close()
    assert await number_of_jobs(tmp_path / "copy.db") == 3 * BATCH + 1


@pytest.mark.parametrize("replaced", [False, True])
async def test_work_that_would_be_lost_is_refused(tmp_path: Path, *, replaced: bool) -> None:
    """Where the file has lost its name, or another one has it by now; with it back in its place, work is taken."""
    file, away = tmp_path / "jobs.db", tmp_path / "away.db"
    database = await Database.open(file, ignore)
    jobs = Jobs(database, lambda: 1.0)
    number = (await jobs.create([Request("short", {}, "a title")], "key")).jobs[0].id
    await jobs.stop(number)
    file.rename(away)
    if replaced:
        file.touch()
    for refused in (jobs.create([Request("short", {}, "a title")]), jobs.retry(number, "retried"), jobs.writable()):
        with pytest.raises(Unavailable, match=r"jobs\.db was taken away or replaced while the daemon runs") as caught:
            await refused
        assert "shortsctl backup FILE" in caught.value.hint
    assert (await jobs.create([Request("short", {}, "a title")], "key")).jobs[0].id == number
    away.replace(file)
    await jobs.retry(number, "retried")
    await database.close()


def test_a_copy_that_cannot_be_read_is_closed() -> None:
    """A disk that fails is an error of ours, and no descriptor is left open: the file takes space for as long."""
    file = Path("/proc/self/mem").open("rb")  # noqa: SIM115 - whether it is closed is what is asked; its start has no bytes
    with pytest.raises(Unavailable, match="Input/output error"):
        _measured(file)
    assert file.closed

"""Databases for tests: whole ones, and what a killed daemon leaves."""

from pathlib import Path
from shutil import copyfile

from shortsd.domain.events import Event
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request
from shortsd.store.selection import Selection

BATCH = 20
"""Jobs in a transaction of some ten pages."""


def ignore(event: Event) -> None:
    del event


def log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file in a folder with its bytes; folders without."""
    return {entry.name: entry.read_bytes() if entry.is_file() else None for entry in folder.iterdir()}


async def fill(file: Path, transactions: int = 3, left: Path | None = None) -> None:
    """Make a database with a batch of jobs from each transaction; `left` is what would remain of it after a kill."""
    database = await Database.open(file, ignore)
    jobs = Jobs(database, lambda: 1.0)
    for _ in range(transactions):
        await jobs.create([Request("short", {"story": "x" * 2000}, "a title")] * BATCH)
    if left is not None:
        copyfile(file, left)
        copyfile(log_of(file), log_of(left))
    await database.close()


async def number_of_jobs(file: Path) -> int:
    database = await Database.open(file, ignore)
    try:
        return len(await Jobs(database, lambda: 1.0).select(Selection(limit=10_000)))
    finally:
        await database.close()

"""One SQLite file: opened with care, migrated forward only, written one transaction at a time."""

import asyncio
import os
import re
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Self, TypeVar

import aiosqlite

from shortsd.domain.errors import DiskFull, Internal, ShortsError, Unavailable
from shortsd.domain.events import Event

T = TypeVar("T")
Publish = Callable[[Event], None]

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
"""FULL makes a commit survive a power cut: a job that was accepted is never lost (sqlite.org/pragma.html)."""

APPLICATION_ID = 0x53485254
"""Marks a database as ours ("SHRT" in ASCII), so that a stranger's is never migrated."""


@dataclass(slots=True)
class Transaction:
    """A connection inside BEGIN … COMMIT, and the events to be told of after it."""

    connection: aiosqlite.Connection
    events: list[Event] = field(default_factory=list)

    async def one(self, sql: str, *args: object) -> sqlite3.Row | None:
        async with self.connection.execute(sql, args) as cursor:
            return await cursor.fetchone()

    async def all(self, sql: str, *args: object) -> list[sqlite3.Row]:
        async with self.connection.execute(sql, args) as cursor:
            return list(await cursor.fetchall())

    async def run(self, sql: str, *args: object) -> int:
        """Execute a statement; the id of the row it inserted."""
        async with self.connection.execute(sql, args) as cursor:
            return cursor.lastrowid or 0


class Database:
    """The open file. `publish` hears each event right after the commit that made it true, in commit order."""

    def __init__(self, connection: aiosqlite.Connection, publish: Publish) -> None:
        self._connection = connection
        self._publish = publish
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, file: Path, publish: Publish) -> Self:
        """Open, check and migrate. Raises Unavailable, leaving the file as it was, if it is not for this version."""
        try:
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))  # stories are their user's alone
            connection = await aiosqlite.connect(file, isolation_level=None)
        except (sqlite3.Error, OSError) as exc:
            raise _unreadable(file, str(exc)) from exc
        connection.row_factory = sqlite3.Row
        try:
            await _check(connection, file)
            for pragma in PRAGMAS:
                await connection.execute(f"PRAGMA {pragma}")
            await _migrate(connection)
        except sqlite3.Error as exc:
            await connection.close()
            raise _unreadable(file, str(exc)) from exc
        except ShortsError:
            await connection.close()
            raise
        return cls(connection, publish)

    async def close(self) -> None:
        async with self._lock:
            await self._connection.close()

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Do `work` in one transaction, then tell of its events.

        It is carried to its end even if the caller is cancelled: a commit is never made without its events being told.
        Raises what `work` raises, after a rollback; DiskFull or Unavailable if the file cannot be written.
        """
        return await asyncio.shield(asyncio.ensure_future(self._transaction(work, "IMMEDIATE")))

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As `transaction`, for work that only reads: it sees one state of the file, and waits for no other program."""
        return await asyncio.shield(asyncio.ensure_future(self._transaction(work, "DEFERRED")))

    async def _transaction(self, work: Callable[[Transaction], Awaitable[T]], kind: str) -> T:
        async with self._lock:
            transaction = Transaction(self._connection)
            try:
                await self._connection.execute(f"BEGIN {kind}")
                result = await work(transaction)
                await self._connection.commit()
            except BaseException as exc:
                await self._rollback()
                if isinstance(exc, sqlite3.Error):
                    raise _foreign(exc) from exc
                raise
            for event in transaction.events:
                self._publish(event)
            return result

    async def _rollback(self) -> None:
        if self._connection.in_transaction:
            await self._connection.rollback()


def _foreign(exc: sqlite3.Error) -> ShortsError:
    """SQLite's error as ours, told by its result code (sqlite.org/rescode.html)."""
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DiskFull("The disk that holds the job database is full.", "Free some space, then try again.")
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN):
        return Unavailable(f"The job database cannot be written: {exc}.", "Look at the disk that holds it.")
    return Internal(f"The job database refused a statement: {exc}.")


def _unreadable(file: Path, why: str) -> Unavailable:
    return Unavailable(
        f"The job database {file} cannot be used: {why}.",
        "It was left as it is. Move it away to begin with an empty one, or put a backup in its place.",
    )


async def _check(connection: aiosqlite.Connection, file: Path) -> None:
    """Raise Unavailable unless the file is empty, or ours, whole, and not of a newer version. Reads only."""
    async with connection.execute("PRAGMA application_id") as cursor:
        (application,) = await cursor.fetchone() or (0,)
    async with connection.execute("SELECT count(*) FROM sqlite_schema") as cursor:
        (tables,) = await cursor.fetchone() or (0,)
    version = await _version(connection)
    if tables and application != APPLICATION_ID:
        raise _unreadable(file, "it belongs to another program")
    if version > len(_migrations()):
        raise _unreadable(file, f"a newer shortsd wrote it (schema {version}, this one knows {len(_migrations())})")
    async with connection.execute("PRAGMA quick_check(1)") as cursor:
        (verdict,) = await cursor.fetchone() or ("",)
    if verdict != "ok":
        raise _unreadable(file, f"it is damaged ({verdict})")


async def _version(connection: aiosqlite.Connection) -> int:
    async with connection.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


def _migrations() -> list[str]:
    """The scripts in order; the n-th brings schema n - 1 to n."""
    folder = resources.files("shortsd.store") / "migrations"
    files = sorted(entry.name for entry in folder.iterdir() if re.fullmatch(r"\d{4}_\w+\.sql", entry.name))
    return [(folder / name).read_text("utf-8") for name in files]


async def _migrate(connection: aiosqlite.Connection) -> None:
    """Bring the schema to this version, each step in a transaction of its own."""
    for number, script in enumerate(_migrations()[await _version(connection) :], await _version(connection) + 1):
        await connection.executescript(
            f"BEGIN IMMEDIATE;\n{script}\n"
            f"PRAGMA application_id={APPLICATION_ID};\nPRAGMA user_version={number};\nCOMMIT;"
        )

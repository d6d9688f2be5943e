"""One SQLite connection, in a thread of its own to which whole pieces of work are handed."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote

import aiosqlite

T = TypeVar("T")

READING = ("schema_version",)
"""Read at once: a connection finds the log by its name when it first reads, and later that might be gone."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
"""FULL makes a commit survive a power cut: a job that was accepted is never lost (sqlite.org/pragma.html)."""


class Connection(aiosqlite.Connection):
    """aiosqlite's connection, which runs functions in its thread too.

    Under load a hand-over to a thread and back takes longer than the statements of a transaction: each is one.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._stuck = False

    @classmethod
    async def open(cls, file: Path, busy_s: float) -> Self:
        """A connection that writes; `busy_s` is how long it waits for another program. Raises sqlite3.Error."""
        connection = cls(partial(_dial, uri(file, "mode=rw"), busy_s, PRAGMAS))
        await connection
        return connection

    @classmethod
    async def open_reading(cls, file: Path, busy_s: float) -> Self:
        """A connection that only reads. Raises sqlite3.Error."""
        connection = cls(partial(_dial, uri(file, "mode=ro"), busy_s, READING))
        await connection
        return connection

    async def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Call `work` in the connection's thread; it leaves no transaction open. Raises what it raises, sqlite3.Error.

        A connection that is found inside of a transaction afterwards could not be rolled back: the next work gets a
        new one.
        """
        done: T = await self._execute(self._do, work)  # type: ignore[no-untyped-call]  # aiosqlite's inside has no hints
        return done

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._stuck:
            self._conn.close()
            self._connection = self._connector()
            self._stuck = False
        try:
            return work(self._conn)
        finally:
            self._stuck = self._conn.in_transaction


def uri(file: Path, query: str) -> str:
    """How SQLite is told of a file and of how to open it (sqlite.org/uri.html)."""
    return f"file:{quote(str(file.absolute()))}?{query}"


def _dial(name: str, busy_s: float, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=busy_s, isolation_level=None, uri=True)
    connection.row_factory = sqlite3.Row
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection

"""A piece of work inside of a transaction, and how it is done in its connection's thread."""

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from shortsd.domain.errors import Internal
from shortsd.domain.events import Event

T = TypeVar("T")


@dataclass(slots=True)
class Transaction:
    """A connection inside BEGIN … COMMIT, and the events to be told of after it.

    Its methods are awaited and never wait: the work that they belong to is in the connection's thread already, and may
    await nothing else.
    """

    connection: sqlite3.Connection
    events: list[Event] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    """What it makes true, in a word each, for a witness of its commit."""

    async def one(self, sql: str, *args: object) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.connection.execute(sql, args).fetchone()
        return row

    async def all(self, sql: str, *args: object) -> list[sqlite3.Row]:
        return self.connection.execute(sql, args).fetchall()

    async def run(self, sql: str, *args: object) -> int:
        """Execute a statement; the id of the row it inserted."""
        return self.connection.execute(sql, args).lastrowid or 0


def done(work: Callable[[Transaction], Awaitable[T]], transaction: Transaction) -> T:
    """What `work` returns. Raises what it raises; Internal if it awaits what is not there yet."""
    steps = work(transaction).__await__()
    try:
        next(steps)
    except StopIteration as end:
        result: T = end.value
        return result
    steps.close()
    raise Internal("A transaction waited for something that is not the database.")


def reading(work: Callable[[Transaction], Awaitable[T]], connection: sqlite3.Connection) -> T:
    """Do work that sees one state of the file. Raises what it raises."""
    connection.execute("BEGIN")
    try:
        return done(work, Transaction(connection))
    finally:
        connection.rollback()

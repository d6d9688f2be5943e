"""One SQLite file: opened with care, written one group of transactions at a time, read meanwhile."""

import asyncio
import os
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from shortsd.domain.errors import Unavailable
from shortsd.domain.events import Event
from shortsd.domain.finish import finish
from shortsd.domain.witness import NOBODY, Witness
from shortsd.store.backup import sweep
from shortsd.store.connection import Connection
from shortsd.store.examine import examine
from shortsd.store.faults import foreign, unopened
from shortsd.store.group import Group, Member
from shortsd.store.place import Place
from shortsd.store.schema import migrate
from shortsd.store.transaction import Transaction, reading

__all__ = ["Database", "Transaction"]

T = TypeVar("T")
Publish = Callable[[Event], None]

BUSY_S = 5.0
"""How long another program may keep us from writing before work is refused."""
TURN_S = 8.0
"""How long a transaction waits for its turn before it is refused: clients wait ten seconds for an answer."""


class Database:
    """The open file. `publish` hears each event right after the commit that made it true, in commit order.

    What writes and what reads have a connection and a thread each: a disk that keeps a commit waiting, or another
    program that does, keeps no reader waiting, and no long list keeps a commit waiting. What copies has its own, too.
    """

    def __init__(
        self,
        connections: tuple[Connection, Connection, Connection],
        place: Place,
        publish: Publish,
        turn_s: float,
        witness: Witness,
    ) -> None:
        self._writing, self._reading, self._copying = connections
        self._place = place
        self._publish = publish
        self._turn_s = turn_s
        self._witness = witness
        self._waiting: deque[Member] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._closed = False

    @classmethod
    async def open(
        cls,
        file: Path,
        publish: Publish,
        busy_s: float = BUSY_S,
        turn_s: float = TURN_S,
        witness: Witness = NOBODY,
    ) -> Self:
        """Open, check and migrate. Raises Unavailable, leaving the file as it was, if it is not for this version."""
        await asyncio.to_thread(examine, file)
        try:
            sweep(file)
            place = _made(file)
            writing = await Connection.open(file, busy_s)
        except (sqlite3.Error, OSError) as exc:
            raise unopened(file, exc) from exc
        opened = [writing]
        try:
            await writing.do(migrate)
            reading = await Connection.open_reading(file, busy_s)
            opened.append(reading)
            copying = await Connection.open_reading(file, busy_s)
            return cls((writing, reading, copying), place, publish, turn_s, witness)
        except sqlite3.Error as exc:
            for connection in reversed(opened):
                await connection.close()
            raise unopened(file, exc) from exc

    async def close(self) -> None:
        """Finish what waits, then close the file."""
        self._closed = True
        if self._writer is not None:
            await asyncio.wait([self._writer])
        for connection in (self._copying, self._reading, self._writing):
            await connection.close()

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Do `work` in a transaction, then tell of its events. It awaits nothing but its Transaction.

        Once begun it is carried to its end even if the caller is cancelled: a commit is never made without its events
        being told. Raises what `work` raises, which has then done nothing; DiskFull or Unavailable if the file cannot
        be written, or if it is not begun within the time for a turn.
        """
        self._open()
        member = Member(work, asyncio.get_running_loop().create_future())
        self._waiting.append(member)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write(), name="database")
        result: T = await self._told(member)
        return result

    async def _told(self, member: Member) -> Any:
        try:
            async with asyncio.timeout(self._turn_s):
                return await asyncio.shield(member.told)
        except TimeoutError:
            if self._withdrawn(member):
                raise Unavailable(
                    f"The job database could not be written for {self._turn_s:.0f} s.",
                    "Look at the disk that holds it.",
                ) from None
            return await asyncio.shield(member.told)

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As `transaction`, for work that only reads: it sees the last commit, and waits for none."""
        self._open()
        try:
            return await self._reading.do(partial(reading, work))
        except sqlite3.Error as exc:
            raise foreign(exc) from exc

    async def aside(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Call `work`, which copies and may take long, in a thread that nobody else waits for; it is seen through.

        Raises what it raises, Unavailable.
        """
        self._open()
        try:
            return await finish(asyncio.create_task(self._copying.do(work)))
        except sqlite3.Error as exc:
            raise foreign(exc) from exc

    def require_place(self) -> None:
        """See that what is written now is found again by the next daemon. It looks at the disk. Raises Unavailable."""
        self._place.require()

    async def ping(self) -> None:
        """Return once the writer's thread turns to us: it does not while a write hangs. Nothing is written."""
        self._open()
        await self._writing.do(lambda _: None)

    async def _write(self) -> None:
        """Bring what waits to the file, group by group, until nothing waits."""
        while self._waiting:
            group = Group(self._waiting, self._witness)
            try:
                await self._writing.do(group.commit)
            except Exception as exc:  # noqa: BLE001 - no connection, for one: that is for those who wait to hear
                group.fail(exc)
            group.tell(self._publish)

    def _withdrawn(self, member: Member) -> bool:
        """Take back what has not been begun; False if it has."""
        try:
            self._waiting.remove(member)
        except ValueError:
            return False
        return True

    def _open(self) -> None:
        if self._closed:
            raise Unavailable("The job database is closed.", "Ask again when the daemon has started anew.")


def _made(file: Path) -> Place:
    """See that a file is there, and where; stories are their user's alone. Raises OSError."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        return Place.of(file, handle)
    finally:
        os.close(handle)

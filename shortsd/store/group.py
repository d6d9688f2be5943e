"""Transactions that wait at the same time are committed together: one wait for the disk serves them all."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from shortsd.domain.events import Event
from shortsd.domain.witness import Witness
from shortsd.store.faults import foreign
from shortsd.store.transaction import Transaction, done

MOST = 100
"""Works in a group: those that come while it is being done join it, and somebody has to hear of it in the end."""

Work = Callable[[Transaction], Awaitable[Any]]

logger = logging.getLogger("shortsd.store")


@dataclass(slots=True, eq=False)
class Member:
    """A work that waits for its turn, and whom it will be told by `told`."""

    work: Work
    told: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None
    events: list[Event] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """The works that one transaction takes from those that wait."""

    waiting: deque[Member]
    witness: Witness
    members: list[Member] = field(default_factory=list)

    def commit(self, connection: sqlite3.Connection) -> None:
        """Do what waits and make it durable. Called in the connection's thread; what came of it says `tell`.

        Each work has a savepoint of its own, so that one that fails hurts no other. If SQLite undoes all of them, or
        cannot begin or commit, that is what came of each.
        """
        try:
            connection.execute("BEGIN IMMEDIATE")
            while len(self.members) < MOST and self._take():
                _try(self.members[-1], connection)
            with self.witness.transition(*(fact for member in self.members for fact in member.facts)):
                connection.execute("COMMIT")
        except sqlite3.Error as exc:
            self.fail(exc)
        finally:
            if connection.in_transaction:
                with suppress(sqlite3.Error):  # it is found in a transaction then, and will be replaced
                    connection.rollback()

    def fail(self, exc: Exception) -> None:
        """Nothing of what the members did has come to be; if it was not begun, nobody who waits is let in."""
        if not self.members:
            self._take_all()
        for member in self.members:
            member.error = foreign(exc) if isinstance(exc, sqlite3.Error) else exc

    def tell(self, publish: Callable[[Event], None]) -> None:
        """Tell of the events of what was done, in its order, and tell those who wait what came of it.

        What a hearer raises is the log's: it is done, whatever becomes of the word of it.
        """
        for member in self.members:
            if member.error is not None:
                member.told.set_exception(member.error)
                continue
            for event in member.events:
                try:
                    publish(event)
                except Exception:
                    logger.exception("an event could not be told", extra={"seq": event.seq, "job": event.job})
            member.told.set_result(member.result)

    def _take_all(self) -> None:
        """Whoever waits while another program is in the way has waited as long as that may take."""
        while self._take():
            pass

    def _take(self) -> bool:
        """Let the next one that waits be a member, if there is one."""
        try:
            self.members.append(self.waiting.popleft())
        except IndexError:
            return False
        return True


def _try(member: Member, connection: sqlite3.Connection) -> None:
    """Do one work. Raises sqlite3.Error if SQLite has undone the whole transaction over it."""
    transaction = Transaction(connection)
    connection.execute("SAVEPOINT work")
    try:
        member.result = done(member.work, transaction)
        member.events, member.facts = transaction.events, transaction.facts
    except BaseException as exc:  # whatever it is, somebody waits for it
        if not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO work")
        member.error = foreign(exc) if isinstance(exc, sqlite3.Error) else exc
    connection.execute("RELEASE work")

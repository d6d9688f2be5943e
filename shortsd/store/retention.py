"""What the store knows of files that lie beside it, and what it forgets with time. Each method is one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass

from shortsd.domain.job import State
from shortsd.store.database import Database, Transaction
from shortsd.store.rows import dump

SLICE = 1000
"""Rows that are deleted in one transaction: no other is to wait long."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands; no state if it was deleted. `ended_at` is in seconds since the epoch."""

    state: State | None
    ended_at: float | None


class Retention:
    """Beside the stores of jobs and events: what of them has had its time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, numbers: Iterable[int]) -> dict[int, Standing]:
        """How the jobs with these numbers stand. One that this database never gave out is left out.

        A job that was deleted is one whose number was given out and is not there: none is given out twice.
        """
        wanted = dump(list(numbers))

        async def work(transaction: Transaction) -> dict[int, Standing]:
            rows = await transaction.all(
                "SELECT value, state, ended_at FROM json_each(?) LEFT JOIN jobs ON jobs.id = value"
                " WHERE value <= (SELECT seq FROM sqlite_sequence WHERE name = 'jobs')",
                wanted,
            )
            return {
                number: Standing(None if state is None else State(state), ended_at) for number, state, ended_at in rows
            }

        return await self._database.read(work)

    async def forget_events(self, keep: int, together: int = SLICE) -> None:
        """Delete all events but the newest `keep`, oldest first, `together` at a time."""

        async def work(transaction: Transaction) -> bool:
            row = await transaction.one(
                "SELECT (SELECT min(seq) FROM events), (SELECT max(seq) FROM events) - ?",  # two looks into an index
                keep,
            )
            if row is None or row[0] is None or row[0] > row[1]:
                return False
            await transaction.run("DELETE FROM events WHERE seq <= ?", min(row[0] + together - 1, row[1]))
            return True

        while await self._database.transaction(work):
            pass

    async def forget_keys(self, before: float, together: int = SLICE) -> None:
        """Delete the idempotency keys that were given before a time, `together` at a time."""

        async def work(transaction: Transaction) -> bool:
            row = await transaction.one("SELECT 1 FROM idempotency WHERE created_at < ? LIMIT 1", before)
            await transaction.run(
                "DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE created_at < ? LIMIT ?)",
                before, together,
            )  # fmt: skip
            return row is not None

        while await self._database.transaction(work):
            pass

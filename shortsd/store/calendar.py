"""When shorts are to be seen, what was seen, and how batches stand. Each method is one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from shortsd.domain.errors import NotFound
from shortsd.domain.job import Job
from shortsd.store.database import Database, Transaction
from shortsd.store.rows import job_of


@dataclass(frozen=True, slots=True)
class Batch:
    """Jobs that were asked for together, counted by state."""

    id: int
    created_at: float
    states: Mapping[str, int]


class CalendarStore:
    """Jobs by their hours, their ends and their batches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def taken(self, after: float) -> list[float]:
        """The hours after a time that jobs have; one that was stopped before it was uploaded has none."""

        async def work(transaction: Transaction) -> list[float]:
            rows = await transaction.all(
                "SELECT publish_at FROM jobs WHERE publish_at > ? AND (state != 'stopped'"
                " OR id IN (SELECT job FROM uploads WHERE video != '')) ORDER BY publish_at",
                after,
            )
            return [row[0] for row in rows]

        return await self._database.read(work)

    async def scheduled(self, after: float, limit: int) -> list[Job]:
        """Jobs with an hour after a time, the earliest first."""

        async def work(transaction: Transaction) -> list[Job]:
            rows = await transaction.all(
                "SELECT * FROM jobs WHERE publish_at > ? ORDER BY publish_at, id LIMIT ?", after, limit
            )
            return [job_of(row) for row in rows]

        return await self._database.read(work)

    async def published(self, before: int | None, limit: int) -> list[Job]:
        """Jobs that have published something that is there still, newest first; of those with ids below `before`."""

        async def work(transaction: Transaction) -> list[Job]:
            rows = await transaction.all(
                "SELECT * FROM jobs WHERE result != '{}' AND json_extract(result, '$.removed_at') IS NULL"
                " AND json_extract(result, '$.skipped') IS NULL"
                " AND id < coalesce(?, id + 1) ORDER BY id DESC LIMIT ?",
                before, limit,
            )  # fmt: skip
            return [job_of(row) for row in rows]

        return await self._database.read(work)

    async def batch(self, number: int) -> Batch:
        """How a batch stands. Raises NotFound."""

        async def work(transaction: Transaction) -> Batch:
            row = await transaction.one("SELECT created_at FROM batches WHERE id = ?", number)
            if row is None:
                raise NotFound(f"There is no batch b{number}.", "`shortsctl ls` shows the batch of each job.")
            counts = await transaction.all("SELECT state, count(*) FROM jobs WHERE batch = ? GROUP BY state", number)
            return Batch(number, row[0], dict(map(tuple, counts)))

        return await self._database.read(work)

    async def paused(self) -> bool:
        """Whether jobs are not started."""

        async def work(transaction: Transaction) -> bool:
            row = await transaction.one("SELECT paused FROM home")
            return bool(row and row[0])

        return await self._database.read(work)

    async def pause(self, *, paused: bool) -> None:
        """Let no job be started, or let them."""

        async def work(transaction: Transaction) -> None:
            await transaction.run("UPDATE home SET paused = ?", paused)

        await self._database.transaction(work)

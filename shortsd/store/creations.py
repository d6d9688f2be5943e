"""Creations by their ids. Each method is one transaction."""

from shortsd.domain.job import Job
from shortsd.store.database import Database, Transaction
from shortsd.store.rows import job_of


class CreationStore:
    """The jobs of creations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, storage: str, creation: str) -> Job | None:
        """The youngest job of a creation; None if there is none."""

        async def work(transaction: Transaction) -> Job | None:
            row = await transaction.one(
                "SELECT * FROM jobs WHERE kind = 'creation' AND json_extract(params, '$.creation') = ?"
                " AND json_extract(params, '$.storage') = ? ORDER BY id DESC LIMIT 1",
                creation, storage,
            )  # fmt: skip
            return job_of(row) if row else None

        return await self._database.read(work)

"""Transcripts by the channels that they are of. Each method is one transaction."""

from shortsd.domain.job import Job
from shortsd.store.database import Database, Transaction
from shortsd.store.rows import job_of


class TranscriptStore:
    """The jobs of transcripts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, channel: str) -> list[Job]:
        """Those of a channel that are under way or have succeeded."""

        async def work(transaction: Transaction) -> list[Job]:
            rows = await transaction.all(
                "SELECT * FROM jobs WHERE kind = 'transcript' AND json_extract(params, '$.channel') = ?"
                " AND state NOT IN ('failed', 'stopped')",
                channel,
            )
            return [job_of(row) for row in rows]

        return await self._database.read(work)

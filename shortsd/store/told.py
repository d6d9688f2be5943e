"""All stories that were told (domain.memory.ToldStories). Each method is one transaction."""

from collections.abc import Sequence

from shortsd.domain.memory import Told
from shortsd.domain.ports import Clock
from shortsd.store.database import Database, Transaction

_OTHERS = """
SELECT job, title, text FROM stories WHERE job != ?
UNION ALL
SELECT id, title, json_extract(params, '$.story') FROM jobs
WHERE id != ? AND state IN ('scheduled', 'queued', 'running', 'review')
    AND json_extract(params, '$.story') IS NOT NULL AND id NOT IN (SELECT job FROM stories)
ORDER BY 1 DESC
"""


class ToldRecords:
    """Stories by job. They stay when their jobs go."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def others(self, job: int) -> Sequence[Told]:
        """Those of all other jobs, newest first; also users' own that wait to be told."""

        async def work(transaction: Transaction) -> Sequence[Told]:
            rows = await transaction.all(_OTHERS, job, job)
            return [Told(*row) for row in rows]

        return await self._database.read(work)

    async def tell(self, told: Told) -> None:
        """Keep the story of a job, in the place of the one it had."""

        async def work(transaction: Transaction) -> None:
            await transaction.run(
                "INSERT OR REPLACE INTO stories VALUES (?, ?, ?, ?)", told.job, told.title, told.text, self._clock()
            )

        await self._database.transaction(work)

"""Which pictures from elsewhere jobs have shown (domain.memory.PictureLedger). Each method is one transaction."""

from collections.abc import Sequence

from shortsd.domain.memory import Seen
from shortsd.domain.ports import Clock
from shortsd.domain.story import Picture
from shortsd.store.database import Database, Transaction


class PictureRecords:
    """The ledger of pictures. One without an id of its own is not in it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def seen(self, shorts: int, job: int) -> frozenset[Seen]:
        """Those of the last so many other jobs that had any."""

        async def work(transaction: Transaction) -> frozenset[Seen]:
            rows = await transaction.all(
                "SELECT source, id FROM pictures WHERE job IN"
                " (SELECT DISTINCT job FROM pictures WHERE job != ? ORDER BY job DESC LIMIT ?)",
                job, shorts,
            )  # fmt: skip
            return frozenset(Seen(row[0], row[1]) for row in rows)

        return await self._database.read(work)

    async def show(self, job: int, pictures: Sequence[Picture]) -> None:
        """Keep that a job shows these, in the place of those it showed."""

        async def work(transaction: Transaction) -> None:
            now = self._clock()
            await transaction.run("DELETE FROM pictures WHERE job = ?", job)
            for source, name in dict.fromkeys((one.source, one.id) for one in pictures if one.id):
                await transaction.run("INSERT INTO pictures VALUES (?, ?, ?, ?)", job, source, name, now)

        await self._database.transaction(work)

"""The child processes that live, remembered beyond the daemon's death (processes.registry.Registry)."""

import msgspec

from shortsd.domain.process import ChildRecord
from shortsd.store.database import Database, Transaction
from shortsd.store.rows import dump


class ChildRecords:
    """The table of children."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, record: ChildRecord) -> None:
        """Remember a child."""

        async def work(transaction: Transaction) -> None:
            transaction.facts.append(f"child.added:{record.stage}")
            await transaction.run(
                "INSERT OR REPLACE INTO children VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                record.pid, record.group, record.kernel_start_time, record.job, record.stage, record.name,
                dump(record.argv), record.started_at,
            )  # fmt: skip

        await self._database.transaction(work)

    async def remove(self, pid: int) -> None:
        """Forget a child."""

        async def work(transaction: Transaction) -> None:
            row = await transaction.one("DELETE FROM children WHERE pid = ? RETURNING stage", pid)
            transaction.facts += [] if row is None else [f"child.removed:{row['stage']}"]

        await self._database.transaction(work)

    async def clear(self) -> None:
        """Forget all of them: they were ended."""

        async def work(transaction: Transaction) -> None:
            transaction.facts.append("children.cleared")
            await transaction.run("DELETE FROM children")

        await self._database.transaction(work)

    async def all(self) -> list[ChildRecord]:
        """Every child that was not forgotten."""

        async def work(transaction: Transaction) -> list[ChildRecord]:
            rows = await transaction.all("SELECT * FROM children ORDER BY pid")
            return [msgspec.convert({**row, "argv": msgspec.json.decode(row["argv"])}, ChildRecord) for row in rows]

        return await self._database.read(work)

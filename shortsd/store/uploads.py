"""How far uploads are, and what they take of a day's quota (domain.memory.Uploads). Each method is one transaction."""

from shortsd.domain.memory import Upload
from shortsd.store.database import Database, Transaction


class UploadRecords:
    """Uploads by job."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, job: int) -> Upload | None:
        async def work(transaction: Transaction) -> Upload | None:
            row = await transaction.one("SELECT * FROM uploads WHERE job = ?", job)
            if row is None:
                return None
            facts = dict(row)
            return Upload(**{**facts, "captions": bool(row["captions"]), "thumbnail": bool(row["thumbnail"])})

        return await self._database.read(work)

    async def put(self, upload: Upload) -> None:
        """Keep how far an upload is. On the disk when this returns."""

        async def work(transaction: Transaction) -> None:
            await transaction.run(
                "INSERT OR REPLACE INTO uploads (job, mark, session, size, video, captions, thumbnail, begun_at,"
                " done_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                upload.job, upload.mark, upload.session, upload.size, upload.video, upload.captions, upload.thumbnail,
                upload.begun_at, upload.done_at,
            )  # fmt: skip

        await self._database.transaction(work)

    async def spend(self, day: str, units: int) -> int:
        """Count units of a day; what that day has spent now."""

        async def work(transaction: Transaction) -> int:
            row = await transaction.one(
                "INSERT INTO quota VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET units = units + excluded.units"
                " RETURNING units",
                day, units,
            )  # fmt: skip
            return int(row[0]) if row else units

        return await self._database.transaction(work)

    async def spent(self, day: str) -> int:
        async def work(transaction: Transaction) -> int:
            row = await transaction.one("SELECT units FROM quota WHERE day = ?", day)
            return int(row[0]) if row else 0

        return await self._database.read(work)

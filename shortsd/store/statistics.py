"""What the store can tell of all that was made: counted where it lies, each method one look."""

from dataclasses import dataclass

from shortsd.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class StageFigures:
    """How long a stage of a kind took, over the runs in which it did its work: seconds, by nearest rank."""

    kind: str
    stage: str
    count: int
    median_s: float
    p95_s: float


@dataclass(frozen=True, slots=True)
class JobFigures:
    """How jobs ended."""

    succeeded: int
    failed: int
    stopped: int
    started_again: int
    """Those of them that were started more than once."""


class StatisticsStore:
    """Sums over jobs, stages and events. `since` is in seconds since the epoch. What was deleted is not counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def states(self) -> dict[str, int]:
        """How many jobs are in each state that any is in."""

        async def work(transaction: Transaction) -> dict[str, int]:
            rows = await transaction.all("SELECT state, count(*) FROM jobs GROUP BY state ORDER BY state")
            return {row[0]: row[1] for row in rows}

        return await self._database.read(work)

    async def waiting_since(self, now: float) -> float | None:
        """Since when the job waits that has waited longest of those that may run; None if none may."""

        async def work(transaction: Transaction) -> float | None:
            row = await transaction.one(
                "SELECT min(max(moved_at, coalesce(retry_at, moved_at))) FROM jobs"
                " WHERE state = 'queued' AND coalesce(retry_at, 0) <= ?",
                now,
            )
            return row[0] if row else None

        return await self._database.read(work)

    async def ends(self, since: float) -> JobFigures:
        """How the jobs ended that did so since then, and stand so still."""

        async def work(transaction: Transaction) -> JobFigures:
            row = await transaction.one(
                "SELECT count(*) FILTER (WHERE state = 'succeeded'), count(*) FILTER (WHERE state = 'failed'),"
                " count(*) FILTER (WHERE state = 'stopped'), count(*) FILTER (WHERE attempt > 1)"
                " FROM jobs WHERE ended_at >= ?",
                since,
            )
            return JobFigures(*(row or (0, 0, 0, 0)))

        return await self._database.read(work)

    async def days(self, since: float) -> dict[str, int]:
        """How many jobs succeeded on each day on which any did: `2026-01-31`, in the time of this machine."""

        async def work(transaction: Transaction) -> dict[str, int]:
            rows = await transaction.all(
                "SELECT date(ended_at, 'unixepoch', 'localtime') AS day, count(*) FROM jobs"
                " WHERE state = 'succeeded' AND ended_at >= ? GROUP BY day ORDER BY day",
                since,
            )
            return {row[0]: row[1] for row in rows}

        return await self._database.read(work)

    async def stages(self, since: float) -> list[StageFigures]:
        """How long stages took that began since then and did their work; median and p95 are times that were measured.

        The nearest rank: the smallest time that so many per cent of all do not exceed.
        """

        async def work(transaction: Transaction) -> list[StageFigures]:
            rows = await transaction.all(
                "WITH runs AS (SELECT kind, stage, max(0.0, run.ended_at - run.started_at) AS took"
                " FROM stage_runs AS run JOIN jobs ON jobs.id = job WHERE outcome = 'done' AND run.started_at >= ?),"
                " ranked AS (SELECT kind, stage, took, row_number() OVER (PARTITION BY kind, stage ORDER BY took)"
                " AS rank, count(*) OVER (PARTITION BY kind, stage) AS count FROM runs)"
                " SELECT kind, stage, count, min(took) FILTER (WHERE rank * 100 >= count * 50),"
                " min(took) FILTER (WHERE rank * 100 >= count * 95) FROM ranked GROUP BY kind, stage",
                since,
            )
            return [StageFigures(*row) for row in rows]

        return await self._database.read(work)

    async def rendered(self, since: float) -> tuple[float, float]:
        """Seconds of video that succeeded jobs have, and the seconds it took to render them, since then."""

        async def work(transaction: Transaction) -> tuple[float, float]:
            row = await transaction.one(
                "SELECT total(json_extract(result, '$.duration_s')), total(took) FROM jobs JOIN (SELECT job, max(id),"
                " max(0.0, ended_at - started_at) AS took FROM stage_runs WHERE stage = 'render' AND outcome = 'done'"
                " AND started_at >= ? GROUP BY job) ON job = jobs.id"
                " WHERE state = 'succeeded' AND json_extract(result, '$.duration_s') IS NOT NULL",
                since,
            )
            return (float(row[0]), float(row[1])) if row else (0.0, 0.0)

        return await self._database.read(work)

    async def events(self) -> int:
        """How many events are kept."""

        async def work(transaction: Transaction) -> int:
            row = await transaction.one("SELECT count(*) FROM events")
            return int(row[0]) if row else 0

        return await self._database.read(work)

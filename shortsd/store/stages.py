"""What was done of a job, stage by stage: for `show`, and to learn how long stages take on this machine."""

from dataclasses import dataclass
from statistics import median

from shortsd.domain.ports import Clock
from shortsd.store.database import Database, Transaction
from shortsd.store.events import tell


@dataclass(frozen=True, slots=True)
class StageRun:
    """One try at a stage. Times are seconds since the epoch."""

    stage: str
    attempt: int
    fingerprint: str
    outcome: str
    """`running`, `done`, `reused`, `failed`, `stopped`."""
    started_at: float
    ended_at: float | None


class StageRuns:
    """The table of stage runs."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def start(self, job: int, attempt: int, stage: str, fingerprint: str) -> int:
        """Record and tell that a stage begins; the run's number."""

        async def work(transaction: Transaction) -> int:
            await tell(transaction, self._clock(), "stage.started", job, {"stage": stage, "fingerprint": fingerprint})
            return await transaction.run(
                "INSERT INTO stage_runs (job, attempt, stage, fingerprint, outcome, started_at)"
                " VALUES (?, ?, ?, ?, 'running', ?)",
                job, attempt, stage, fingerprint, self._clock(),
            )  # fmt: skip

        return await self._database.transaction(work)

    async def finish(self, run: int, outcome: str) -> None:
        """Record and tell how a run ended."""

        async def work(transaction: Transaction) -> None:
            now = self._clock()
            await transaction.run("UPDATE stage_runs SET outcome = ?, ended_at = ? WHERE id = ?", outcome, now, run)
            row = await transaction.one("SELECT job, stage, started_at FROM stage_runs WHERE id = ?", run)
            if row is not None:
                data = {"stage": row["stage"], "outcome": outcome, "seconds": max(0.0, now - row["started_at"])}
                await tell(transaction, now, "stage.finished", row["job"], data)

        await self._database.transaction(work)

    async def interrupt_all(self) -> None:
        """What a start finds: no stage is running."""

        async def work(transaction: Transaction) -> None:
            transaction.facts.append("stages.interrupted")
            await transaction.run(
                "UPDATE stage_runs SET outcome = 'stopped', ended_at = ? WHERE outcome = 'running'", self._clock()
            )

        await self._database.transaction(work)

    async def of(self, job: int) -> list[StageRun]:
        """All runs of a job, oldest first."""

        async def work(transaction: Transaction) -> list[StageRun]:
            rows = await transaction.all(
                "SELECT stage, attempt, fingerprint, outcome, started_at, ended_at FROM stage_runs"
                " WHERE job = ? ORDER BY id",
                job,
            )
            return [StageRun(*row) for row in rows]

        return await self._database.read(work)

    async def usual_seconds(self, kind: str, last: int = 20) -> dict[str, float]:
        """For each stage that jobs of a kind ever finished here, the median seconds of its latest runs."""

        async def work(transaction: Transaction) -> dict[str, float]:
            rows = await transaction.all(
                "SELECT stage, took FROM (SELECT stage, run.ended_at - run.started_at AS took, row_number() OVER"
                " (PARTITION BY stage ORDER BY run.id DESC) AS age FROM stage_runs AS run JOIN jobs ON jobs.id = job"
                " WHERE outcome = 'done' AND kind = ?) WHERE age <= ?",
                kind, last,
            )  # fmt: skip
            seconds: dict[str, list[float]] = {}
            for stage, took in rows:
                seconds.setdefault(stage, []).append(took)
            return {stage: median(took) for stage, took in seconds.items()}

        return await self._database.read(work)

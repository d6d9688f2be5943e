"""Moves of jobs within a transaction: the row, what became of the job, and what is told of it."""

from dataclasses import dataclass
from typing import Unpack

from shortsd.domain.errors import Poisonous
from shortsd.domain.job import DEADLY, Facts, Job, JobError, Move, after_death, move
from shortsd.domain.ports import Clock
from shortsd.store.events import tell
from shortsd.store.rows import dump
from shortsd.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Mover:
    """Moves jobs."""

    clock: Clock

    async def move(self, transaction: Transaction, job: Job, how: Move, **facts: Unpack[Facts]) -> Job:
        """The one function that moves a job: row, history and event."""
        moved = move(job, how, at=self.clock(), **facts)
        error = dump(moved.error) if moved.error else None
        await transaction.run(
            "UPDATE jobs SET state = ?, moved_at = ?, started_at = ?, ended_at = ?, attempt = ?, reason = ?, error = ?,"
            " result = ?, percent = ?, retry_at = ?, tries = ?, deaths = ?, params = ?, due_at = ?, held = ?,"
            " approved = ? WHERE id = ?",
            moved.state, moved.moved_at, moved.started_at, moved.ended_at, moved.attempt, moved.reason, error,
            dump(moved.result), moved.percent, moved.retry_at, moved.tries, moved.deaths, dump(moved.params),
            moved.due_at, moved.held, moved.approved, moved.id,
        )  # fmt: skip
        await note(transaction, moved, how, error)
        data = {
            "state": moved.state,
            "reason": moved.reason,
            "attempt": moved.attempt,
            "error": moved.error,
            "percent": moved.percent,
            "result": moved.result,
            "retry_at": moved.retry_at,
            "due_at": moved.goes_on_at,
            "started_at": moved.started_at,
            "ended_at": moved.ended_at,
            "tries": moved.tries,
        }
        await tell(transaction, self.clock(), f"job.{how}", job.id, data)
        return moved

    async def after_death(self, transaction: Transaction, job: Job, *, died: bool) -> Job:
        """Move what a daemon that died was at, or one that was cut short while it ended."""
        match after_death(job, died=died):
            case Move.STOPPED:
                return await self.move(transaction, job, Move.STOPPED, reason="stopped by the user")
            case Move.FAIL:
                return await self.move(transaction, job, Move.FAIL, error=_poisonous(), died=True)
            case how:
                reason = "the daemon died" if died else "the daemon was shut down, and cut short in it"
                return await self.move(transaction, job, how, reason=f"interrupted: {reason}", died=died)


async def note(transaction: Transaction, job: Job, how: Move, error: str | None = None) -> None:
    """Add to what became of a job."""
    await transaction.run(
        "INSERT INTO moves (job, at, move, attempt, reason, error) VALUES (?, ?, ?, ?, ?, ?)",
        job.id, job.moved_at, how, job.attempt, job.reason, error,
    )  # fmt: skip


def _poisonous() -> JobError:
    return JobError.of(
        Poisonous(
            f"The daemon died {DEADLY} times while it worked on this job, so it is not tried again by itself.",
            "See the daemon's log, and the kernel's, for what ended it. If it was not this job, retry it.",
        )
    )

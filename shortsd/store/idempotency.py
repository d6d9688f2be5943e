"""Requests that were given a key, so that asking twice makes nothing twice."""

from dataclasses import dataclass, field

import msgspec

from shortsd.domain.errors import Conflict
from shortsd.domain.job import Job
from shortsd.store.database import Transaction
from shortsd.store.rows import dump
from shortsd.store.selection import existing


@dataclass(frozen=True, slots=True)
class Accepted:
    """Jobs that were taken in, and their batch if they are several."""

    jobs: list[Job] = field(default_factory=list)
    batch: int | None = None


async def known(transaction: Transaction, key: str, digest: str) -> Accepted | None:
    """What came of an earlier request with a key; `digest` stands for what was asked.

    Raises Conflict if something else was asked then.
    """
    row = await transaction.one("SELECT * FROM idempotency WHERE key = ?", key)
    if row is None:
        return None
    if row["digest"] != digest:
        raise Conflict("This Idempotency-Key was used with another request.", "Use a new key for a new request.")
    numbers: list[int] = msgspec.json.decode(row["jobs"])
    return Accepted([await existing(transaction, number) for number in numbers], row["batch"])


async def remember(transaction: Transaction, key: str, digest: str, accepted: Accepted, at: float) -> None:
    """Keep what came of a request."""
    numbers = dump([job.id for job in accepted.jobs])
    await transaction.run("INSERT INTO idempotency VALUES (?, ?, ?, ?, ?)", key, digest, numbers, accepted.batch, at)


async def forget(transaction: Transaction, number: int) -> None:
    """Forget the requests that made a job: it is no more."""
    await transaction.run(
        "DELETE FROM idempotency WHERE EXISTS (SELECT 1 FROM json_each(idempotency.jobs) WHERE value = ?)", number
    )

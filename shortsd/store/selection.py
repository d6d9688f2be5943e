"""Which jobs are meant, and looking them up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shortsd.domain.errors import NotFound
from shortsd.domain.job import Job, State
from shortsd.store.database import Transaction
from shortsd.store.rows import job_of

EVERYTHING = 2**62
"""A limit that limits nothing."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which jobs to list: any of the ids, ranges or batches (all if none), in any of the states (all if none)."""

    ranges: Sequence[tuple[int, int]] = ()
    batches: Sequence[int] = ()
    states: Collection[State] = ()
    before: int | None = None
    """Only ids below this: where the page before ended."""
    limit: int = 100

    def where(self) -> str:
        """As a condition in SQL."""
        single = ", ".join(f"{int(first)}" for first, last in self.ranges if first == last)
        batches = ", ".join(f"{int(batch)}" for batch in self.batches)
        which = [f"id BETWEEN {int(first)} AND {int(last)}" for first, last in self.ranges if first != last]
        which += [f"id IN ({single})"] if single else []
        which += [f"batch IN ({batches})"] if batches else []
        wheres = [f"({' OR '.join(which)})"] if which else []
        if self.states:
            wheres.append("state IN (" + ", ".join(f"'{state.value}'" for state in self.states) + ")")
        if self.before is not None:
            wheres.append(f"id < {int(self.before)}")
        return " AND ".join(wheres) or "1"


async def selected(transaction: Transaction, selection: Selection) -> list[Job]:
    """The selected jobs, newest first."""
    rows = await transaction.all(
        f"SELECT * FROM jobs WHERE {selection.where()} ORDER BY id DESC LIMIT ?",  # noqa: S608 - numbers and states of ours only
        selection.limit,
    )
    return [job_of(row) for row in rows]


async def existing(transaction: Transaction, number: int) -> Job:
    """One job. Raises NotFound."""
    row = await transaction.one("SELECT * FROM jobs WHERE id = ?", number)
    if row is None:
        raise NotFound(f"There is no job {number}.", "`shortsctl ls` lists the jobs there are.")
    return job_of(row)

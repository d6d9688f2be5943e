"""Batches: jobs that were asked for together, counted from what is known of these."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shorts_tui.model import Job
from shortsd.domain.job import AT_WORK, State


@dataclass(frozen=True, slots=True)
class Batch:
    """How a batch stands."""

    id: int
    created_at: float
    title: str
    """That of its first job."""
    states: Mapping[str, int]
    """How many of its jobs are in each state that any is in."""
    percent: float
    """Of all its jobs together."""

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def done(self) -> int:
        return self.states.get(State.SUCCEEDED, 0)

    @property
    def errors(self) -> int:
        return self.states.get(State.FAILED, 0)

    @property
    def running(self) -> int:
        return sum(self.states.get(state, 0) for state in AT_WORK)

    @property
    def waiting(self) -> int:
        return sum(self.states.get(state, 0) for state in (State.QUEUED, State.SCHEDULED, State.REVIEW))


@dataclass(slots=True)
class Batches:
    """All batches of which a job is known."""

    by_id: dict[int, Batch] = field(default_factory=dict)
    members: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """The jobs of each."""
    _of: dict[int, int] = field(default_factory=dict)

    def take(self, jobs: Mapping[int, Job], changed: Iterable[int] | None) -> frozenset[int]:
        """Count anew after these jobs changed, came or went (None: any may have); the batches that are otherwise."""
        if changed is None:
            changed = {*jobs, *self._of}
        touched = {batch for number in changed if (batch := self._see(number, jobs.get(number))) is not None}
        for batch in touched:
            self._count(batch, jobs)
        return frozenset(touched)

    def _see(self, number: int, job: Job | None) -> int | None:
        """Note whether a job is there; its batch."""
        batch = self._of.get(number) if job is None else job.batch
        if batch is None:
            return None
        if job is None:
            del self._of[number]
            self.members[batch].discard(number)
        else:
            self._of[number] = batch
            self.members[batch].add(number)
        return batch

    def _count(self, batch: int, jobs: Mapping[int, Job]) -> None:
        of_it = [jobs[number] for number in sorted(self.members[batch])]
        if not of_it:
            self.by_id.pop(batch, None)
            return
        self.by_id[batch] = Batch(
            id=batch,
            created_at=of_it[0].created_at,
            title=of_it[0].title,
            states=Counter(job.state for job in of_it),
            percent=sum(job.percent for job in of_it) / len(of_it),
        )

"""Which jobs a table shows, and in which order."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from shorts_tui.model import Job


@dataclass(slots=True)
class Listing:
    """Filters and sorts jobs. What a job is searched by is kept until it changes."""

    filter: str = ""
    order: Callable[[Job], Any] = field(default=lambda job: job.id)
    backwards: bool = True
    stale: bool = False
    """Whether a job has changed by what they are sorted by, since they were sorted."""
    _texts: dict[int, tuple[Job, str]] = field(default_factory=dict)
    _places: dict[int, Any] = field(default_factory=dict)
    """Of each job that is listed what it was sorted by."""

    def keys(self, jobs: Mapping[int, Job]) -> list[int]:
        """The ids of those that every word of the filter is found in, in order."""
        words = self.filter.casefold().split()
        found = [job for job in jobs.values() if not words or self._has(job, words)]
        self._places = {job.id: self.order(job) for job in found}
        self.stale = False
        return sorted(self._places, key=self._places.__getitem__, reverse=self.backwards)

    def moved_by(self, changed: Collection[int], jobs: Mapping[int, Job]) -> bool:
        """Whether some changed jobs are to be listed that are not, or the other way round.

        One whose place alone has changed makes the listing `stale`: rows that jump at each event cannot be read.
        """
        words = self.filter.casefold().split()
        for number in changed:
            job = jobs.get(number)
            listed = job is not None and (not words or self._has(job, words))
            if listed != (number in self._places):
                return True
            self.stale |= job is not None and listed and self.order(job) != self._places[number]
        return False

    def _has(self, job: Job, words: list[str]) -> bool:
        known = self._texts.get(job.id)
        if known is None or known[0] is not job:
            known = self._texts[job.id] = job, _searched(job)
        return all(word in known[1] for word in words)


def _searched(job: Job) -> str:
    batch = "" if job.batch is None else f"b{job.batch}"
    error = job.error.message if job.error else ""
    return f"{job.id} {job.state} {job.title} {job.stage or ''} {batch} {job.kind} {error}".casefold()

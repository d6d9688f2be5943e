"""Which jobs a table shows, and in which order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shorts_tui.model import Job


@dataclass(slots=True)
class Listing:
    """Filters and sorts jobs. What a job is searched by is kept until it changes."""

    filter: str = ""
    order: Callable[[Job], Any] = field(default=lambda job: job.id)
    backwards: bool = True
    _texts: dict[int, tuple[Job, str]] = field(default_factory=dict)

    def keys(self, jobs: Mapping[int, Job]) -> list[int]:
        """The ids of those that every word of the filter is found in, in order."""
        words = self.filter.casefold().split()
        found = [job for job in jobs.values() if not words or self._has(job, words)]
        found.sort(key=self.order, reverse=self.backwards)
        return [job.id for job in found]

    def _has(self, job: Job, words: list[str]) -> bool:
        known = self._texts.get(job.id)
        if known is None or known[0] is not job:
            known = self._texts[job.id] = job, _searched(job)
        return all(word in known[1] for word in words)


def _searched(job: Job) -> str:
    batch = "" if job.batch is None else f"b{job.batch}"
    error = job.error.message if job.error else ""
    return f"{job.id} {job.state} {job.title} {job.stage or ''} {batch} {job.kind} {error}".casefold()

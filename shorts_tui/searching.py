"""How jobs are searched."""

from shorts_tui.model import Job
from shorts_tui.query import BATCH, Searching


def _text(job: Job) -> str:
    error = job.error.message if job.error else ""
    return f"{job.id} {job.state} {job.title} {job.stage or ''} {batch(job.batch)} {job.kind} {error}".casefold()


def batch(number: int | None) -> str:
    """A batch as it is written."""
    return "" if number is None else f"b{number}"


JOBS: Searching[Job] = Searching(
    _text,
    {
        "state": lambda job: job.state,
        "stage": lambda job: job.stage or "",
        "kind": lambda job: job.kind,
        BATCH: lambda job: batch(job.batch),
    },
)
"""By words, and by the terms `state:`, `stage:`, `kind:` and `b3`."""

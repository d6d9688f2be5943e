"""What jobs are searched by."""

from shorts_tui.model import Job
from shorts_tui.query import Searched

TERMS = ("state", "stage", "batch", "kind")


def searched(job: Job) -> Searched:
    """What a job is searched by: its words, and the terms `state:`, `stage:`, `kind:` and `b3`."""
    stage, batch = job.stage or "", "" if job.batch is None else f"b{job.batch}"
    error = job.error.message if job.error else ""
    text = f"{job.id} {job.state} {job.title} {stage} {batch} {job.kind} {error}".casefold()
    return Searched(text, {"state": job.state, "stage": stage, "batch": batch, "kind": job.kind})

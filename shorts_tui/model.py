"""What is known of the jobs: a snapshot, then events in order."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from shortsd.domain.job import ENDED, State
from shortsd.wire.models import ErrorBody, EventView, JobView


@dataclass(frozen=True, slots=True)
class Job:
    """A job as lists show it: a fraction of what the daemon tells of one, since there may be ten thousand.

    Times are in seconds since the epoch.
    """

    id: int
    kind: str
    title: str
    state: str
    priority: int
    batch: int | None
    created_at: float
    moved_at: float
    started_at: float | None = None
    ended_at: float | None = None
    attempt: int = 0
    tries: int = 0
    reason: str = ""
    percent: float = 0.0
    eta_s: float | None = None
    stage: str | None = None
    message: str = ""
    stage_percent: float = 0.0
    """How far its stage is, as far as was heard."""
    error: ErrorBody | None = None
    retry_at: float | None = None
    publish_at: float | None = None
    due_at: float | None = None
    video: str = ""
    """The path of what it made, on the daemon's machine; empty if that is not there, or not yet."""
    link: str = ""
    """Where it is seen, once it is uploaded."""

    @property
    def ended(self) -> bool:
        return self.state in ENDED


def brief(view: JobView) -> Job:
    """What a list shows of a job."""
    return Job(
        id=view.id,
        kind=view.kind,
        title=view.title,
        state=view.state,
        priority=view.priority,
        batch=view.batch,
        created_at=view.created_at,
        moved_at=view.moved_at,
        started_at=view.started_at,
        ended_at=view.ended_at,
        attempt=view.attempt,
        tries=view.tries,
        reason=view.reason,
        percent=view.percent,
        eta_s=view.eta_s,
        stage=view.stage,
        message=view.message,
        error=view.error,
        retry_at=view.retry_at,
        publish_at=view.publish_at,
        due_at=view.due_at,
        **_made(view.result),
    )


@dataclass(slots=True)
class Jobs:
    """All jobs that are known, and how many are in each state."""

    by_id: dict[int, Job] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    changed: set[int] = field(default_factory=set)
    """Jobs that are otherwise than when `take_changed` was last called."""
    whole: bool = False
    """Whether none is missing: the snapshot holds only the newest."""

    def take_changed(self) -> frozenset[int]:
        """The jobs that changed, or came, or went, since this was last asked."""
        taken = frozenset(self.changed)
        self.changed.clear()
        return taken

    def start(self, jobs: Iterable[Job]) -> None:
        """Begin anew, with a snapshot's jobs; older ones may follow."""
        self.changed.update(self.by_id)
        self.by_id.clear()
        self.counts.clear()
        self.whole = False
        for job in jobs:
            self._put(job)

    def older(self, jobs: Iterable[Job], *, last: bool) -> None:
        """Add jobs that the snapshot had no room for, and whether there are more."""
        for job in jobs:
            if job.id not in self.by_id:
                self._put(job)
        self.whole = last

    def hear(self, event: EventView) -> None:
        """Take in a fact, or a sample of how far a job is."""
        if event.type == "job.created":
            self._created(event)
        elif event.job in self.by_id:
            self._moved(self.by_id[event.job], event)

    def _created(self, event: EventView) -> None:
        if event.job not in self.by_id:
            told = {"id": event.job, "created_at": event.at, "moved_at": event.at, **event.data}
            self._put(msgspec.convert(told, Job))

    def _moved(self, job: Job, event: EventView) -> None:
        if event.type == "job.deleted":
            self._drop(job.id)
        elif event.type == "progress":
            if job.state == State.RUNNING:
                self._put(_progressed(job, event.data))
        elif event.type == "stage.started":
            self._put(replace(job, stage=event.data.get("stage"), message="", stage_percent=0.0))
        elif event.type.startswith("job."):
            self._put(_after(job, event))

    def _put(self, job: Job) -> None:
        before = self.by_id.get(job.id)
        if before is None or before.state != job.state:
            self.counts[job.state] += 1
            if before is not None:
                self.counts[before.state] -= 1
        self.by_id[job.id] = job
        self.changed.add(job.id)

    def _drop(self, number: int) -> None:
        self.counts[self.by_id.pop(number).state] -= 1
        self.changed.add(number)


_FACTS = (
    "state", "reason", "attempt", "percent", "retry_at", "due_at", "started_at", "ended_at", "tries", "title",
    "priority",
)  # fmt: skip
"""What an event about a job tells of it, by the names that both have."""


def _after(job: Job, event: EventView) -> Job:
    """A job after a fact about it."""
    told = {key: event.data[key] for key in _FACTS if key in event.data}
    if "state" in told:
        error = event.data.get("error")
        told |= {"moved_at": event.at, "stage": None, "message": "", "eta_s": None}
        told["error"] = msgspec.convert(error, ErrorBody) if error else None
    return replace(job, **told, **(_made(event.data["result"]) if "result" in event.data else {}))


def _progressed(job: Job, data: Mapping[str, Any]) -> Job:
    return replace(
        job,
        percent=max(job.percent, data.get("percent", 0.0)),
        eta_s=data.get("eta_s"),
        stage=data.get("stage") or job.stage,
        message=data.get("message", ""),
        stage_percent=data.get("stage_percent", 0.0),
    )


def _made(result: Mapping[str, Any]) -> dict[str, Any]:
    """Of what a job made, where it is."""
    gone = "removed_at" in result
    made = str(result.get("video") or result.get("file") or "")
    return {"video": "" if gone else made, "link": str(result.get("link") or "")}

"""Jobs, their states, and the one table of legal moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypedDict, Unpack

from shortsd.domain.errors import Code, ShortsError, WrongState


class State(StrEnum):
    """Where a job stands."""

    SCHEDULED = "scheduled"
    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    REVIEW = "review"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Lane(StrEnum):
    """Where a job waits to be started."""

    DUE = "due"
    """Its hour has come: all that takes a machine's time was made before."""
    FETCH = "fetch"
    """It is of a kind that waits for others most of its time."""
    WORK = "work"


class Move(StrEnum):
    """Why a job changes its state; the name of the event that tells of it."""

    CREATE = "created"
    DUE = "due"
    START = "started"
    SUCCEED = "succeeded"
    FAIL = "failed"
    STOP = "stopping"
    STOPPED = "stopped"
    REVIEW = "review"
    APPROVE = "approved"
    RETRY = "retried"
    POSTPONE = "postponed"
    SCHEDULE = "scheduled"
    INTERRUPT = "interrupted"


MOVES: Mapping[tuple[State, Move], State] = MappingProxyType(
    {
        (State.SCHEDULED, Move.DUE): State.QUEUED,
        (State.SCHEDULED, Move.STOPPED): State.STOPPED,
        (State.QUEUED, Move.START): State.RUNNING,
        (State.QUEUED, Move.STOPPED): State.STOPPED,
        (State.QUEUED, Move.RETRY): State.QUEUED,
        (State.RUNNING, Move.SUCCEED): State.SUCCEEDED,
        (State.RUNNING, Move.FAIL): State.FAILED,
        (State.RUNNING, Move.STOP): State.STOPPING,
        (State.RUNNING, Move.REVIEW): State.REVIEW,
        (State.RUNNING, Move.SCHEDULE): State.SCHEDULED,
        (State.RUNNING, Move.POSTPONE): State.QUEUED,
        (State.RUNNING, Move.INTERRUPT): State.QUEUED,
        (State.STOPPING, Move.STOPPED): State.STOPPED,
        (State.REVIEW, Move.APPROVE): State.QUEUED,
        (State.REVIEW, Move.RETRY): State.QUEUED,
        (State.REVIEW, Move.STOPPED): State.STOPPED,
        (State.FAILED, Move.RETRY): State.QUEUED,
        (State.STOPPED, Move.RETRY): State.QUEUED,
        (State.SUCCEEDED, Move.RETRY): State.QUEUED,
    }
)
"""From a state, by a move, to a state. Nothing else is legal (DESIGN section 5).

A queued job may be retried only while it waits for its next try: then it waits no longer. One that runs is scheduled
when nothing is left to do before its hour has come; one in review is retried when something of it is to be changed.
"""

ENDED = frozenset({State.SUCCEEDED, State.FAILED, State.STOPPED})
"""States that a job leaves only when somebody retries it."""

AT_REST = ENDED | {State.SCHEDULED, State.REVIEW}
"""States in which nothing happens before an hour has come, or somebody has said so."""

AT_WORK = frozenset({State.RUNNING, State.STOPPING})
"""States of a job that somebody works at."""

STILL_DUE = frozenset({Move.DUE, Move.START, Move.INTERRUPT, Move.POSTPONE})
"""Moves after which a job whose hour has come is one still: it did not get to do what it waited for."""

DEADLY = 3
"""Deaths of the daemon during a job after which it is not tried again: it may be what kills."""


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed, as it is kept and shown."""

    code: Code
    message: str
    hint: str = ""
    stage: str | None = None

    @classmethod
    def of(cls, error: ShortsError) -> "JobError":
        return cls(error.code, error.message, error.hint, error.stage)


@dataclass(frozen=True, slots=True)
class Job:
    """One unit of work that a user asked for. Times are seconds since the epoch."""

    id: int
    kind: str
    params: Mapping[str, Any]
    state: State
    created_at: float
    moved_at: float
    priority: int = 0
    batch: int | None = None
    title: str = ""
    attempt: int = 0
    """How many times it was started."""
    started_at: float | None = None
    ended_at: float | None = None
    reason: str = ""
    """Why it is where it is, when that is not plain (interrupted, stopped by, retried from)."""
    error: JobError | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    """What the last attempt that succeeded made."""
    percent: float = 0.0
    """How far it was, 0 to 100, when it was last moved."""
    retry_at: float | None = None
    """When it is to be tried again; before that it is not started."""
    tries: int = 0
    """How often it was postponed since a user last asked for it."""
    deaths: int = 0
    """How often the daemon died during it since a user last asked for it."""
    publish_at: float | None = None
    """When its short is to be seen."""
    due_at: float | None = None
    """When it goes on, or was to: it stays after its hour has come, until the job has done what it waited for."""
    held: str = ""
    """What is to be looked at while it is in review: its gate, and the fingerprints of what is behind it."""
    approved: str = ""
    """What was approved of, in the same words. What has become something else since has to be looked at again."""

    @property
    def goes_on_at(self) -> float | None:
        """When its hour comes, while it waits for that."""
        return self.due_at if self.state is State.SCHEDULED else None

    @property
    def published(self) -> bool:
        """Whether an attempt succeeded, and what it published was not removed since (`removed_at`)."""
        return bool(self.result) and "removed_at" not in self.result


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that a job made, as it is remembered. `at` is in seconds since the epoch."""

    at: float
    move: Move
    attempt: int
    reason: str
    error: JobError | None


class Facts(TypedDict, total=False):
    """What may be said of a move."""

    reason: str
    error: JobError | None
    result: Mapping[str, Any] | None
    percent: float | None
    retry_at: float | None
    """Belongs to POSTPONE, as `due_at` does to SCHEDULE, `held` to REVIEW and `approved` to APPROVE."""
    due_at: float | None
    held: str
    approved: str | None
    died: bool
    """That the daemon did."""


def move(job: Job, how: Move, *, at: float, **facts: Unpack[Facts]) -> Job:
    """The job after a move made at `at` (seconds since the epoch).

    Raises WrongState if the move is not legal from the job's state.
    """
    to = MOVES.get((job.state, how))
    if to is None or (job.state is State.QUEUED and how is Move.RETRY and job.retry_at is None):
        raise WrongState(f"job {job.id} is {job.state}; it cannot be {how}.", _hint(job, how))
    started = to is State.RUNNING
    asked = how in (Move.RETRY, Move.APPROVE)
    kept: dict[str, Any] = {name: facts.get(name) for name in ("result", "percent", "approved")}
    return replace(
        job,
        state=to,
        moved_at=at,
        attempt=job.attempt + started,
        started_at=at if started else job.started_at,
        ended_at=at if to in ENDED else None,
        reason=facts.get("reason", ""),
        error=facts.get("error"),
        retry_at=facts.get("retry_at"),
        due_at=facts.get("due_at", job.due_at if how in STILL_DUE else None),
        held=facts.get("held", ""),
        tries=0 if asked else job.tries + (how is Move.POSTPONE),
        deaths=0 if asked else job.deaths + facts.get("died", False),
        **{name: value for name, value in kept.items() if value is not None},
    )


def after_death(job: Job, *, died: bool = True) -> Move:
    """What becomes of a running or stopping job whose daemon died, or was cut short while it ended."""
    if job.state is State.STOPPING:
        return Move.STOPPED
    return Move.FAIL if died and job.deaths + 1 >= DEADLY else Move.INTERRUPT


def _hint(job: Job, how: Move) -> str:
    if how in (Move.STOP, Move.STOPPED) and job.state in ENDED:
        return f"It has ended already; `shortsctl show {job.id}` tells how."
    if how is Move.APPROVE:
        return "Only a job in review waits to be approved; `shortsctl ls --state review` lists those."
    if how is Move.RETRY:
        return f"Wait for it, or stop it first: `shortsctl stop {job.id}`."
    return f"See `shortsctl show {job.id}`."

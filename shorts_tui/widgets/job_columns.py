"""The columns of a table of jobs."""

from collections.abc import Callable, Sequence

from shorts_tui.model import Job
from shorts_tui.widgets.columns import Column
from shorts_tui.widgets.painted import Piece
from shortsd.client.text import ago, lasted
from shortsd.domain.job import State

SIGNS = {
    State.SCHEDULED: ("◷", "table--muted"),
    State.QUEUED: ("·", "table--muted"),
    State.RUNNING: ("▶", "table--live"),
    State.STOPPING: ("■", "table--warm"),
    State.STOPPED: ("■", "table--warm"),
    State.REVIEW: ("?", "table--warm"),
    State.SUCCEEDED: ("✓", "table--good"),
    State.FAILED: ("✗", "table--bad"),
}
"""A sign and a colour for each state: the sign alone has to do where there are no colours."""

BAR = 10


def columns(clock: Callable[[], float]) -> list[Column[Job]]:
    """What the table of jobs shows."""

    def age(job: Job) -> Sequence[Piece]:
        return [(ago(clock() - job.created_at), "table--muted")]

    return [
        Column("id", "ID", lambda job: [(str(job.id), "")], 6, right=True, order=lambda job: job.id),
        Column("state", "State", _state, 11, order=lambda job: list(SIGNS).index(State(job.state))),
        Column("done", "Done", _done, BAR + 5, order=lambda job: job.percent, volatile=True),
        Column("stage", "Stage", _stage, 9, order=lambda job: job.stage or "", least=90, volatile=True),
        Column("eta", "ETA", _eta, 9, right=True, order=lambda job: job.eta_s or 0.0, least=60, volatile=True),
        Column("age", "Age", age, 6, right=True, order=lambda job: -job.created_at, least=50),
        Column("tries", "Try", _attempts, 3, right=True, order=lambda job: job.attempt, least=96),
        Column("title", "Title", _title, order=lambda job: job.title.casefold()),
    ]


def _stage(job: Job) -> Sequence[Piece]:
    return [(job.stage or "", "")]


def _state(job: Job) -> Sequence[Piece]:
    sign, name = SIGNS[State(job.state)]
    return [(f"{sign} {job.state}", name)]


def bar(percent: float, width: int, name: str = "table--live") -> Sequence[Piece]:
    """A bar of so many cells, filled by halves."""
    halves = round(percent / 100 * width * 2)
    done = "━" * (halves // 2) + ("╸" if halves % 2 else "")
    return [(done, name), ("─" * (width - len(done)), "table--muted")]


def _done(job: Job) -> Sequence[Piece]:
    if job.state in (State.QUEUED, State.SCHEDULED) and job.percent == 0:
        return []
    name = SIGNS[State(job.state)][1]
    return [*bar(job.percent, BAR, name), (f"{job.percent:4.0f}%", "")]


def _eta(job: Job) -> Sequence[Piece]:
    return [(lasted(job.eta_s), "")] if job.state == State.RUNNING and job.eta_s is not None else []


def _attempts(job: Job) -> Sequence[Piece]:
    return [(str(job.attempt), "table--warm")] if job.attempt > 1 else []


def _title(job: Job) -> Sequence[Piece]:
    if job.state == State.FAILED and job.error:
        return [(job.title, ""), (f"  {job.error.message}", "table--bad")]
    if job.message:
        return [(job.title, ""), (f"  {job.message}", "table--muted")]
    return [(job.title, "")]

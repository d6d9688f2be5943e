"""Jobs as clients see them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from shortsd.domain.events import Event
from shortsd.domain.job import ENDED, Job, JobError, Moved, State
from shortsd.engine.tracker import Tracker
from shortsd.stages.kinds import stages_of
from shortsd.store.stages import StageRun
from shortsd.wire.models import ErrorBody, EventView, JobView, MoveView, StageView

BRIEF = 200
"""Characters of a story where jobs are listed."""


def view(
    job: Job,
    tracker: Tracker | None = None,
    waits: str = "",
    runs: Sequence[StageRun] | None = None,
    history: Sequence[Moved] = (),
    now: float = 0,
) -> JobView:
    """A job, with how far it is if it runs or why it waits, and with its stages if their runs are given."""
    return JobView(
        id=job.id,
        kind=job.kind,
        title=job.title,
        state=job.state,
        priority=job.priority,
        batch=job.batch,
        created_at=job.created_at,
        moved_at=job.moved_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        attempt=job.attempt,
        reason=job.reason,
        percent=tracker.percent if tracker else job.percent,
        eta_s=tracker.eta_s() if tracker else None,
        stage=tracker.stage if tracker else None,
        message=tracker.message if tracker else waits,
        error=_error(job.error),
        params=dict(job.params),
        result=dict(job.result),
        retry_at=job.retry_at,
        tries=job.tries,
        deaths=job.deaths,
        publish_at=job.publish_at,
        due_at=job.goes_on_at,
        approved=job.approved,
        stages=[] if runs is None else stages(job, tracker, runs, now),
        history=[_moved(one) for one in history],
    )


def brief(job: JobView) -> JobView:
    """A job among many: of a long story only the beginning, so that a thousand of them are no burden."""
    story = job.params.get("story")
    if not isinstance(story, str) or len(story) <= BRIEF:
        return job
    return replace(job, params={**job.params, "story": f"{story[: BRIEF - 1]}…"})


def _error(error: JobError | None) -> ErrorBody | None:
    return ErrorBody(**asdict(error)) if error else None


def _moved(one: Moved) -> MoveView:
    return MoveView(at=one.at, move=one.move, attempt=one.attempt, reason=one.reason, error=_error(one.error))


def stages(job: Job, tracker: Tracker | None, runs: Sequence[StageRun], now: float) -> list[StageView]:
    """All stages of a job, each as its latest run left it; those that an attempt has still to reach wait."""
    latest: Mapping[str, StageRun] = {run.stage: run for run in runs}
    present = job.attempt + (job.state is State.QUEUED)
    ahead = job.state not in ENDED
    return [
        _stage(name, None if ahead and run and run.attempt < present else run, tracker, now)
        for name in stages_of(job.kind)
        for run in [latest.get(name)]
    ]


def _stage(name: str, run: StageRun | None, tracker: Tracker | None, now: float) -> StageView:
    if run is None:
        return StageView(name=name, state="waiting")
    running = run.outcome == "running" and tracker is not None
    return StageView(
        name=name,
        state=run.outcome,
        percent=tracker.stage_percent if running and tracker else 100.0 * (run.outcome in ("done", "reused")),
        seconds=max(0.0, (now if run.ended_at is None else run.ended_at) - run.started_at),
        message=tracker.message if running and tracker else "",
        fingerprint=run.fingerprint,
    )


def event_view(event: Event) -> EventView:
    """An event as it travels."""
    return EventView(seq=event.seq, at=event.at, type=event.type, job=event.job, data=dict(event.data))

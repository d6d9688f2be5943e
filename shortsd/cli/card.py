"""A job as a page of text."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shortsd.client.text import ago, lasted, padded, shown, trimmed
from shortsd.wire.models import JobView, MoveView, StageView

_LABEL = 12
"""Cells for what a line is about."""

_LONGEST = 300
"""Cells of a value that are shown, of a story for one; `--json` has all of it."""


_PLAIN = 3
"""Moves of a job of which nothing needs to be told: created, started, ended."""

_HISTORY = 30
"""The last moves that are shown; `--json` has all of them."""


def lines(job: JobView, now: float) -> Iterator[str]:
    """All that is known of a job, for people. `now` is in seconds since the epoch."""
    yield shown(f"job {job.id}: {job.title}" if job.title else f"job {job.id}")
    yield from _labelled(_facts(job, now))
    if job.stages:
        yield "stages"
        yield from (_stage(stage) for stage in job.stages)
    checks = job.result.get("checks", [])
    made = {key: value for key, value in job.result.items() if key not in ("checks", "warnings", "removed_at")}
    warnings = {str(number): text for number, text in enumerate(job.result.get("warnings", []), 1)}
    if len(job.history) > _PLAIN:
        yield "history"
        yield from (_moved(one) for one in job.history[-_HISTORY:])
    for name, values in (
        ("asked for", dict(_flat(job.params))),
        ("made", dict(_flat(made))),
        ("checks", _checks(checks)),
        ("warnings", warnings),
    ):
        if values:
            yield name
            yield from _labelled(values)


def _facts(job: JobView, now: float) -> dict[str, str]:
    facts = {"kind": "" if job.kind == "short" else job.kind}
    facts |= {"state": f"{job.state}, {job.percent:.0f} % done", "reason": job.reason}
    if job.error is not None:
        facts["error"] = f"{job.error.stage}: {job.error.message}" if job.error.stage else job.error.message
        facts["what to do"] = job.error.hint
    if job.state == "queued":
        facts["meanwhile"] = job.message
    if job.retry_at is not None:
        facts["next try"] = _ahead(job.retry_at, now)
    if job.publish_at is not None:
        facts["to be seen"] = f"{_local(job.publish_at):%Y-%m-%d %H:%M %Z}"
    if job.due_at is not None:
        facts["goes on"] = f"{_local(job.due_at):%Y-%m-%d %H:%M:%S} (in {lasted(job.due_at - now)})"
    if job.eta_s is not None:
        facts["left"] = lasted(job.eta_s)
    facts["created"] = _when(job.created_at, now)
    if job.started_at is not None:
        facts["started"] = _when(job.started_at, now)
    if job.ended_at is not None:
        facts["ended"] = _when(job.ended_at, now)
    if "removed_at" in job.result:
        facts["removed"] = f"what it published, {_when(job.result['removed_at'], now)}"
    facts["attempt"] = str(job.attempt) if job.attempt > 1 else ""
    facts["batch"] = f"b{job.batch}" if job.batch is not None else ""
    facts["priority"] = str(job.priority) if job.priority else ""
    return {label: fact for label, fact in facts.items() if fact}


def _stage(stage: StageView) -> str:
    took = "" if stage.seconds is None else lasted(stage.seconds)
    percent = f"{stage.percent:.0f} %" if stage.state == "running" else ""
    cells = [padded(stage.name, _LABEL), padded(stage.state, 8), padded(took, 10, right=True), percent, stage.message]
    return f"  {shown(' '.join(cell for cell in cells if cell)).rstrip()}"


def _moved(one: MoveView) -> str:
    """A line of what became of a job: when, which attempt, what, why."""
    why = one.reason or (one.error.message if one.error else "")
    attempt = f"attempt {one.attempt}" if one.attempt else ""
    cells = [f"{_local(one.at):%Y-%m-%d %H:%M:%S}", padded(attempt, _LABEL), padded(one.move, _LABEL), why]
    return trimmed(shown(f"  {' '.join(cells)}").rstrip(), _LONGEST)


def _checks(checks: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What was looked at in the finished file, and what it was."""
    return {
        str(check["name"]): f"{check['measured']}" if check["ok"] else f"{check['measured']}, not {check['limit']}"
        for check in checks
    }


def _labelled(values: Mapping[str, str]) -> Iterator[str]:
    for label, value in values.items():
        yield f"  {padded(shown(label), _LABEL)} {trimmed(shown(value), _LONGEST)}"


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """JSON as lines of a name ("credits.music") and a plain value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if all(isinstance(inner, str | int | float) for inner in value):
            yield from _flat(", ".join(map(str, value)), name)
        else:
            for at, inner in enumerate(value, 1):
                yield from _flat(inner, f"{name}.{at}")
    elif value not in (None, False, ""):
        yield name, "yes" if value is True else str(value)


def _when(at: float, now: float) -> str:
    return f"{_local(at):%Y-%m-%d %H:%M:%S} ({ago(now - at)} ago)"


def _ahead(at: float, now: float) -> str:
    return f"{_local(at):%Y-%m-%d %H:%M:%S} (in {lasted(at - now)}); `shortsctl retry` does not wait for it"


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone()

"""A job in lines: its stages as bars, what is to be known of it, what it made, what became of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from shorts_tui.model import Job
from shorts_tui.widgets.job_columns import SIGNS, bar
from shorts_tui.widgets.painted import Line, Piece
from shortsd.client.text import ago, lasted, shown
from shortsd.domain.job import State
from shortsd.wire.models import ErrorBody, JobView, MoveView, StageView

STAGE_SIGNS = {
    "waiting": ("·", "table--muted"),
    "running": ("▶", "table--live"),
    "done": ("✓", "table--good"),
    "reused": ("✓", "table--muted"),
    "failed": ("✗", "table--bad"),
    "stopped": ("■", "table--warm"),
}
"""As of jobs: a sign and a colour for each state."""

_NAME, _TOOK, _BAR = 10, 9, 24
"""Cells of a stage's name, of how long it took, and of its bar at most."""

_MESSAGE = 14
"""Cells that have to be left over for a stage to say something."""

_LABEL = 11

_LONGEST = 2000
"""Letters of a value that are shown."""


def title(job: Job) -> Sequence[Piece]:
    """Which job it is."""
    sign, name = SIGNS[State(job.state)]
    return [(f"{sign} ", name), (f"{job.id}  {shown(job.title)}", "table--title")]


def standing(job: Job) -> Sequence[Piece]:
    """How it stands, in a few words."""
    parts = [job.state]
    if job.state == State.RUNNING:
        parts.append(f"{job.percent:.0f}%")
        parts += [] if job.eta_s is None else [f"{lasted(job.eta_s)} left"]
    elif job.started_at is not None and job.ended_at is not None:
        parts.append(f"took {lasted(job.ended_at - job.started_at)}")
    if job.attempt > 1:
        parts.append(f"attempt {job.attempt}")
    return [(" · ".join(parts), SIGNS[State(job.state)][1])]


def heading(job: Job, width: int) -> list[Line]:
    """The line above a job: which it is on the left, how it stands on the right."""
    right = standing(job)
    said = f"{shown(job.message)} · " if job.message and job.state == State.RUNNING else ""
    if _cells(title(job)) + _cells(right) + cell_len(said) < width:
        right = [(said, "table--muted"), *right]
    room = max(0, width - _cells(right) - 1)
    left = _trimmed(title(job), room)
    return [[*left, (" " * (width - _cells(left) - _cells(right)), ""), *right]]


def stages(view: JobView, since_s: float, width: int) -> list[Line]:
    """Each stage with a bar and its time. `since_s` is how long ago the job was told so, in seconds."""
    return [_stage(stage, since_s, width) for stage in view.stages]


def _stage(stage: StageView, since_s: float, width: int) -> Line:
    sign, name = STAGE_SIGNS.get(stage.state, ("?", "table--warm"))
    room = width - 2 - _NAME - _TOOK - 1
    wide = max(0, min(_BAR, room))
    percent = 100.0 if stage.state in ("done", "reused") else stage.percent
    pieces = [
        (f"{sign} ", name),
        (stage.name.ljust(_NAME), "" if stage.state != "waiting" else "table--muted"),
        *bar(percent, wide, name),
        (_took(stage, since_s).rjust(_TOOK), "table--muted" if stage.state != "running" else ""),
    ]
    left = room - wide - 2
    said = stage.state if stage.state in ("reused", "stopped") else stage.message
    return [*pieces, *_trimmed([(f"  {shown(said)}", "table--muted")], left + 2)] if left >= _MESSAGE else pieces


def _took(stage: StageView, since_s: float) -> str:
    if stage.seconds is None:
        return ""
    return lasted(stage.seconds + since_s if stage.state == "running" else stage.seconds)


def facts(view: JobView, now: float, width: int) -> list[Line]:
    """What somebody should know of a job: what went wrong, what it waits for, what it made."""
    lines = [*_error(view.error, width), *_waits(view, now, width), *_made(view, width)]
    for warning in view.result.get("warnings", []):
        lines += _block([("! ", "table--warm")], str(warning), "table--warm", width)
    return lines


def _error(error: ErrorBody | None, width: int) -> Iterator[Line]:
    if error is None:
        return
    where = f"{error.stage}: " if error.stage else ""
    yield from _block([("✗ ", "table--bad")], f"{where}{error.message}", "table--bad", width)
    if error.hint:
        yield from _block([("→ ", "table--accent")], error.hint, "", width)


def _waits(view: JobView, now: float, width: int) -> Iterator[Line]:
    """What it waits for."""
    said: dict[str, str] = {"reason": view.reason}
    if view.state == State.QUEUED:
        said["meanwhile"] = view.message
    if view.retry_at is not None:
        said["next try"] = f"in {lasted(view.retry_at - now)}, at {_clock(view.retry_at)}, or by r"
    if view.due_at is not None:
        said["goes on"] = f"{_day(view.due_at)}, in {lasted(view.due_at - now)}"
    if view.publish_at is not None:
        said["to be seen"] = _day(view.publish_at)
    if view.state == State.REVIEW:
        said["review"] = "a lets it go on, e changes it"
    yield from _labelled(said, width)


def _made(view: JobView, width: int) -> Iterator[Line]:
    result = view.result
    said = {key: str(result.get(key) or "") for key in ("video", "link", "file", "skipped")}
    if "removed_at" in result:
        said["video"] = f"removed {_day(result['removed_at'])}"
    if result.get("duration_s"):
        said["length"] = lasted(result["duration_s"])
    yield from _labelled(said, width)
    checks = result.get("checks", [])
    failed = [check for check in checks if not check["ok"]]
    if checks and not failed:
        yield [*_label("checks"), (f"✓ all {len(checks)} passed", "table--good")]
    elif failed:
        yield [*_label("checks"), (f"{len(checks) - len(failed)} of {len(checks)} passed", "table--warm")]
        for check in failed:
            yield from _block([("  ✗ ", "table--bad")], _check(check), "", width)


def whole(view: JobView, since_s: float, now: float, width: int) -> list[Line]:
    """All there is of a job, one part after the other."""
    parts = {
        "": facts(view, now, width),
        "Stages": stages(view, since_s, width),
        "Times": list(_times(view, now, width)),
        "Checks": [line for check in view.result.get("checks", []) for line in _checked(check, width)],
        "Files": list(_labelled(_files(view.result), width)),
        "History": [line for move in view.history for line in _moved(move, width)],
        "Asked for": list(_labelled(dict(_flat(view.params)), width)),
    }
    lines: list[Line] = []
    for head, part in parts.items():
        if part:
            lines += [*([[]] if lines else []), *([[(head, "table--title")]] if head else []), *part]
    return lines


def _times(view: JobView, now: float, width: int) -> Iterator[Line]:
    times = {"created": view.created_at, "started": view.started_at, "ended": view.ended_at}
    said = {label: f"{_day(at)}, {ago(now - at)} ago" for label, at in times.items() if at is not None}
    said |= {"batch": "" if view.batch is None else f"b{view.batch}", "priority": str(view.priority or "")}
    return _labelled(said, width)


def _checked(check: Mapping[str, Any], width: int) -> Iterable[Line]:
    sign, name = STAGE_SIGNS["done" if check["ok"] else "failed"]
    return _block([(f"{sign} ", name)], _check(check), "" if check["ok"] else "table--bad", width)


def _check(check: Mapping[str, Any]) -> str:
    limit = "" if check["ok"] else f", not {check['limit']}"
    return f"{check['name']}: {check['measured']}{limit}"


def _files(result: Mapping[str, Any]) -> dict[str, str]:
    return {key: value for key, value in result.items() if isinstance(value, str) and value.startswith("/")}


def _moved(move: MoveView, width: int) -> Iterable[Line]:
    why = move.reason or (move.error.message if move.error else "")
    attempt = f", attempt {move.attempt}" if move.attempt else ""
    said = f"{move.move}{attempt}{': ' if why else ''}{why}"
    return _block([(f"{_day(move.at)}  ", "table--muted")], said, "table--bad" if move.error else "", width)


def _flat(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was asked for, without what nothing was said of: a part of many kinds of lines by these, others in one."""
    for key, inner in value.items():
        if not isinstance(inner, Mapping):
            yield key, _plain(inner)
        elif any(isinstance(part, (Mapping, list)) for part in inner.values()):
            yield from _flat(inner)
        else:
            yield key, ", ".join(f"{name} {said}" for name, part in inner.items() if (said := _plain(part)))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None or value is False else str(value)


def _labelled(said: Mapping[str, str], width: int) -> Iterator[Line]:
    """A label and what there is to it, line by line; nothing of what is empty."""
    for label, value in said.items():
        if value:
            yield from _block(_label(label), value, "", width)


def _label(label: str) -> list[Piece]:
    return [(f"{shown(label).replace('_', ' '):<{_LABEL - 1}} ", "table--muted")]


def _block(head: list[Piece], text: str, name: str, width: int) -> Iterator[Line]:
    """A text beside its head, in as many lines as it takes."""
    taken = _cells(head)
    for number, line in enumerate(Content(shown(text[:_LONGEST])).wrap(max(8, width - taken))):
        yield [*(head if number == 0 else [(" " * taken, "")]), (line.plain.rstrip(), name)]


def _trimmed(pieces: Sequence[Piece], room: int) -> list[Piece]:
    """Pieces in so many cells, with a sign where something is left out."""
    kept: list[Piece] = []
    for text, name in pieces:
        if cell_len(text) > room:
            return [*kept, (f"{set_cell_size(text, room - 1)}…", name)] if room > 0 else kept
        kept.append((text, name))
        room -= cell_len(text)
    return kept


def _cells(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M:%S}"


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at).astimezone():%H:%M:%S}"

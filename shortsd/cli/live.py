"""Progress that moves, for a terminal: a job with its stages, or several with a line each."""

import time
from collections.abc import Callable, Sequence
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live as Screen
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from shortsd.client.text import lasted, shown, trimmed
from shortsd.domain.job import ENDED
from shortsd.wire.models import JobView, StageView

_PER_SECOND = 8
_BAR = 20
"""Cells of a stage's bar; that of a whole job alone is twice as long."""

_STYLES = {
    "done": "green",
    "reused": "green",
    "succeeded": "green",
    "failed": "red",
    "stopped": "yellow",
    "waiting": "dim",
    "queued": "dim",
    "scheduled": "dim",
}
_MARKS = {"done": "✓", "succeeded": "✓", "reused": "↻", "failed": "✗", "stopped": "■"}
_ASCII_MARKS = {"done": "+", "succeeded": "+", "reused": "=", "failed": "x", "stopped": "#"}


class Live:
    """One display on stderr, drawn anew several times a second by a thread of rich's."""

    def __init__(
        self,
        numbers: Sequence[int],
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._numbers = tuple(dict.fromkeys(numbers))
        self._console = console or Console(stderr=True, highlight=False)
        self._clock = clock
        self._jobs: dict[int, JobView] = {}
        self._began: dict[tuple[int, int, str], float] = {}
        self._away = False
        plain = not self._console.encoding.lower().startswith("utf")
        self._marks = _ASCII_MARKS if plain else _MARKS
        self._spinner = Spinner("line" if plain else "dots")
        self._screen = Screen(
            console=self._console,
            get_renderable=self.draw,
            refresh_per_second=_PER_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._screen.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._screen.stop()

    def job(self, job: JobView) -> None:
        for stage in job.stages:
            if stage.state == "running":
                self._began.setdefault((job.id, job.attempt, stage.name), self._clock() - (stage.seconds or 0))
        self._jobs = {**self._jobs, job.id: job}

    def away(self) -> None:
        self._away = True

    def back(self) -> None:
        self._away = False

    def draw(self) -> RenderableType:
        """The display as it is now."""
        jobs = [self._jobs[number] for number in self._numbers if number in self._jobs]
        note = [Text("the daemon does not answer; waiting for it to come back", "yellow")] if self._away else []
        if len(self._numbers) == 1:
            return Group(*(self._one(job) for job in jobs), *note)
        return Group(self._several(jobs), *note)

    def _one(self, job: JobView) -> RenderableType:
        """A job's title, how far it is in all, and a line for each stage."""
        head = Text.assemble((str(job.id), "bold"), "  ", _title(job, self._console.width - 8))
        whole = Table.grid(padding=(0, 2))
        whole.add_row(_bar(job.percent, 2 * _BAR), _percent(job), _state(job))
        stages = Table.grid(padding=(0, 2))
        for stage in job.stages:
            name = Text(stage.name, _STYLES.get(stage.state, ""))
            stages.add_row(self._mark(stage.state), name, *self._how(job, stage))
        return Group(head, whole, stages)

    def _several(self, jobs: Sequence[JobView]) -> RenderableType:
        """How many there are, and a line for each; those at work first if not all fit."""
        done = sum(job.state == "succeeded" for job in jobs)
        other = sum(job.state in ENDED for job in jobs) - done
        failed = f", {other} failed or stopped" if other else ""
        table = Table.grid(padding=(0, 2))
        fit = max(self._console.height - 3, 1)
        room = max(self._console.width - _BAR - 40, 10)
        for job in jobs if len(jobs) <= fit else sorted(jobs, key=_urgency)[:fit]:
            how = (_bar(job.percent, _BAR), _percent(job), Text(job.stage or "", "cyan"), _state(job))
            table.add_row(self._mark(job.state), Text(str(job.id)), _title(job, room), *how)
        return Group(Text(f"{done} of {len(self._numbers)} done{failed}", "bold"), table)

    def _how(self, job: JobView, stage: StageView) -> tuple[RenderableType, RenderableType, RenderableType]:
        if stage.state == "running":
            began = self._began.get((job.id, job.attempt, stage.name), self._clock())
            return Text(lasted(self._clock() - began)), _bar(stage.percent, _BAR), _quiet(stage.message)
        took = "" if stage.seconds is None or stage.state == "waiting" else lasted(stage.seconds)
        return Text(took, "dim"), _quiet("reused" if stage.state == "reused" else ""), Text("")

    def _mark(self, state: str) -> RenderableType:
        if state in ("running", "stopping"):
            return self._spinner
        return Text(self._marks.get(state, "-" if self._marks is _ASCII_MARKS else "·"), _STYLES.get(state, ""))


def _title(job: JobView, room: int) -> Text:
    return Text(trimmed(shown(job.title), max(room, 1)), "bold", no_wrap=True)


def _bar(percent: float, width: int) -> ProgressBar:
    return ProgressBar(total=100, completed=percent, width=width)


def _percent(job: JobView) -> Text:
    return Text(f"{job.percent:3.0f} %")


def _quiet(text: str) -> Text:
    return Text(shown(text), "dim", no_wrap=True, overflow="ellipsis")


def _state(job: JobView) -> Text:
    """How long it takes still, or where it stands."""
    if job.state == "running" and job.eta_s is not None:
        return _quiet(f"{lasted(job.eta_s)} left")
    said = job.reason or (job.message if job.state == "queued" else "")
    why = f": {said}" if said and job.state not in ENDED else ""
    return Text(shown(f"{job.state}{why}"), _STYLES.get(job.state, ""), no_wrap=True, overflow="ellipsis")


def _urgency(job: JobView) -> tuple[int, int]:
    """Those at work first, then those that wait, then what has ended."""
    order = 0 if job.state in ("running", "stopping") else 2 if job.state in ENDED else 1
    return order, job.id

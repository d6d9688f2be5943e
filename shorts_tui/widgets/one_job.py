"""What shows one job, and keeps up with it."""

import asyncio
from typing import cast

from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from shorts_tui.host import Host
from shorts_tui.known import Known
from shorts_tui.model import Job
from shorts_tui.widgets.gone import gone
from shortsd.client.following import moved_on
from shortsd.domain.errors import ShortsError
from shortsd.domain.job import State
from shortsd.wire.models import JobView

PAUSE_S = 0.12
"""How long a job is to be pointed at before the daemon is asked for it, in seconds: of a thousand, for the last."""

TICK_S = 1.0
"""How often times are drawn anew, in seconds."""


class OneJob(Widget):
    """Knows all of a job: it is asked for once, and again whenever something happened to it.

    How far it is comes with what is known. `draw` is called when something of it is otherwise.
    """

    known: reactive[Known] = reactive(Known, init=False)

    def __init__(self, number: int | None = None, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.number = number
        self.view: JobView | None = None
        """What the daemon told of it last; None before that."""
        self._told_at = 0.0
        self._timer: Timer | None = None

    @property
    def host(self) -> Host:
        return cast("Host", self.app)

    @property
    def job(self) -> Job | None:
        """What the list has of it; None if there is no such job any more."""
        return None if self.number is None else self.known.jobs.get(self.number)

    @property
    def since_s(self) -> float:
        """How long ago the daemon told of it, in seconds; how long it was heard of, if the daemon is away."""
        now = self.known.away_since or self.host.clock()
        return max(0.0, now - self._told_at)

    def draw(self) -> None:
        """Show it as it is known now."""

    def settle(self) -> None:
        """Somebody stays with this job: what is dear may be shown of it."""

    def on_mount(self) -> None:
        self.set_interval(TICK_S, self._tick)
        self._ask_soon()

    def look_at(self, number: int | None) -> None:
        """Show another job."""
        if number != self.number:
            self.number, self.view = number, None
            self.draw()
            self._ask_soon()

    def watch_known(self, before: Known, known: Known) -> None:
        if self.number is None:
            return
        missed = known.revision != before.revision + 1 or known.connected > before.connected
        if missed or any(fact.job == self.number for fact in known.facts):
            self._ask_soon()
        elif self.number not in known.changed:
            return
        self._move_on()
        self.draw()

    def _move_on(self) -> None:
        """Take over how far it is."""
        job = self.job
        if job is None or self.view is None or job.state != State.RUNNING or self.view.state != job.state:
            return
        told = {
            "stage": job.stage,
            "message": job.message,
            "percent": job.percent,
            "eta_s": job.eta_s,
            "stage_percent": job.stage_percent,
        }
        self.view = moved_on(self.view, told)

    def _tick(self) -> None:
        if self.job is not None and not self.job.ended and self.known.connected:
            self.draw()

    def _ask_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE_S, self._ask)

    def _ask(self) -> None:
        self._timer = None
        self.settle()
        if self.number is not None and self.known.connected:
            self.run_worker(self._look(self.number), group="job", exclusive=True)

    async def _look(self, number: int) -> None:
        try:
            view = await asyncio.to_thread(self.host.client.job, number)
        except ShortsError:
            return  # it is gone, which a fact tells, or the daemon is, which the page does
        if number == self.number and not gone(self):
            self._told_at = self.host.clock()
            self.view = view
            self._move_on()
            self.draw()

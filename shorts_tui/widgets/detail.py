"""A job in full: beside or below the table the one that is pointed at, on a page of its own any."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Container

from shorts_tui.known import Known
from shorts_tui.logs.source import log_of
from shorts_tui.near import near
from shorts_tui.widgets import job_lines
from shorts_tui.widgets.log_view import LogView
from shorts_tui.widgets.one_job import OneJob
from shorts_tui.widgets.painted import Line
from shorts_tui.widgets.picture import Picture
from shorts_tui.widgets.sheet import Sheet
from shortsd.wire.models import JobView


class JobHead(Sheet):
    """The line above a job."""


class Shown(OneJob):
    """A job with its log and its thumbnail. What is told of it beside them is for others to say."""

    def __init__(self, number: int | None = None, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(number, id=id)
        self.head = JobHead()
        self.picture = Picture(id="thumbnail")
        self.log_view = LogView(brief=True, wrap=True, empty="It has written no log yet.", id="tail")
        self._log_of: int | None = None

    def settle(self) -> None:
        if self._log_of != self.number and self.number is not None and self.known.health is not None:
            self._log_of = self.number
            self.log_view.show(log_of(self.number, self.host.client, self.host.places, self.known.health))

    def watch_known(self, before: Known, known: Known) -> None:
        super().watch_known(before, known)
        if any(fact.job == self.number for fact in known.facts):
            self.log_view.look_again()
        if known.connected != before.connected:
            self._show_picture()

    def draw(self) -> None:
        if self._log_of != self.number:
            self._log_of = None
            self.log_view.show(None)
        job = self.job
        self.set_class(job is None, "-none")
        if job is not None:
            self.head.show(partial(job_lines.heading, job))
        self.draw_lines(self.host.clock())
        self._show_picture()

    def draw_lines(self, now: float) -> None:
        """Show what is told of it."""

    def lines(self, of: Callable[[JobView, int], list[Line]]) -> Callable[[int], list[Line]]:
        """Lines of the job, if it is known by now."""
        view = self.view
        return lambda width: [] if view is None else of(view, width)

    def _show_picture(self) -> None:
        made = thumbnail(self.view)
        if self.view is None or made is None:
            self.picture.hide()
        else:
            self.picture.show((self.view.id, made), partial(self._fetched, self.view.id, made))

    def on_picture_turned(self, event: Picture.Turned) -> None:
        event.stop()
        self.set_class(self.picture.display, "-pictured")

    def _fetched(self, number: int, made: str) -> bytes:
        """The thumbnail's file, or where that is out of reach the first frame of the short. Raises ShortsError."""
        host = self.host
        try:
            if near(host.places, host.known.health):
                return Path(made).read_bytes()
        except OSError:
            pass
        return host.client.preview(number, 0.0)


def thumbnail(view: JobView | None) -> str | None:
    """The path of a job's thumbnail; None if it has none, or none any more."""
    made = None if view is None or "removed_at" in view.result else view.result.get("thumbnail")
    return None if made is None else str(made)


class Detail(Shown):
    """What is to be seen at a glance, beside or below the table: as the classes of its page say."""

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="job-body"):
            yield Sheet(id="stages")
            yield self.picture
            with Container(id="facts-and-log"):
                yield Sheet(id="facts")
                yield self.log_view

    def draw_lines(self, now: float) -> None:
        since_s = self.since_s
        stages, facts = self.query_one("#stages", Sheet), self.query_one("#facts", Sheet)
        stages.show(self.lines(lambda view, width: job_lines.stages(view, since_s, width)))
        facts.show(self.lines(lambda view, width: job_lines.facts(view, now, width)))


class FullJob(Shown):
    """All there is of a job."""

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="job-body"):
            yield Sheet(id="whole", focus=True)
            with Container(id="picture-and-log"):
                yield self.picture
                yield self.log_view

    def draw_lines(self, now: float) -> None:
        since_s = self.since_s
        whole = self.query_one("#whole", Sheet)
        whole.show(self.lines(lambda view, width: job_lines.whole(view, since_s, now, width)))

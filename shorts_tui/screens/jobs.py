"""The jobs, live."""

from collections.abc import Iterable, Sequence
from typing import cast

from textual import on
from textual.containers import Container
from textual.widget import Widget

from shorts_tui.commands.jobs import Retry, Stop
from shorts_tui.commands.logs import Log
from shorts_tui.commands.views import Inspect, Pictures, Storyboard
from shorts_tui.known import Known
from shorts_tui.listing import Listing
from shorts_tui.model import Job
from shorts_tui.screens.page import Page
from shorts_tui.widgets.detail import Detail
from shorts_tui.widgets.job_columns import columns
from shorts_tui.widgets.table import Table

TICK_S = 1.0
"""How often ages are drawn anew, in seconds."""


class JobsPage(Page):
    """All jobs, and the one that is pointed at in full."""

    name_of_page = "Jobs"
    offers = (Inspect, Log, Stop, Retry, Storyboard, Pictures)

    def __init__(self) -> None:
        super().__init__()
        self._listing = Listing()
        self._jobs: dict[int, Job] = {}

    def content(self) -> Iterable[Widget]:
        with Container(id="jobs-and-detail"):
            yield Table(columns(self.host.clock), self._jobs, empty="No jobs yet.", id="jobs")
            yield Detail(id="detail").data_bind(JobsPage.known)

    @property
    def table(self) -> Table[Job]:
        """The table of jobs."""
        return cast("Table[Job]", self.query_one("#jobs", Table))

    def on_mount(self) -> None:
        self.set_interval(TICK_S, self._tick)

    def targets(self) -> Sequence[Job]:
        table = self.table
        keys = sorted(table.marked) or ([] if table.key is None else [table.key])
        return [self.known.jobs[key] for key in keys if key in self.known.jobs]

    def heard(self, before: Known, known: Known) -> None:
        table = self.table
        table.rows = known.jobs
        if known.revision != before.revision + 1 or self._listing.moved_by(known.changed, known.jobs):
            table.show(self._listing.keys(known.jobs))
        else:
            table.touch(known.changed)

    @on(Table.Moved, "#jobs")
    def _pointed(self) -> None:
        self.query_one(Detail).look_at(self.table.key)
        self.look_what_fits()

    @on(Table.Chosen, "#jobs")
    def _chosen(self) -> None:
        self.action_command(Inspect.name())

    def _tick(self) -> None:
        """Ages grow, and what is sorted by what moves is sorted again."""
        if self._listing.stale:
            self.table.show(self._listing.keys(self.known.jobs))
        self.table.tick()

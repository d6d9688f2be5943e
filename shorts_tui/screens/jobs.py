"""The jobs, live."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Container
from textual.widget import Widget

from shorts_tui.commands.finding import FINDING
from shorts_tui.commands.logs import Log
from shorts_tui.commands.views import Inspect, Pictures, Storyboard
from shorts_tui.commands.work import ON_JOBS
from shorts_tui.known import Known
from shorts_tui.listing import Listing
from shorts_tui.model import Job
from shorts_tui.screens.listed import ListedPage
from shorts_tui.searching import JOBS
from shorts_tui.widgets.detail import Detail
from shorts_tui.widgets.job_columns import columns
from shorts_tui.widgets.table import Table


class JobsPage(ListedPage[Job]):
    """All jobs, and the one that is pointed at in full."""

    name_of_page = "Jobs"
    offers = (Inspect, Log, *ON_JOBS, Storyboard, Pictures, *FINDING)
    nothing = "No jobs yet. n makes a short."
    finds = "words, state:failed, stage:render, b3"

    def __init__(self) -> None:
        super().__init__()
        self._awaited: int | None = None
        """A job that is to be pointed at once it is known."""

    def rows(self) -> Iterable[Widget]:
        shown = columns(self.host.clock)
        self.listing = Listing(shown, JOBS, by="id")
        with Container(id="jobs-and-detail"):
            yield Table(shown, {}, empty=self.nothing, id="jobs")
            yield Detail(id="detail").data_bind(JobsPage.known)

    def targets(self) -> Sequence[Job]:
        table = self.table
        keys = sorted(table.marked) or ([] if table.key is None else [table.key])
        return [self.known.jobs[key] for key in keys if key in self.known.jobs]

    def heard(self, before: Known, known: Known) -> None:
        missed = before.jobs is not known.jobs or known.revision > before.revision + 1
        self.relist(known.jobs, None if missed else known.changed)
        if self._awaited is not None and self._awaited in known.jobs:
            self.table.point(self._awaited)
            self._awaited = None

    def point(self, job: int) -> None:
        if not self.table.point(job):
            self._awaited = job

    @on(Table.Moved, "#jobs")
    def _looked(self) -> None:
        self.query_one(Detail).look_at(self.table.key)

    @on(Table.Chosen, "#jobs")
    def _chosen(self) -> None:
        self.action_command(Inspect.name())

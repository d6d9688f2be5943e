"""The jobs, live."""

from collections.abc import Iterable, Sequence

from textual.containers import Container
from textual.widget import Widget

from shorts_tui.commands.finding import FINDING
from shorts_tui.commands.jobs import Retry, Stop
from shorts_tui.known import Known
from shorts_tui.listing import Listing
from shorts_tui.model import Job
from shorts_tui.screens.listed import ListedPage
from shorts_tui.searching import TERMS, searched
from shorts_tui.widgets.job_columns import columns
from shorts_tui.widgets.table import Table


class JobsPage(ListedPage[Job]):
    """All jobs, and the one that is pointed at in full."""

    name_of_page = "Jobs"
    offers = (Stop, Retry, *FINDING)
    nothing = "No jobs yet."
    finds = "words, state:failed, stage:render, b3"

    def rows(self) -> Iterable[Widget]:
        shown = columns(self.host.clock)
        self.listing = Listing(shown, searched, TERMS, by="id")
        with Container(id="jobs-and-detail"):
            yield Table(shown, {}, empty=self.nothing, id="jobs")

    def targets(self) -> Sequence[Job]:
        table = self.table
        keys = sorted(table.marked) or ([] if table.key is None else [table.key])
        return [self.known.jobs[key] for key in keys if key in self.known.jobs]

    def heard(self, before: Known, known: Known) -> None:
        missed = before.jobs is not known.jobs or known.revision > before.revision + 1
        self.relist(known.jobs, None if missed else known.changed)

    def tick(self) -> None:
        super().tick()
        self.table.touch(key for key, job in self.known.jobs.items() if not job.ended)

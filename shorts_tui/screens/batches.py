"""Jobs that were asked for together."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from shorts_tui.batches import Batch, Batches
from shorts_tui.commands.finding import FINDING
from shorts_tui.commands.jobs import Approve, Earlier, Later, Retry, Stop
from shorts_tui.commands.make import MakeWeek, New
from shorts_tui.commands.ways import ShowJobs
from shorts_tui.known import Known
from shorts_tui.listing import Listing
from shorts_tui.model import Job
from shorts_tui.query import BATCH, Searching
from shorts_tui.screens.listed import ListedPage
from shorts_tui.widgets.batch_columns import columns
from shorts_tui.widgets.table import Table

_SEARCHING: Searching[Batch] = Searching(
    lambda batch: f"b{batch.id} {batch.title}".casefold(), {BATCH: lambda batch: f"b{batch.id}"}
)


class BatchesPage(ListedPage[Batch]):
    """All batches; what is done to one is done to its jobs."""

    name_of_page = "Batches"
    offers = (ShowJobs, Stop, Retry, Approve, Earlier, Later, MakeWeek, New, *FINDING)
    nothing = "No batches yet. W plans a week of shorts, which is one."
    finds = "words of the first title, b3"

    def __init__(self) -> None:
        super().__init__()
        self._batches = Batches()

    def rows(self) -> Iterable[Widget]:
        shown = columns(self.host.clock)
        self.listing = Listing(shown, _SEARCHING, by="id")
        yield Table(shown, self._batches.by_id, empty=self.nothing)

    @property
    def term(self) -> str:
        """What finds the jobs of the batch that is pointed at."""
        return "" if self.table.key is None else f"b{self.table.key}"

    def targets(self) -> Sequence[Job]:
        table = self.table
        batches = sorted(table.marked) or ([] if table.key is None else [table.key])
        jobs = (number for batch in batches for number in sorted(self._batches.members[batch]))
        return [self.known.jobs[number] for number in jobs if number in self.known.jobs]

    def heard(self, before: Known, known: Known) -> None:
        missed = before.jobs is not known.jobs or known.revision > before.revision + 1
        changed = self._batches.take(known.jobs, None if missed else known.changed)
        if missed or changed:
            self.relist(self._batches.by_id, None if missed else changed)

    @on(Table.Chosen)
    def _chosen(self) -> None:
        self.action_command(ShowJobs.name())

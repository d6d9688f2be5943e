"""What was published."""

from collections.abc import Iterable, Sequence

from textual import on, work
from textual.widget import Widget

from shorts_tui.commands.finding import FINDING
from shorts_tui.commands.make import MakeWeek, New
from shorts_tui.commands.outputs import COPIES, Copy, Open, OpenLink
from shorts_tui.commands.views import Inspect
from shorts_tui.commands.ways import ShowJob
from shorts_tui.known import Known
from shorts_tui.listing import Listing
from shorts_tui.model import Job
from shorts_tui.query import BATCH, Searching
from shorts_tui.screens.listed import ListedPage
from shorts_tui.searching import batch
from shorts_tui.widgets.history_columns import columns
from shorts_tui.widgets.table import Table
from shortsd.domain.errors import ShortsError
from shortsd.domain.job import State
from shortsd.wire.channel import History, Shown

PAGE = 100
"""Shorts asked for at a time."""

AHEAD = 40
"""More are asked for when fewer than so many are below the one that is pointed at."""


def _text(short: Shown) -> str:
    return f"{short.job} {short.title} {batch(short.batch)} {short.link} {short.video}".casefold()


_SEARCHING: Searching[Shown] = Searching(_text, {BATCH: lambda short: batch(short.batch)})


class HistoryPage(ListedPage[Shown]):
    """Published shorts, newest first; older ones are fetched as one goes down."""

    name_of_page = "History"
    offers = (Inspect, Open, OpenLink, Copy, *COPIES, ShowJob, New, MakeWeek, *FINDING)
    nothing = "Nothing was published yet. n makes a short, W a week of them."
    finds = "words of titles and places, b3"

    def __init__(self) -> None:
        super().__init__()
        self._shorts: dict[int, Shown] = {}
        self._cursor: int | None = None
        self._begun = False
        self._asking = False

    def rows(self) -> Iterable[Widget]:
        shown = columns()
        self.listing = Listing(shown, _SEARCHING, by="seen")
        yield Table(shown, self._shorts, empty="Asking the daemon…", marking=False)

    def on_screen_resume(self) -> None:
        if self._begun:
            self._newest()

    def targets(self) -> Sequence[Job]:
        """The job of the short that is pointed at, be it in the list of jobs still or not."""
        short = self._shorts.get(self.table.key or 0)
        return [] if short is None else [self.known.jobs.get(short.job) or _as_job(short)]

    def heard(self, before: Known, known: Known) -> None:
        back = known.connected and not before.connected
        if back or any(fact.type in ("job.succeeded", "job.deleted") for fact in known.facts):
            self._newest()

    @work(exclusive=True, group="newest")
    async def _newest(self) -> None:
        """Ask for the newest: something may have been published."""
        page = await self._ask(None)
        if page is None:
            return
        if not self._begun:
            self._begun, self._cursor = True, page.next
        self._take(page)

    @work(exclusive=True, group="older")
    async def _older(self) -> None:
        """Ask for the shorts before those that are known."""
        try:
            page = await self._ask(self._cursor)
        finally:
            self._asking = False
        if page is not None:
            self._cursor = page.next
            self._take(page)

    async def _ask(self, cursor: int | None) -> History | None:
        try:
            return await self.desk.ask(lambda client: client.history(PAGE, cursor))
        except ShortsError:
            return None  # the banner says that the daemon is away; asked again when it is back

    def _take(self, page: History) -> None:
        self._shorts |= {short.job: short for short in page.shorts}
        self.relist(self._shorts, [short.job for short in page.shorts])
        self._more_if_wanted()

    def _more_if_wanted(self) -> None:
        below = len(self.table.keys) - max(self.table.cursor, self.table.scroll_offset.y + self.table.size.height)
        if self._cursor is not None and not self._asking and below < AHEAD:
            self._asking = True
            self._older()

    def tick(self) -> None:
        super().tick()
        self._more_if_wanted()  # who turns the wheel moves no cursor

    @on(Table.Moved)
    def _looked(self) -> None:
        self._more_if_wanted()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        self.action_command(Inspect.name())


def _as_job(short: Shown) -> Job:
    """A published short as a job: where it is seen outlives the list of jobs."""
    return Job(
        id=short.job, kind=short.kind, title=short.title, state=State.SUCCEEDED, priority=0, batch=short.batch,
        created_at=short.made_at, moved_at=short.made_at, ended_at=short.made_at, percent=100.0,
        publish_at=short.publish_at, video=short.video or short.file, link=short.link,
    )  # fmt: skip

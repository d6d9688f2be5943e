"""The daemon's processes by job and stage."""

from collections.abc import Callable, Iterable, Sequence

from textual import on, work
from textual.timer import Timer
from textual.widget import Widget

from shorts_tui.commands.jobs import Stop
from shorts_tui.commands.logs import Log
from shorts_tui.commands.make import New
from shorts_tui.commands.views import Inspect
from shorts_tui.commands.ways import ShowJob
from shorts_tui.known import Known
from shorts_tui.model import Job
from shorts_tui.screens.page import Page
from shorts_tui.tree import KEPT, Row, Samples, rows_of
from shorts_tui.widgets.columns import Column
from shorts_tui.widgets.painted import Piece
from shorts_tui.widgets.spark import spark
from shorts_tui.widgets.table import Table
from shortsd.client.text import ago, size
from shortsd.domain.errors import ShortsError
from shortsd.wire.figures import ProcessView

EVERY_S = 2.0
"""How often the daemon is asked while the page is seen, in seconds: there is no stream of samples."""

QUIET_S = 10.0
"""After so many seconds without a sign of life, that is told in another colour."""

_ONE = 100.0
"""Percent of one processor: sparklines are full from there on, so that idle ones stay low."""


class ProcessesPage(Page):
    """A sample every now and then, while somebody looks."""

    name_of_page = "Processes"
    offers = (Inspect, Log, Stop, ShowJob, New)

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, Row] = {}
        self._samples = Samples()
        self._timer: Timer | None = None

    def content(self) -> Iterable[Widget]:
        yield Table(columns(self._samples), self._rows, empty="Asking the daemon…", marking=False)

    @property
    def table(self) -> Table[Row]:
        """The tree."""
        found: Table[Row] = self.query_one(Table)
        return found

    def on_mount(self) -> None:
        self._timer = self.set_interval(EVERY_S, self._sample)
        self.table.focus()

    def on_screen_resume(self) -> None:
        if self._timer is not None:
            self._timer.reset()
        self._sample()

    def on_screen_suspend(self) -> None:
        if self._timer is not None:
            self._timer.pause()

    def targets(self) -> Sequence[Job]:
        row = self._rows.get(self.table.key or 0)
        job = None if row is None or row.job is None else self.known.jobs.get(row.job)
        return [] if job is None else [job]

    def heard(self, before: Known, known: Known) -> None:
        if not known.connected and before.connected:
            self._show([])
            self.table.empty = "The daemon does not answer: nothing is known of its processes."

    @work(exclusive=True, group="sample")
    async def _sample(self) -> None:
        if not self.known.connected:
            return
        try:
            tree = await self.desk.ask(lambda client: client.processes())
        except ShortsError:
            return  # the banner says that the daemon is away; asked again soon
        self._show(rows_of(tree))

    def _show(self, rows: Sequence[Row]) -> None:
        self._samples.take(rows)
        self._rows = {row.key: row for row in rows}
        self.table.rows = self._rows
        keys = [row.key for row in rows]
        if keys != self.table.keys:
            self.table.show(keys)
        else:
            self.table.touch(keys)
        self.look_what_fits()

    @on(Table.Moved)
    def _moved(self) -> None:
        self.look_what_fits()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        self.action_command(Inspect.name())


def columns(samples: Samples) -> list[Column[Row]]:
    """What is shown of each line of the tree."""

    def lately(row: Row) -> Sequence[Piece]:
        taken = list(samples.by_key.get(row.key, ()))
        return [(spark(taken, KEPT, _ONE), "table--live" if row.process else "table--muted")]

    return [
        Column("name", "Process", _name),
        Column("pid", "PID", _of_process(lambda process: str(process.pid)), 8, right=True, least=70),
        Column("cpu", "CPU", _cpu, 6, right=True),
        Column("lately", "Lately", lately, KEPT, least=90),
        Column("memory", "Memory", lambda row: [(size(row.memory) if row.memory else "", _look(row))], 9, right=True),
        Column("age", "Age", _of_process(lambda process: ago(process.age_s)), 7, right=True, least=60),
        Column("sign", "Last sign", _sign, 10, right=True, least=100),
    ]


def _of_process(shown: Callable[[ProcessView], str]) -> Callable[[Row], Sequence[Piece]]:
    """What only processes have."""
    return lambda row: [] if row.process is None else [(shown(row.process), "table--muted")]


def _look(row: Row) -> str:
    return "" if row.process is not None else "table--muted"


def _name(row: Row) -> Sequence[Piece]:
    if row.depth == 0:
        return [(row.name, "table--title")]
    branch = "└ " if row.last else "├ "
    lead = "  " * (row.depth - 1) + branch
    says = f"  {row.message}" if row.message else ""
    return [(lead, "table--muted"), (row.name, "table--live" if row.process is None else ""), (says, "table--muted")]


def _cpu(row: Row) -> Sequence[Piece]:
    if row.process is None and not row.cpu:
        return []
    return [(f"{row.cpu:.0f}%", _look(row))]


def _sign(row: Row) -> Sequence[Piece]:
    quiet_s = None if row.process is None else row.process.quiet_s
    if quiet_s is None:
        return []
    return [(f"{ago(quiet_s)} ago", "table--warm" if quiet_s > QUIET_S else "table--muted")]

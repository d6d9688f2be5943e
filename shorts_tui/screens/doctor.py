"""Whether everything is there that a short needs."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from textwrap import wrap

from textual import work
from textual.widget import Widget

from shorts_tui.commands.doctor import LookAgain, Looks
from shorts_tui.known import Known
from shorts_tui.screens.page import Page
from shorts_tui.widgets.painted import Line
from shorts_tui.widgets.sheet import Sheet
from shortsd import __version__
from shortsd.client import autostart
from shortsd.client.client import Client
from shortsd.client.text import padded, shown, width
from shortsd.domain.errors import NoDaemon, ShortsError
from shortsd.wire.models import Finding

_MARGIN = 2


class DoctorPage(Page, Looks):
    """What was looked at: what is missing first, each with what helps."""

    name_of_page = "Doctor"
    offers = (LookAgain,)

    def __init__(self) -> None:
        super().__init__()
        self._findings: list[Finding] = []
        self._looking = self._begun = False

    def content(self) -> Iterable[Widget]:
        yield Sheet(focus=True, id="findings")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def on_screen_resume(self) -> None:
        self.look_anew()

    def heard(self, before: Known, known: Known) -> None:
        if self._begun and known.connected and not before.connected:
            self.look_anew()

    def look_anew(self) -> None:
        self._looking = self._begun = True
        self._draw()
        self._look()

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        try:
            self._findings = await self.desk.ask(partial(_look, self.known))
        except ShortsError as error:
            self.host.complain(error)
        self._looking = False
        self._draw()

    def _draw(self) -> None:
        self.query_one(Sheet).show(self._lines)

    def _lines(self, cells: int) -> Sequence[Line]:
        missing = [finding for finding in self._findings if not finding.ok]
        fine = [finding for finding in self._findings if finding.ok]
        if self._looking:
            said: Line = [("Looking at everything that a short needs…", "table--accent")]
        elif missing:
            said = [(f"{len(missing)} of {len(self._findings)} are not as they should be.", "table--warm")]
        else:
            said = [("Everything is there.", "table--good")]
        room = min(max((width(shown(finding.name)) for finding in self._findings), default=0), cells // 4)
        lines: list[Line] = [[], [("  ", ""), *said], []]
        for finding in (*missing, *fine):
            lines += _finding(finding, room, cells)
        return lines


def _finding(finding: Finding, room: int, cells: int) -> Iterator[Line]:
    """A finding in lines of so many cells, its name in `room` of them, or on a line of its own if it is longer."""
    sign: Line = [("  ✓ ", "table--good")] if finding.ok else [("  ✗ ", "table--bad")]
    name, look = shown(finding.name), "table--muted" if finding.ok else ""
    indent = " " * (4 + room + _MARGIN)
    detail = wrap(shown(finding.detail), max(20, cells - len(indent) - _MARGIN)) or [""]
    first = detail.pop(0) if width(name) <= room else ""
    yield [*sign, (padded(name, room + _MARGIN), "" if finding.ok else "table--title"), (first, look)]
    for line in detail:
        yield [(indent + line, look)]
    if not finding.ok:
        for line in finding.remedy.splitlines():
            for part in wrap(shown(line), max(20, cells - len(indent) - _MARGIN)):
                yield [(indent + part, "table--warm")]
        yield []


def _look(known: Known, client: Client) -> list[Finding]:
    """Look at everything, without the daemon if it is away. Raises ShortsError."""
    try:
        health = client.live()
    except NoDaemon as gone:
        return [
            Finding(name="daemon", ok=False, detail=gone.message, remedy=known.hint(gone)),
            *autostart.check().findings,
        ]
    same = health.version == __version__
    detail = health.version if same else f"{health.version}, and this is {__version__}"
    remedy = "" if same else "Shut it down (ctrl+p); the next one that starts is the new one."
    return [
        Finding(name="daemon", ok=True, detail="it answers"),
        Finding(name="version", ok=same, detail=detail, remedy=remedy),
        *client.doctor().findings,
    ]

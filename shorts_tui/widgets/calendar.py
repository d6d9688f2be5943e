"""A week as a calendar: a grid of days and hours, or a list where there is no room for one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from shorts_tui.weekly import DAYS, Slot, Week
from shorts_tui.widgets.job_columns import SIGNS
from shorts_tui.widgets.painted import Line, Painted, Piece
from shortsd.client.text import lasted, padded, shown, trimmed
from shortsd.domain.job import State

LEAST = 100
"""Cells from which on there is a grid."""

HOUR = 7
"""Cells of the hours beside the grid."""

_TALL = 4
"""Lines of a row of the grid where there are enough: two of title, one of state, and one between."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a slot stands: its first line and as many as it takes, its first cell and as many."""

    line: int
    lines: int
    left: int
    width: int


class Calendar(Painted, can_focus=True, inherit_bindings=False):
    """Slots of a week, one of which is pointed at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "hour(-1)", "Hour before", show=False),
        Binding("down,j", "hour(1)", "Next hour", show=False),
        Binding("left,h", "day(-1)", "Day before", show=False),
        Binding("right", "day(1)", "Next day", show=False),
        Binding("home,g", "edge(0)", "First of the week", show=False),
        Binding("end,G", "edge(-1)", "Last of the week", show=False),
        Binding("pageup", "leaf(-1)", "Week before", show=False),
        Binding("pagedown", "leaf(1)", "Next week", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]
    BINDING_GROUP_TITLE = "Calendar"

    @dataclass
    class Moved(Message):
        """Another slot is pointed at, or none."""

        job: int | None

    @dataclass
    class Chosen(Message):
        """A slot was chosen."""

        job: int

    @dataclass
    class Left(Message):
        """There is no slot further that way: another week is wanted."""

        weeks: int

    def __init__(self) -> None:
        super().__init__()
        self.week: Week | None = None
        self.today: date | None = None
        self.empty = ""
        self.found: frozenset[int] = frozenset()
        """Jobs that were searched for."""
        self._job: int | None = None
        self._lines: list[Line] = []
        self._spots: dict[int, _Spot] = {}

    @property
    def job(self) -> int | None:
        """The job whose slot is pointed at."""
        return self._job

    def show(self, week: Week, today: date) -> None:
        """Show a week; the cursor stays with its job, or goes to the first that is not seen yet."""
        self.week, self.today = week, today
        jobs = [slot.job.id for slot in week.slots]
        if self._job not in jobs:
            ahead = [slot.job.id for slot in week.slots if slot.at.date() >= today]
            self._point(next(iter(ahead or jobs), None))
        self._draw()

    def point(self, job: int) -> None:
        """Point at a job of this week."""
        self._point(job)
        self._draw()

    def _point(self, job: int | None) -> None:
        if job != self._job:
            self._job = job
            self.post_message(self.Moved(job))

    @property
    def _slots(self) -> Sequence[Slot]:
        return self.week.slots if self.week is not None else ()

    @property
    def _at(self) -> int | None:
        """Which of the slots is pointed at."""
        return next((at for at, slot in enumerate(self._slots) if slot.job.id == self._job), None)

    def action_hour(self, by: int) -> None:
        at = self._at
        if at is None or not 0 <= at + by < len(self._slots):
            self.post_message(self.Left(by))
            return
        self.point(self._slots[at + by].job.id)

    def action_day(self, by: int) -> None:
        at = self._at
        if at is None:
            self.post_message(self.Left(by))
            return
        here = self._slots[at]
        there = [slot for slot in self._slots if (slot.at.date() - here.at.date()).days * by > 0]
        if not there:
            self.post_message(self.Left(by))
            return
        day = (min if by > 0 else max)(slot.at.date() for slot in there)
        on_it = [slot for slot in there if slot.at.date() == day]
        self.point(min(on_it, key=lambda slot: abs(_minutes(slot) - _minutes(here))).job.id)

    def action_edge(self, at: int) -> None:
        if self._slots:
            self.point(self._slots[at].job.id)

    def action_leaf(self, weeks: int) -> None:
        self.post_message(self.Left(weeks))

    def action_choose(self) -> None:
        if self._job is not None:
            self.post_message(self.Chosen(self._job))

    def on_click(self, event: events.Click) -> None:
        """Point at a slot; choose it by a second click."""
        x, y = event.x, event.y + self.scroll_offset.y
        for job, spot in self._spots.items():
            if spot.line <= y < spot.line + spot.lines and spot.left <= x < spot.left + spot.width:
                self.point(job)
                if event.chain > 1:
                    self.action_choose()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self._spots = {}
        self._lines = []
        if self.week is not None:
            width = self.size.width
            self._lines = list(self._grid(self.week, width) if width >= LEAST else self._list(self.week, width))
        self.virtual_size = Size(self.size.width, len(self._lines))
        self._settle()
        self.refresh()

    def _settle(self) -> None:
        spot = self._spots.get(self._job or 0)
        if spot is None:
            return
        top, seen = self.scroll_offset.y, max(1, self.size.height)
        if spot.line < top:
            self.scroll_to(y=max(0, spot.line - 1), animate=False)
        elif spot.line + spot.lines > top + seen:
            self.scroll_to(y=spot.line + spot.lines - seen, animate=False)

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.size.width
        if at < len(self._lines):
            return self.paint(self._lines[at], width)
        said = self.empty if not self._slots and y == max(3, self.size.height // 3) else ""
        return self.paint_word(said, width)

    def _grid(self, week: Week, width: int) -> Iterator[Line]:
        column = (width - HOUR) // DAYS
        heads = [self._day(day, column) for day in week.days]
        yield [(" " * HOUR, "table--head"), *heads, (" " * (width - HOUR - DAYS * column), "table--head")]
        rows = week.rows()
        tall = max(1, min(_TALL, (self.size.height - 1) // max(1, len(rows))))
        before = ""
        for number, (clock, slots) in enumerate(rows):
            hour = clock if clock != before else ""
            before = clock
            yield from self._row(hour, slots, 1 + number * tall, tall, column)

    def _row(self, hour: str, slots: Sequence[Slot | None], line: int, tall: int, column: int) -> Iterator[Line]:
        """The lines of one hour, each slot under its day."""
        lines = max(1, tall - 1) if tall > 1 else 1
        cells = [self._cell(slot, column - 1, lines) if slot is not None else None for slot in slots]
        for day, slot in enumerate(slots):
            if slot is not None:
                self._spots[slot.job.id] = _Spot(line, lines, HOUR + day * column, column - 1)
        for at in range(tall):
            pieces: list[Piece] = [(padded(f" {hour if at == 0 else ''}", HOUR), "table--muted")]
            for cell in cells:
                piece = cell[at] if cell is not None and at < lines else [(" " * (column - 1), "")]
                pieces += [*piece, (" ", "")]
            yield pieces

    def _cell(self, slot: Slot, width: int, lines: int) -> Sequence[Line]:
        """A slot in so many lines: its title, and below, where there is room, how it stands."""
        sign, colour = SIGNS[State(slot.job.state)]
        here = slot.job.id == self._job
        look = "table--cursor" if here else ("table--found" if slot.job.id in self.found else "")
        title = _wrapped(shown(slot.job.title), width - 2, max(1, lines - 1))
        title += [""] * (lines - len(title))
        leads = [f"{sign} ", *["  "] * (lines - 1)]
        drawn = [
            [(lead, look or colour), (padded(text, width - 2), look)] for lead, text in zip(leads, title, strict=True)
        ]
        if lines > 1:
            stands = padded(trimmed(_stands(slot), width - 2), width - 2)
            drawn[-1] = [("  ", look), (stands, look or colour)]
        return drawn

    def _day(self, day: date, width: int) -> Piece:
        return padded(f"{day:%a} {day.day}", width), "table--today" if day == self.today else "table--head"

    def _list(self, week: Week, width: int) -> Iterator[Line]:
        line = 0
        for day in week.days:
            slots = week.on(day)
            if slots:
                text, look = self._day(day, width)
                yield [(f" {text}", look)]
                line += 1
            for slot in slots:
                self._spots[slot.job.id] = _Spot(line, 1, 0, width)
                yield self._entry(slot, width)
                line += 1

    def _entry(self, slot: Slot, width: int) -> Line:
        sign, colour = SIGNS[State(slot.job.state)]
        here = slot.job.id == self._job
        look = "table--cursor" if here else ("table--found" if slot.job.id in self.found else "")
        stands = trimmed(_stands(slot), 24)
        room = max(8, width - 12 - 25)
        title = padded(trimmed(shown(slot.job.title), room), room)
        return [
            (f"   {slot.clock} ", look or "table--muted"),
            (f"{sign} ", look or colour),
            (f"{title} ", look),
            (padded(stands, width - 12 - room), look or colour),
        ]


def _stands(slot: Slot) -> str:
    """How a slot stands, in a few words."""
    job = slot.job
    if job.state == State.SUCCEEDED:
        return job.link.removeprefix("https://") or "made"
    if job.state == State.RUNNING:
        left = f", {lasted(job.eta_s)} left" if job.eta_s is not None else ""
        return f"{job.percent:.0f}%{left}"
    if job.state == State.FAILED and job.error is not None:
        return shown(job.error.message)
    return str(job.state)


def _minutes(slot: Slot) -> int:
    return slot.at.hour * 60 + slot.at.minute


def _wrapped(text: str, cells: int, lines: int) -> list[str]:
    """A text in so many lines at most, broken between words where that goes."""
    made: list[str] = []
    rest = text
    while rest and len(made) < lines - 1:
        head = trimmed(rest, cells)
        if head == rest:
            break
        cut = head[:-1].rfind(" ")
        cut = cut if cut > 0 else len(head) - 1
        made.append(rest[:cut])
        rest = rest[cut:].lstrip()
    return [*made, trimmed(rest, cells)]

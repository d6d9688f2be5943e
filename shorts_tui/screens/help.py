"""The keys of where somebody is."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Label

from shorts_tui.helping import Entry, Groups
from shorts_tui.screens.question import Question
from shorts_tui.widgets.painted import Line
from shorts_tui.widgets.sheet import Sheet
from shortsd.client.text import padded, trimmed, width

_WORDS = 26
"""Cells of what is done."""

_GAP = 2
_TIPS = 72
"""From so many cells on there is room for tips."""

_COLUMNS = 2
"""Entries side by side where there is none."""


class Help(Question[None]):
    """Derived from the commands and bindings themselves: what it does not show cannot be done by a key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "close", "Close", show=False)]

    def __init__(self, title: str, groups: Groups) -> None:
        super().__init__()
        self._title = title
        self._groups = groups

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Label(self._title, classes="title", markup=False)
            yield Sheet(focus=True)
            yield Label("esc closes · ctrl+p finds any of this by its name", classes="hint")

    def on_mount(self) -> None:
        sheet = self.query_one(Sheet)
        sheet.show(self._lines)
        sheet.focus()

    def action_close(self) -> None:
        self.dismiss()

    def _lines(self, cells: int) -> Sequence[Line]:
        lines: list[Line] = []
        tipped = cells >= _TIPS
        widest = max((_room(group) for group in self._groups.values()), default=0)
        for title, group in self._groups.items():
            lines += [[], [(title, "table--title")]] if lines else [[(title, "table--title")]]
            lines += _tipped(group, widest, cells) if tipped else _in_columns(group, _room(group), cells)
        return lines


def _room(group: Sequence[Entry]) -> int:
    """Cells for keys, and the gap behind them."""
    return max(width(entry.keys) for entry in group) + _GAP


def _in_columns(group: Sequence[Entry], room: int, cells: int) -> Iterator[Line]:
    """Entries side by side, without tips."""
    width_of_one = cells // _COLUMNS
    for first in range(0, len(group), _COLUMNS):
        yield [
            piece
            for entry in group[first : first + _COLUMNS]
            for piece in _entry(entry, room, width_of_one - room - _GAP)
        ]


def _tipped(group: Sequence[Entry], room: int, cells: int) -> Iterator[Line]:
    """Entries one below the other, each with its tip, which may take several lines."""
    before = room + _WORDS + _GAP
    for entry in group:
        if not entry.tip:
            yield _entry(entry, room, cells - room - _GAP)
            continue
        first, *rest = wrap(entry.tip, max(1, cells - before - _GAP))
        yield [*_entry(entry, room, _WORDS), (first, "table--muted")]
        for line in rest:
            yield [(" " * before + line, "table--muted")]


def _entry(entry: Entry, room: int, words: int) -> Line:
    """Keys in `room` cells and what they do in so many, and the gap behind them."""
    look = "" if entry.possible else "table--muted"
    keys = (padded(entry.keys, room), "table--accent" if entry.possible else "table--muted")
    return [keys, (padded(trimmed(entry.title, words), words), look), (" " * _GAP, "")]

"""The keys of where somebody is."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label

from shorts_tui.helping import Entry, Groups
from shorts_tui.widgets.sheet import Line, Sheet
from shortsd.client.text import padded, trimmed, width

_WORDS = 26
"""Cells of what is done."""

_TIPS = 72
"""From so many cells on there is room for tips."""


class Help(ModalScreen[None]):
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
        room = max((width(entry.keys) for group in self._groups.values() for entry in group), default=0) + 2
        lines: list[Line] = []
        for title, group in self._groups.items():
            lines += [[], [(title, "table--head")]] if lines else [[(title, "table--head")]]
            for entry in group:
                lines += _entry(entry, room, cells)
        return lines


def _entry(entry: Entry, room: int, cells: int) -> Iterator[Line]:
    name = "table--accent" if entry.possible else "table--muted"
    line = [(padded(entry.keys, room), name)]
    if cells < _TIPS or not entry.tip:
        yield [*line, (entry.title, "" if entry.possible else "table--muted")]
        return
    words = padded(trimmed(entry.title, _WORDS), _WORDS)
    tip = trimmed(entry.tip, max(0, cells - room - _WORDS - 2))
    yield [*line, (words, "" if entry.possible else "table--muted"), ("  ", ""), (tip, "table--muted")]

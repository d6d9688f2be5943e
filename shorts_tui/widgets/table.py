"""A table of any length: only what is seen is drawn, and only what changed is drawn anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from shorts_tui.widgets.columns import GAP, Column, cell, laid
from shorts_tui.widgets.painted import Painted, Piece

R = TypeVar("R")

Key = int
"""What a row is known by: a job's id, a process's."""

_KEPT = 500
"""Lines that are kept once they are drawn: some screens full."""

Pieces = tuple[tuple[Piece, ...], ...]
"""Of a row, column by column."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A line, and what it was drawn of."""

    look: tuple[str, bool, int]
    pieces: Pieces
    strip: Strip


@dataclass
class _Told(Message):
    """Something that a table tells."""

    table: "Table[Any]"

    @property
    def control(self) -> "Table[Any]":
        """The table, so that a handler can be for one of several."""
        return self.table


class Table(Painted, Generic[R], can_focus=True, inherit_bindings=False):
    """Rows under a head, with a cursor and marks.

    `rows` says what a key stands for; the table keeps keys only. Text is text: what a terminal would obey, or a markup,
    is shown as it stands.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("home,g", "edge(0)", "First", show=False),
        Binding("end,G", "edge(-1)", "Last", show=False),
        Binding("space", "mark", "Mark, and go on to the next", key_display="space", show=False),
        Binding("asterisk", "mark_all", "Mark all that are shown, or none", key_display="*", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]

    BINDING_GROUP_TITLE = "Table"

    cursor: reactive[int] = reactive(0)
    """The row that is pointed at, counted from 0."""
    empty: reactive[str] = reactive("")
    """What is said when there are no rows."""

    @dataclass
    class Moved(_Told):
        """The cursor points at another row, or at none."""

        key: Key | None

        def can_replace(self, message: Message) -> bool:
            """Whoever runs through a thousand rows looks at the last."""
            return isinstance(message, Table.Moved) and message.table is self.table

    @dataclass
    class Chosen(_Told):
        """A row was chosen: by enter, or by a second click."""

        key: Key

    @dataclass
    class Sorted(_Told):
        """The head of a column was clicked."""

        column: str

    def __init__(
        self,
        columns: Sequence[Column[R]],
        rows: Mapping[Any, R],
        *,
        empty: str = "",
        marking: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self.rows = rows
        self.set_reactive(Table.empty, empty)
        self.marking = marking
        """Whether rows can be marked."""
        self.keys: list[Key] = []
        self.marked: set[Key] = set()
        self.sorted_by: tuple[str, bool] | None = None
        """The column that rows are sorted by, and whether backwards: for the head to show."""
        self._at: dict[Key, int] = {}
        self._pointed: Key | None = None
        self._laid = lru_cache(maxsize=1)(partial(laid, tuple(columns)))
        """The columns that there is room for in so many cells, and how wide each is."""
        self._drawn: dict[Key, _Drawn] = {}
        """The lines that were drawn last, so that to scroll is not to draw."""

    @property
    def key(self) -> Key | None:
        """The key of the row that is pointed at; None if there is no row."""
        return self.keys[self.cursor] if self.cursor < len(self.keys) else None

    def show(self, keys: Sequence[Key]) -> None:
        """Show these rows. The cursor stays with its row, or where that was if it has gone.

        The row stays on its line of the screen, too, unless the table is at its top: there news are to be seen.
        """
        pointed, line = self._pointed, self.cursor - self.scroll_offset.y
        self.keys = list(keys)
        self._at = {key: at for at, key in enumerate(self.keys)}
        self.marked &= self._at.keys()
        self._drawn.clear()
        self.virtual_size = Size(self.size.width, len(self.keys) + 1)
        wanted = self._at.get(pointed, self.cursor) if pointed is not None else self.cursor
        self.set_reactive(Table.cursor, max(0, min(wanted, len(self.keys) - 1)))
        if self.scroll_offset.y:
            self.scroll_to(y=self.cursor - line, animate=False, immediate=True)
        self._settle()
        self.refresh()

    def touch(self, keys: Iterable[Key]) -> None:
        """Draw these rows anew, as far as they are seen."""
        top, seen = self.scroll_offset.y, self.size.height - 1
        for key in keys:
            self._drawn.pop(key, None)
            at = self._at.get(key)
            if at is not None and top <= at < top + seen:
                self._refresh_row(at)

    def tick(self) -> None:
        """Draw those rows anew that have become others with time, such as by an age."""
        top = self.scroll_offset.y
        for key in self.keys[top : top + self.size.height - 1]:
            drawn, row = self._drawn.get(key), self.rows.get(key)
            if drawn is not None and row is not None and drawn.pieces != self._pieces(row):
                self.touch([key])

    def _refresh_row(self, at: int) -> None:
        self.refresh(Region(0, at - self.scroll_offset.y + 1, self.size.width, 1))

    def point(self, key: Key) -> bool:
        """Put the cursor on a row; whether there is such a row."""
        at = self._at.get(key)
        if at is not None:
            self.cursor = at
        return at is not None

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.keys) - 1))

    def watch_cursor(self, before: int, cursor: int) -> None:
        self._settle()
        self._refresh_row(before)
        self._refresh_row(cursor)

    def notify_style_update(self) -> None:
        """Forget what was drawn in other colours."""
        super().notify_style_update()
        self._drawn.clear()

    def _settle(self) -> None:
        """See that the row which is pointed at is seen, and tell if it is another one."""
        top, seen = self.scroll_offset.y, max(1, self.size.height - 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + seen:
            self.scroll_to(y=self.cursor - seen + 1, animate=False)
        if self.key != self._pointed:
            self._pointed = self.key
            self.post_message(self.Moved(self, self.key))

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self.keys) + 1)
        self.call_after_refresh(self._settle)

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.cursor += by * max(1, self.size.height - 2)

    def action_edge(self, at: int) -> None:
        self.cursor = 0 if at == 0 else len(self.keys) - 1

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where nothing can be done to several rows at once, none is marked."""
        del parameters
        return self.marking or action not in ("mark", "mark_all")

    def action_mark(self) -> None:
        """Mark the row or take its mark away, and go on to the next."""
        if self.key is not None:
            self.marked ^= {self.key}
            self.cursor += 1
            self._remarked()

    def action_mark_all(self) -> None:
        """Mark all rows that are shown, or none if all are marked."""
        self.marked = set() if len(self.marked) == len(self.keys) else set(self.keys)
        self._remarked()

    def unmark(self) -> None:
        """Take all marks away."""
        self.marked.clear()
        self._remarked()

    def _remarked(self) -> None:
        self.refresh()
        self.post_message(self.Moved(self, self.key))

    def action_choose(self) -> None:
        if self.key is not None:
            self.post_message(self.Chosen(self, self.key))

    def on_click(self, event: events.Click) -> None:
        """Point at a row, choose it by a second click, mark it with Ctrl; sort by a column's head."""
        if event.y == 0:
            self._clicked_head(event.x)
            return
        at = self.scroll_offset.y + event.y - 1
        if at >= len(self.keys):
            return
        self.cursor = at
        if event.ctrl and self.marking:
            self.marked ^= {self.keys[at]}
            self._remarked()
        elif event.chain > 1:
            self.action_choose()

    def _clicked_head(self, x: int) -> None:
        left = 0
        for column, width in self._laid(self.size.width):
            if left <= x < left + width and column.order is not None:
                self.post_message(self.Sorted(self, column.key))
            left += width + GAP

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y == 0:
            return self.paint(self._head(), width, under="table--head")
        at = self.scroll_offset.y + y - 1
        if at >= len(self.keys):
            said = self.empty if not self.keys and y == max(2, self.size.height // 3) else ""
            return self.paint_word(said, width)
        return self._row_line(self.keys[at], at, width)

    def _row_line(self, key: Key, at: int, width: int) -> Strip:
        marked = key in self.marked
        under = "table--cursor" if at == self.cursor else ("table--marked" if marked else "")
        drawn = self._drawn.get(key)
        if drawn is not None and drawn.look == (under, marked, width):
            return drawn.strip
        row = self.rows.get(key)
        pieces = () if row is None else self._pieces(row)
        strip = self.paint(self._cells(pieces, marked=marked), width, under=under)
        if len(self._drawn) >= _KEPT:
            self._drawn.clear()
        self._drawn[key] = _Drawn((under, marked, width), pieces, strip)
        return strip

    def _head(self) -> Iterable[Piece]:
        for column, width in self._laid(self.size.width):
            arrow = ""
            if self.sorted_by is not None and self.sorted_by[0] == column.key:
                arrow = " ▼" if self.sorted_by[1] else " ▲"
            yield from cell([(column.title + arrow, "")], width, right=column.right)

    def _pieces(self, row: R) -> Pieces:
        """What each column that is shown has to say of a row."""
        return tuple(tuple(column.pieces(row)) for column, _ in self._laid(self.size.width))

    def _cells(self, pieces: Pieces, *, marked: bool) -> Iterable[Piece]:
        for number, ((column, width), given) in enumerate(zip(self._laid(self.size.width), pieces, strict=False)):
            mark = [("✓", "table--accent")] if marked and number == 0 else []
            yield from cell([*mark, *given], width, right=column.right)

"""A log of any length: only what is seen is read and drawn."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scrollbar import ScrollDown, ScrollTo, ScrollUp
from textual.strip import Strip

from shorts_tui.logs.levels import LEVELS
from shorts_tui.logs.reader import Reader
from shorts_tui.logs.source import Source
from shorts_tui.widgets.log_pieces import pieces
from shorts_tui.widgets.painted import Line, Painted
from shorts_tui.widgets.wrapping import wrapped

_SIDEWAYS = 16
"""Cells that a key moves a long line by."""
_WHEEL = 3
"""Lines that a turn of the wheel moves by."""
_KEPT = 1000
"""Drawn lines that are kept."""

Place = tuple[int, int]
"""A row, and which of the lines that it is wrapped into."""


class LogView(Painted, can_focus=True):
    """Shows a log, follows it, searches it, leaves out what is not grave.

    A row is a line of the log that is shown; wrapped, it takes several lines of the screen. Text is text: what a
    terminal would obey, or a markup, is shown as it stands. With `brief`, times are short and there is no scrollbar.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "walk(-1)", "Up", show=False),
        Binding("down,j", "walk(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f,space", "page(1)", "Page down", show=False),
        Binding("home,g", "first", "First line", show=False),
        Binding("end,G", "last", "Last line", show=False),
        Binding("left", "sideways(-1)", "Left", show=False),
        Binding("right", "sideways(1)", "Right", show=False),
    ]

    @dataclass
    class Changed(Message):
        """What is told of the log is otherwise: how long it is, what is found."""

        view: "LogView"

        def can_replace(self, message: Message) -> bool:
            """What is told now counts."""
            return isinstance(message, LogView.Changed) and message.view is self.view

    class _Grown(Message):
        """The reader has news."""

        def __init__(self, reader: Reader) -> None:
            super().__init__()
            self.reader = reader

    def __init__(self, *, brief: bool = False, wrap: bool = False, empty: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.empty = empty
        """What is said while there is no line."""
        self.wrapping = wrap
        self.following = True
        self.at: int | None = None
        """The line of the log that the search is at."""
        self._brief = brief
        self._source: Source | None = None
        self._reader: Reader | None = None
        self._top: Place = (0, 0)
        self._left = 0
        self._seeking = False
        """Whether the next line that is found is to be gone to."""
        self._lines: dict[int, list[Strip]] = {}
        """Drawn lines by their number in the log."""
        self._screen: list[Strip] | None = None

    def show(self, source: Source | None) -> None:
        """Show another log, from its end; none if there is none."""
        if source is None and self._source is None:
            return
        self._let_go()
        self._top, self._left, self.at, self.following = (0, 0), 0, None, True
        self._source = source
        if source is not None:
            source.start()
            self._reader = Reader(source.path, self._ring)
            self._reader.start()
        self._draw_anew()

    def look_again(self) -> None:
        """The log may go on after an end."""
        if self._source is not None:
            self._source.look_again()

    def on_unmount(self) -> None:
        self._let_go()

    def _let_go(self) -> None:
        reader, source, self._reader, self._source = self._reader, self._source, None, None
        if reader is not None:
            reader.stop()
        if source is not None:
            source.stop()

    def _ring(self) -> None:
        """Called in the reader's thread."""
        if self._reader is not None:
            self.post_message(self._Grown(self._reader))

    def on_log_view__grown(self, message: "_Grown") -> None:
        message.stop()
        if message.reader is self._reader:
            self._lines.pop(self.length - 1, None)  # the last was perhaps not finished
            self._seek()
            self._draw_anew(lines=False)

    @property
    def length(self) -> int:
        """Lines of the log that were counted."""
        return self._reader.length if self._reader is not None else 0

    @property
    def rows(self) -> Sequence[int]:
        """The numbers of the lines that are shown."""
        return self._reader.rows if self._reader is not None else ()

    @property
    def facts(self) -> list[str]:
        """What is told of the log, part by part."""
        if self._reader is None:
            return []
        facts = self._reader.facts(self.at)
        return facts if self._reader.trouble else facts + ["wrapped"] * self.wrapping + ["following"] * self.following

    # What is asked of it ---------------------------------------------------------------------------------------------

    def action_walk(self, lines: int) -> None:
        self._go(self._moved(self._top, lines))

    def action_page(self, pages: int) -> None:
        self.action_walk(pages * max(1, self._room.height - 1))

    def action_first(self) -> None:
        self._go((0, 0))

    def action_last(self) -> None:
        self.follow(following=True)

    def action_sideways(self, steps: int) -> None:
        if not self.wrapping:
            self._left = max(0, self._left + steps * _SIDEWAYS)
            self._draw_anew()

    def follow(self, *, following: bool) -> None:
        """Stay at the end of the log, or where it is now."""
        self.following = following
        self._draw_anew(lines=False)

    def wrap(self, *, wrapping: bool) -> None:
        """Show long lines whole, or cut off."""
        self.wrapping, self._left = wrapping, 0
        self._top = (self._top[0], 0)
        self._draw_anew()

    def next_level(self) -> str:
        """Leave out more of what is not grave, or nothing again; what is shown now."""
        if self._reader is None:
            return ""
        level = LEVELS[(LEVELS.index(self._reader.level) + 1) % len(LEVELS)]
        self._reader.keep(level)
        self._top = (0, 0)
        self.following = True
        self._draw_anew()
        return level.name

    def search(self, needle: str) -> None:
        """Look for a text, and go to the next line with it as soon as it is found."""
        if self._reader is not None:
            self._reader.search(needle)
            self.at, self._seeking = None, bool(needle)
            self._draw_anew()

    @property
    def searching(self) -> bool:
        """Whether there is something that is looked for."""
        return self._reader is not None and self._reader.pattern is not None

    def jump(self, by: int) -> None:
        """Go to the next line that is found, or the one before; from the last to the first."""
        found = self._reader.found.found if self._reader is not None and self._reader.found is not None else ()
        if not found:
            return
        here = self.at if self.at is not None else self._line_at(self._top[0])
        at = bisect_right(found, here) if by > 0 else bisect_left(found, here) - 1
        self._stand_at(found[at % len(found)])

    def _seek(self) -> None:
        """Go to the first line that is found from here on, or to the last before if there will be none."""
        reader = self._reader
        if not self._seeking or reader is None or reader.found is None:
            return
        found = reader.found.found
        at = bisect_left(found, self._line_at(self._top[0]))
        if at < len(found):
            self._stand_at(found[at])
        elif reader.share() == 1:
            if found:
                self._stand_at(found[-1])
            self._seeking = False

    def _stand_at(self, line: int) -> None:
        """Mark a line, and see that it is seen."""
        self._seeking = False
        self.at = line
        self._lines.clear()
        row = bisect_left(self.rows, line)
        if not self._top[0] <= row < self._top[0] + self._room.height // (2 if self.wrapping else 1):
            self._go((max(0, row - self._room.height // 3), 0))
        else:
            self.following = False
            self._draw_anew()

    def _line_at(self, row: int) -> int:
        rows = self.rows
        return rows[row] if row < len(rows) else 0

    # Where it stands -------------------------------------------------------------------------------------------------

    def _go(self, place: Place) -> None:
        """Put a place on top; at the end it is followed."""
        bottom = self._bottom()
        self._top = min(max(place, (0, 0)), bottom)
        self.following = place >= bottom
        self._draw_anew(lines=False)

    def _moved(self, place: Place, lines: int) -> Place:
        """So many lines of the screen further down, or up."""
        row, part = place
        if not self.wrapping:
            return max(0, row + lines), 0
        part += lines
        while part < 0 and row > 0:
            row -= 1
            part += len(self._drawn(row))
        while row < len(self.rows) - 1 and part >= len(self._drawn(row)):
            part -= len(self._drawn(row))
            row += 1
        return row, max(0, part)

    def _bottom(self) -> Place:
        """What is on top when the end of the log is seen."""
        count, height = len(self.rows), self._room.height
        if not self.wrapping:
            return max(0, count - height), 0
        return self._moved((count, 0), -height) if count else (0, 0)

    @property
    def _room(self) -> Size:
        """Cells for text: what the scrollbar leaves."""
        return self.scrollable_content_region.size

    def _draw_anew(self, *, lines: bool = True) -> None:
        """Draw what is seen; with `lines`, each of them is other than it was."""
        if lines:
            self._lines.clear()
        bottom = self._bottom()
        if self.following or self._top > bottom:
            self._top = bottom
        self._screen = None
        self._settle(bottom)
        self.refresh()
        self.post_message(self.Changed(self))

    def _settle(self, bottom: Place) -> None:
        """Let the scrollbar show where it stands."""
        if self._brief:
            return
        size = Size(self._room.width, bottom[0] + self._room.height)
        if size != self.virtual_size:
            self.virtual_size = size
        self.scroll_target_y = self.scroll_y = self._top[0]

    def on_scroll_to(self, event: ScrollTo) -> None:
        """The scrollbar was drawn."""
        event.stop()
        event.prevent_default()
        if event.y is not None:
            self._go((round(event.y), 0))

    def on_scroll_up(self, event: ScrollUp) -> None:
        """The scrollbar was clicked above what it shows."""
        self._turned(event, -1)

    def on_scroll_down(self, event: ScrollDown) -> None:
        """The scrollbar was clicked below what it shows."""
        self._turned(event, 1)

    def _turned(self, event: Message, pages: int) -> None:
        event.stop()
        event.prevent_default()
        self.action_page(pages)

    def on_resize(self) -> None:
        self._draw_anew()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -_WHEEL)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        event.stop()
        event.prevent_default()
        self.action_walk(lines)

    # How it looks ----------------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Forget what was drawn in other colours."""
        super().notify_style_update()
        self._lines.clear()
        self._screen = None

    def render_line(self, y: int) -> Strip:
        if self._screen is None:
            self._screen = self._drawn_screen() or self._drawn_words()
        return self._screen[y] if y < len(self._screen) else self.paint([], self._room.width)

    def _said(self) -> str:
        reader = self._reader
        if reader is None or not reader.whole:
            return ""
        return self.empty if not self.length else f"There are no {reader.level.name}."

    def _drawn_words(self) -> list[Strip]:
        """What is said in place of lines."""
        width = self._room.width
        lines = wrapped([(self._said(), "table--muted")], max(1, width - 4))
        return [self.paint(line, width) for line in ([], *([("  ", ""), *line] for line in lines))]

    def _drawn_screen(self) -> list[Strip]:
        (row, part), screen = self._top, list[Strip]()
        while len(screen) < self._room.height and row < len(self.rows):
            screen += self._drawn(row)[part:]
            row, part = row + 1, 0
        return screen[: self._room.height]

    def _drawn(self, row: int) -> list[Strip]:
        """A row as lines of the screen."""
        rows = self.rows
        if row >= len(rows) or self._reader is None:
            return [Strip.blank(self._room.width)]
        number = rows[row]
        if number not in self._lines:
            if len(self._lines) >= _KEPT:
                self._lines.clear()
            found = "table--at" if number == self.at else "table--found"
            line = pieces(self._reader.line(number), self._reader.pattern, found, brief=self._brief)
            self._lines[number] = self._laid(line)
        return self._lines[number]

    def _laid(self, line: Line) -> list[Strip]:
        width = max(1, self._room.width)
        if not self.wrapping:
            return [self.paint(line, width, left=self._left)]
        return [self.paint(each, width) for each in wrapped(line, width)]

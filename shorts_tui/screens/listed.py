"""Pages of rows, which can be found, sorted and marked."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar, cast

from textual import on
from textual.timer import Timer
from textual.widget import Widget

from shorts_tui.commands.finding import Finder
from shorts_tui.listing import Listing
from shorts_tui.screens.page import Page
from shorts_tui.widgets.find_line import FindLine
from shorts_tui.widgets.table import Key, Table

R = TypeVar("R")

TICK_S = 1.0
"""How often ages are drawn anew, and rows put in their places that are sorted by what changes all the time."""

WARM, WARM_PAUSE_S = 250, 0.005
"""Rows at a time of which is found out what they are searched by, before anything is typed."""


class ListedPage(Page, Finder, Generic[R]):
    """A page with one table. It makes `listing` before anything is shown, and hands on rows by `relist`."""

    listing: Listing[R]
    nothing = ""
    """What is said where there are no rows at all."""
    finds = "words that rows have"
    """What can be typed to find some."""

    @abstractmethod
    def rows(self) -> Iterable[Widget]:
        """What stands below the line in which is typed, the table among it."""

    def content(self) -> Iterable[Widget]:
        yield FindLine(self.finds)
        yield from self.rows()

    @property
    def table(self) -> Table[R]:
        """Its table."""
        return cast("Table[R]", self.query_one(Table))

    @property
    def _line(self) -> FindLine:
        return self.query_one(FindLine)

    def on_mount(self) -> None:
        self._order()
        self._ticking: Timer = self.set_interval(TICK_S, self.tick)
        self.table.focus()

    def on_screen_suspend(self) -> None:
        self._ticking.pause()

    def on_screen_resume(self) -> None:
        self._ticking.resume()

    def tick(self) -> None:
        """A second has gone by."""
        if self.listing.settle():
            self._reshow()
        self.table.tick()

    def relist(self, rows: Mapping[Any, R], changed: Iterable[Key] | None) -> None:
        """Show rows of which these changed, came or went; None: any may have."""
        self.table.rows = rows
        if changed is None:
            self.call_after_refresh(self._warm)
        if self.listing.take(rows, changed):
            self._reshow()
        else:
            self.table.touch(self.table.keys if changed is None else changed)
            self._tell()

    def _reshow(self) -> None:
        self.table.show(self.listing.keys)
        self._tell()

    def _tell(self) -> None:
        """Say how much is found and marked."""
        found, marked = len(self.table.keys), len(self.table.marked)
        told = [f"{found:,} of {len(self.table.rows):,}"] if self.listing.filtering else []
        told += [f"{marked:,} marked"] if marked else []
        self._line.told = " · ".join(told)
        self.table.empty = "Nothing is like that. esc shows all." if self.listing.filtering else self.nothing

    @property
    def cleared(self) -> bool:
        return not (self.listing.typed or self.table.marked)

    def ask(self, text: str | None = None) -> None:
        self._warm()
        self._line.ask(text)

    def clear(self) -> None:
        if self.listing.typed:
            self._line.ask("")
        else:
            self.table.unmark()

    def _warm(self) -> None:
        if self.listing.warm(WARM):
            self.set_timer(WARM_PAUSE_S, self._warm)

    @on(FindLine.Typed)
    def _typed(self, event: FindLine.Typed) -> None:
        pointed = self.table.key
        self.listing.filter(event.text)
        self._reshow()
        if self.table.key != pointed:
            self.table.cursor = 0  # the row that was pointed at is none of them: the first is
        self.look_what_fits()

    @on(FindLine.Left)
    def _left(self) -> None:
        self.table.focus()

    def sort_by_next(self) -> None:
        columns = list(self.listing.columns)
        self._sort(columns[(columns.index(self.listing.by) + 1) % len(columns)], backwards=False)

    def reverse(self) -> None:
        self._sort(self.listing.by, backwards=not self.listing.backwards)

    @on(Table.Sorted)
    def _clicked(self, event: Table.Sorted) -> None:
        same = event.column == self.listing.by
        self._sort(event.column, backwards=not self.listing.backwards if same else False)

    def _sort(self, by: str, *, backwards: bool) -> None:
        self.listing.sort(by, backwards=backwards)
        self._order()
        self._reshow()

    def _order(self) -> None:
        """Show in the head what rows are sorted by."""
        self.table.sorted_by = (self.listing.by, self.listing.backwards)

    @on(Table.Moved)
    def _pointed(self) -> None:
        self._tell()
        self.look_what_fits()

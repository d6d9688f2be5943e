"""What can be done to a calendar."""

from abc import abstractmethod

from shorts_tui.commands.base import Command, Desk

_GROUP = "Calendar"


class Leafed:
    """A page with a calendar, as these commands ask of it."""

    @abstractmethod
    def leaf(self, weeks: int) -> None:
        """Go on by so many weeks; 0 goes to this one."""

    @abstractmethod
    def ask(self) -> None:
        """Let it be typed what to look for."""

    @abstractmethod
    def jump(self, by: int) -> None:
        """Point at the next slot that was found, or the one before."""

    @property
    @abstractmethod
    def searching(self) -> bool:
        """Whether something is looked for."""

    @abstractmethod
    def end_search(self) -> None:
        """Look for nothing any more."""


class _OfCalendar(Command):
    """One that is about the calendar of the page."""

    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return isinstance(desk.page, Leafed)

    async def run(self, desk: Desk) -> None:
        if isinstance(desk.page, Leafed):
            self.do(desk.page)

    @abstractmethod
    def do(self, page: Leafed) -> None:
        """Do it."""


class WeekBefore(_OfCalendar):
    """The week before."""

    title = "Week before"
    keys = "left_square_bracket"
    tip = "Look at the week before."

    def do(self, page: Leafed) -> None:
        page.leaf(-1)


class WeekAfter(_OfCalendar):
    """The next week."""

    title = "Next week"
    keys = "right_square_bracket"
    tip = "Look at the next week; the arrow keys go there, too, from the last slot."
    footer = "Next week"

    def do(self, page: Leafed) -> None:
        page.leaf(1)


class ThisWeek(_OfCalendar):
    """The week of today."""

    title = "This week"
    keys = "t"
    tip = "Look at the week of today."
    footer = "Today"

    def do(self, page: Leafed) -> None:
        page.leaf(0)


class Search(_OfCalendar):
    """Look for a short in the calendar."""

    title = "Search the calendar"
    keys = "slash"
    tip = "Look for words of a title, state:failed or b3 in all weeks; n and N go from one to the next."
    footer = "Search"

    def do(self, page: Leafed) -> None:
        page.ask()


class _Jump(_OfCalendar):
    """Go to another slot that was found."""

    by = 1

    def fits(self, desk: Desk) -> bool:
        return isinstance(desk.page, Leafed) and desk.page.searching

    def do(self, page: Leafed) -> None:
        page.jump(self.by)


class NextFound(_Jump):
    """Go to the next slot that was found."""

    title = "Next found"
    keys = "n"
    tip = "Point at the next short that was found; after the last one at the first."


class PreviousFound(_Jump):
    """Go to the slot before that was found."""

    title = "Previous found"
    keys = "N"
    tip = "Point at the short before that was found."
    by = -1


class EndSearch(_Jump):
    """Look for nothing any more."""

    title = "End the search"
    keys = "escape"
    tip = "Look for nothing any more."

    def do(self, page: Leafed) -> None:
        page.end_search()


ON_CALENDAR: tuple[type[Command], ...] = (
    WeekBefore, WeekAfter, ThisWeek, Search, NextFound, PreviousFound, EndSearch,
)  # fmt: skip
"""What a page with a calendar offers; before others that take the same keys."""

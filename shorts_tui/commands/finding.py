"""Finding rows: what pages offer that list something."""

from abc import abstractmethod

from shorts_tui.commands.base import Command, Desk

_GROUP = "Find"


class Finder:
    """A page on which can be found, sorted and marked: what these commands ask of it."""

    @property
    @abstractmethod
    def cleared(self) -> bool:
        """Whether everything is shown and nothing marked."""

    @abstractmethod
    def ask(self, text: str | None = None) -> None:
        """Let it be typed what is to be found, or find this."""

    @abstractmethod
    def clear(self) -> None:
        """Show everything again; if everything is, take the marks away."""

    @abstractmethod
    def sort_by_next(self) -> None:
        """Sort by the column after the one that is sorted by."""

    @abstractmethod
    def reverse(self) -> None:
        """Sort the other way round."""


class _OfFinder(Command):
    """One that is about a page of rows."""

    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return isinstance(desk.page, Finder)

    async def run(self, desk: Desk) -> None:
        if isinstance(desk.page, Finder):
            self.do(desk.page)

    @abstractmethod
    def do(self, page: Finder) -> None:
        """Do it."""


class Find(_OfFinder):
    """Type what is to be shown."""

    title = "Find"
    keys = "slash"
    tip = "Show only rows that have every word; state:failed, stage:render and b3 are terms for jobs."
    footer = "Find"

    def do(self, page: Finder) -> None:
        page.ask()


class Clear(_OfFinder):
    """Show all rows again."""

    title = "Show all"
    keys = "escape"
    tip = "Show all rows again; where all are shown, take the marks away."

    def fits(self, desk: Desk) -> bool:
        return isinstance(desk.page, Finder) and not desk.page.cleared

    def do(self, page: Finder) -> None:
        page.clear()


class Sort(_OfFinder):
    """Sort by the next column."""

    title = "Sort by the next column"
    keys = "o"
    tip = "Sort by the next column; a click on a column's head sorts by that one."

    def do(self, page: Finder) -> None:
        page.sort_by_next()


class Reverse(_OfFinder):
    """Sort the other way round."""

    title = "Sort the other way round"
    keys = "O"
    tip = "Turn the order of the rows round."

    def do(self, page: Finder) -> None:
        page.reverse()


FINDING: tuple[type[Command], ...] = (Find, Clear, Sort, Reverse)
"""What a page of rows offers, beside its own."""

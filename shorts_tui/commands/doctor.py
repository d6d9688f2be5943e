"""What can be asked of a page that looks at something once."""

from abc import abstractmethod

from shorts_tui.commands.base import Command, Desk


class Looks:
    """A page that looks at something when it is opened, and again when it is asked to."""

    @abstractmethod
    def look_anew(self) -> None:
        """Look again."""


class LookAgain(Command):
    """Look again."""

    title = "Look again"
    keys = "r"
    tip = "Ask the daemon to look at everything again."
    footer = "Look again"
    group = "Doctor"

    def fits(self, desk: Desk) -> bool:
        return isinstance(desk.page, Looks)

    async def run(self, desk: Desk) -> None:
        if isinstance(desk.page, Looks):
            desk.page.look_anew()

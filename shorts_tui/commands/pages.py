"""Ways to the pages: a command for each, under its number."""

from typing import ClassVar

from shorts_tui.commands.base import Command, Desk


class _Go(Command):
    """Look at another page."""

    group = "Pages"
    page: ClassVar[str]

    async def run(self, desk: Desk) -> None:
        await desk.host.go(self.page)


class Back(Command):
    """Leave what was opened over a page."""

    title = "Back"
    keys = "escape,q"
    tip = "Back to what was looked at before."
    footer = "Back"
    group = "Pages"

    async def run(self, desk: Desk) -> None:
        await desk.host.back()


class GoJobs(_Go):
    """The jobs."""

    title = "Jobs"
    keys = "1"
    tip = "All jobs, live."
    page = "jobs"

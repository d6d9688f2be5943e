"""Ways from what a page shows to the jobs it is about."""

from typing import Protocol, runtime_checkable

from shorts_tui.commands.base import Command, Desk
from shorts_tui.commands.finding import Finder

_GROUP = "Views"


@runtime_checkable
class OfJobs(Protocol):
    """A page whose rows stand for several jobs."""

    @property
    def term(self) -> str:
        """What finds the jobs of the row that is pointed at, "b3"; empty if there is no row."""


class ShowJobs(Command):
    """Look at the jobs of a row."""

    title = "Its jobs"
    keys = "enter"
    tip = "Show the jobs of the batch, and only these."
    footer = "Its jobs"
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return isinstance(desk.page, OfJobs) and bool(desk.page.term)

    async def run(self, desk: Desk) -> None:
        term = desk.page.term if isinstance(desk.page, OfJobs) else ""
        await desk.host.go("jobs")
        page = desk.host.shell.screen
        if isinstance(page, Finder):
            page.ask(term)


class ShowJob(Command):
    """Look at a job among the others."""

    title = "Among the jobs"
    keys = "J"
    tip = "Show the job in the list of all jobs."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return len(desk.jobs) == 1 and desk.jobs[0].id in desk.host.known.jobs

    async def run(self, desk: Desk) -> None:
        await desk.host.point(desk.jobs[0].id)

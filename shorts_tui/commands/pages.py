"""Ways to the pages: a command for each, under its number."""

from shorts_tui.commands.base import Command, Desk


class _Go(Command):
    """Look at another page."""

    group = "Pages"

    async def run(self, desk: Desk) -> None:
        await desk.host.go(self.title.lower())


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


class GoBatches(_Go):
    """The batches."""

    title = "Batches"
    keys = "2"
    tip = "Jobs that were asked for together, such as a week."


class GoSchedule(_Go):
    """The calendar."""

    title = "Schedule"
    keys = "3"
    tip = "Which short is to be seen when, week by week."


class GoHistory(_Go):
    """What was published."""

    title = "History"
    keys = "4"
    tip = "What was published, and where it is seen."


class GoProcesses(_Go):
    """The daemon's processes."""

    title = "Processes"
    keys = "5"
    tip = "The daemon's processes by job and stage, with processor and memory."


class GoDoctor(_Go):
    """What is missing."""

    title = "Doctor"
    keys = "6"
    tip = "Whether everything that a short needs is there, and what to do if not."


GOING: tuple[type[_Go], ...] = (GoJobs, GoBatches, GoSchedule, GoHistory, GoProcesses, GoDoctor)
"""The ways to all pages, by their numbers."""

PAGES = tuple(each.title for each in GOING)
"""What the pages are called."""

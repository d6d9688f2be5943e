"""Ways to see more of a job."""

from dataclasses import replace

from shorts_tui.commands.base import Command, Desk, JobCommand
from shortsd.domain.job import State

_GROUP = "Views"


class Inspect(JobCommand):
    """Look at all there is of a job."""

    title = "All of a job"
    keys = "enter"
    tip = "All there is of the job: stages, checks, files, history, what was asked for."
    footer = "Details"
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        from shorts_tui.screens.job import JobPage  # noqa: PLC0415 - which offers the commands below

        await desk.host.look(JobPage(desk.jobs[0].id))


class Storyboard(JobCommand):
    """Look at the frames of a short."""

    title = "Storyboard"
    keys = "b"
    tip = "See the short as a sheet of frames, as soon as its pictures are there."
    footer = "Storyboard"
    group = _GROUP
    states = frozenset(State) - {State.SCHEDULED}

    def fits(self, desk: Desk) -> bool:
        return super().fits(desk) and desk.host.options.images and desk.host.known.connected

    async def run(self, desk: Desk) -> None:
        from shorts_tui.screens.storyboard import StoryboardPage  # noqa: PLC0415 - as above

        await desk.host.look(StoryboardPage(desk.jobs[0].id))


class Pictures(Command):
    """Show pictures, or none."""

    title = "Pictures on or off"
    keys = "i"
    tip = "Show thumbnails and frames in the terminal, or none of them."
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        host = desk.host
        host.options = replace(host.options, images=not host.options.images)
        host.tell("Pictures are shown." if host.options.images else "No pictures are shown.")
        desk.page.look_again()

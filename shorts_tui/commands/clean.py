"""Frees the disk space that ended jobs take."""

from shorts_tui.commands.base import Command, Desk, JobCommand, named
from shorts_tui.screens.clean import Clean
from shortsd.client.text import size
from shortsd.domain.job import ENDED, State
from shortsd.wire.models import Cleaned

_GROUP = "Jobs"


class CleanThese(JobCommand):
    """Free what these jobs take."""

    title = "Clean"
    keys = "x"
    tip = "Free the disk space of jobs that have ended: says first how much that is."
    states = ENDED

    async def run(self, desk: Desk) -> None:
        numbers = [job.id for job in self.fitting(desk).jobs]
        select = ",".join(map(str, numbers))
        would = await desk.ask(lambda client: client.clean(select, outputs=True, dry_run=True))
        names = named(numbers).lower()
        what = await _asked(desk, names, would)
        if what == "outputs" and not await desk.host.confirm(
            f"The finished shorts of {names} go for good, {size(would.output_bytes)}.", "Take them away"
        ):
            return
        if what is not None:
            cleaned = await desk.ask(lambda client: client.clean(select, outputs=what == "outputs"))
            _tell(desk, cleaned)


class CleanAll(Command):
    """Free what finished jobs no longer need."""

    title = "Clean all finished"
    keys = "X"
    tip = "Free the working files of all jobs that have succeeded; their finished shorts stay."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return desk.host.known.counts[State.SUCCEEDED] > 0

    async def run(self, desk: Desk) -> None:
        would = await desk.ask(lambda client: client.clean(dry_run=True))
        if await _asked(desk, "all finished jobs", would) is not None:
            _tell(desk, await desk.ask(lambda client: client.clean()))


async def _asked(desk: Desk, names: str, would: Cleaned) -> str | None:
    """What is to go, if there is something."""
    if would.freed_bytes:
        return await desk.host.put(Clean(names, would))
    desk.host.tell(f"There is nothing to be freed of {names}.")
    return None


def _tell(desk: Desk, cleaned: Cleaned) -> None:
    desk.host.tell(f"{size(cleaned.freed_bytes)} freed.")
    for file in cleaned.left:
        desk.host.tell(f"{file} was left: nothing beside it says that it is that job's.")
    for file in cleaned.yours:
        desk.host.tell(f"{file} stays: it is yours, edited or in a folder of your choice.")

"""What jobs have made, taken elsewhere: opened, copied."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

from shorts_tui.commands.base import Desk, JobCommand
from shorts_tui.model import Job
from shorts_tui.outside import has_display, opened
from shorts_tui.screens.choose import Choice, Choose
from shortsd.domain.errors import NotFound

_GROUP = "Outputs"


class Open(JobCommand):
    """Open the video, or the page where it is seen."""

    title = "Watch the short"
    keys = "w"
    tip = "Open the video in its player, or its page if there is no file; without a display its place is copied."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return any(job.video or job.link for job in desk.jobs)

    async def run(self, desk: Desk) -> None:
        job = next(job for job in desk.jobs if job.video or job.link)
        if job.video and not await asyncio.to_thread(Path(job.video).exists):
            raise NotFound(f"{job.video} is not there any more.", "Retry the job, or look where it was moved to.")
        await show(desk, job.video or job.link)


class OpenLink(JobCommand):
    """Open the page where a short is seen."""

    title = "Look at its page in the browser"
    keys = "u"
    tip = "Open the page where the short was uploaded to."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return any(job.link for job in desk.jobs)

    async def run(self, desk: Desk) -> None:
        await show(desk, next(job.link for job in desk.jobs if job.link))


async def show(desk: Desk, what: str) -> None:
    """Open a file or a page; where that cannot be, copy its place and say so."""
    if await asyncio.to_thread(opened, what):
        desk.host.tell(f"Opened {what}")
        return
    why = "Nothing here opens it" if has_display() else "There is no display here"
    desk.host.shell.copy_to_clipboard(what)
    desk.host.tell(f"{why}; its place is copied: {what}")


class _Copy(JobCommand):
    """Copy something of jobs, with the terminal's help (OSC 52)."""

    group = _GROUP
    letter = ""
    """What chooses it in the menu."""

    @abstractmethod
    def what(self, job: Job) -> str:
        """What there is to be copied of a job; empty if there is nothing."""

    def text(self, jobs: Sequence[Job]) -> str:
        """What is copied of several."""
        return "\n".join(filter(None, map(self.what, jobs)))

    def fits(self, desk: Desk) -> bool:
        return bool(self.text(desk.jobs))

    async def run(self, desk: Desk) -> None:
        text = self.text(desk.jobs)
        desk.host.shell.copy_to_clipboard(text)
        desk.host.tell(f"Copied: {text}")


class CopyPath(_Copy):
    """Copy where the video lies."""

    title = "Copy the path"
    tip = "Copy the path of the video."
    letter = "p"

    def what(self, job: Job) -> str:
        return job.video


class CopyId(_Copy):
    """Copy the number."""

    title = "Copy the number"
    tip = "Copy the number of the job, as shortsctl takes it."
    letter = "n"

    def what(self, job: Job) -> str:
        return str(job.id)

    def text(self, jobs: Sequence[Job]) -> str:
        return " ".join(map(self.what, jobs))


class CopyLink(_Copy):
    """Copy the address of the page."""

    title = "Copy the link"
    tip = "Copy the address where the short is seen."
    letter = "l"

    def what(self, job: Job) -> str:
        return job.link


class CopyError(_Copy):
    """Copy what went wrong."""

    title = "Copy the error"
    tip = "Copy why the job failed, and what helps."
    letter = "e"

    def what(self, job: Job) -> str:
        return f"{job.error.message} {job.error.hint}".strip() if job.error else ""


COPIES: tuple[type[_Copy], ...] = (CopyPath, CopyLink, CopyError, CopyId)


class Copy(JobCommand):
    """Copy one of the things that there are of a job."""

    title = "Copy"
    keys = "c"
    tip = "Copy the path, the link, the error or the number: choose which."
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        copies = {copy.name(): copy() for copy in COPIES}
        choices = [
            Choice(name, copy.title.removeprefix("Copy ").capitalize(), _first(copy.text(desk.jobs)), copy.letter)
            for name, copy in copies.items()
            if copy.fits(desk)
        ]
        chosen = await desk.host.put(Choose("Copy", choices))
        if chosen is not None:
            await copies[chosen].run(desk)


def _first(text: str) -> str:
    return text.partition("\n")[0]

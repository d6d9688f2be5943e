"""Ways to logs, and what can be done to one that is looked at."""

from abc import abstractmethod
from typing import Protocol, runtime_checkable

from shorts_tui.commands.base import Command, Desk, JobCommand
from shorts_tui.widgets.log_view import LogView

_GROUP = "Logs"


class Log(JobCommand):
    """Read a job's log."""

    title = "Log"
    keys = "l"
    tip = "Read the whole log of the job: search it, follow it."
    footer = "Log"
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        from shorts_tui.screens.log import JobLogPage  # noqa: PLC0415 - which offers the commands below

        await desk.host.look(JobLogPage(desk.jobs[0].id))


class DaemonLog(Command):
    """Read the daemon's log."""

    title = "The daemon's log"
    keys = "L"
    tip = "Read the log of the daemon itself."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return desk.host.places is not None

    async def run(self, desk: Desk) -> None:
        from shorts_tui.screens.log import DaemonLogPage  # noqa: PLC0415 - as above

        if desk.host.places is not None:
            await desk.host.look(DaemonLogPage(desk.host.places.daemon_log))


@runtime_checkable
class Reads(Protocol):
    """A page on which a log is read."""

    log_view: LogView

    def ask_for_text(self) -> None:
        """Let somebody type what to search for."""


class _LogCommand(Command):
    """Something that is done to the log of the page."""

    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return isinstance(desk.page, Reads)

    async def run(self, desk: Desk) -> None:
        if isinstance(desk.page, Reads):
            self.do(desk.page.log_view, desk)

    @abstractmethod
    def do(self, log: LogView, desk: Desk) -> None:
        """Do it."""


class Search(_LogCommand):
    """Search a log."""

    title = "Search"
    keys = "slash"
    tip = "Look for a text in the log; capitals count if you type some."
    footer = "Search"

    def do(self, log: LogView, desk: Desk) -> None:
        del log
        if isinstance(desk.page, Reads):
            desk.page.ask_for_text()


class _Jump(_LogCommand):
    """Go to another line that was found."""

    by = 1

    def do(self, log: LogView, desk: Desk) -> None:
        if log.searching:
            log.jump(self.by)
        elif isinstance(desk.page, Reads):
            desk.page.ask_for_text()


class Next(_Jump):
    """Go to the next line that was found."""

    title = "Next found line"
    keys = "n"
    tip = "Go to the next line with the text; after the last one to the first."


class Previous(_Jump):
    """Go to the line before that was found."""

    title = "Previous found line"
    keys = "N"
    tip = "Go to the line before with the text; before the first one to the last."
    by = -1


class Levels(_LogCommand):
    """Leave out what is not grave."""

    title = "Warnings, errors or all"
    keys = "e"
    tip = "Show only lines with warnings and errors, then only errors, then all again."
    footer = "Level"

    def do(self, log: LogView, desk: Desk) -> None:
        del desk
        log.next_level()


class Follow(_LogCommand):
    """Stay at the end of a log, or where it is."""

    title = "Follow"
    keys = "f"
    tip = "Stay at the end of the log as it grows; again to stay where it is."
    footer = "Follow"

    def do(self, log: LogView, desk: Desk) -> None:
        del desk
        log.follow(following=not log.following)


class Wrap(_LogCommand):
    """Show long lines whole or cut off."""

    title = "Wrap"
    keys = "w"
    tip = "Show long lines whole; again to cut them off, and to move them by the arrow keys."
    footer = "Wrap"

    def do(self, log: LogView, desk: Desk) -> None:
        del desk
        log.wrap(wrapping=not log.wrapping)


ON_LOG: tuple[type[Command], ...] = (Search, Next, Previous, Levels, Follow, Wrap)
"""What a page with a log offers."""

"""What can be asked for on every page."""

from shorts_tui.commands.base import Command, Desk
from shortsd.client.ensure import ensure
from shortsd.domain.errors import NoDaemon

_GROUP = "Everywhere"


class Pause(Command):
    """Start no more jobs."""

    title = "Pause the queue"
    keys = "p"
    tip = "Start no more jobs; those that run go on. It outlives the daemon."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return not desk.host.known.paused

    async def run(self, desk: Desk) -> None:
        await desk.ask(lambda client: client.pause())


class Resume(Command):
    """Start jobs again."""

    title = "Resume the queue"
    keys = "P"
    tip = "Start jobs again."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return desk.host.known.paused

    async def run(self, desk: Desk) -> None:
        await desk.ask(lambda client: client.resume())


class StartDaemon(Command):
    """Start a daemon, or call the one that is away at once."""

    title = "Start the daemon"
    keys = "S"
    tip = "Start a daemon if none answers; it goes on when this is left."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return not desk.host.known.connected

    async def run(self, desk: Desk) -> None:
        gone = desk.host.known.away
        if isinstance(gone, NoDaemon):
            desk.host.tell("Starting a daemon…")
            await desk.ask(lambda client: ensure(client, gone, lambda: None))
        desk.host.call_now()


class Help(Command):
    """Show the keys."""

    title = "Help"
    keys = "question_mark"
    tip = "Show what can be done here, and by which keys; also over a question."
    footer = "Help"
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        await desk.host.shell.run_action("app.help")


class ChooseTheme(Command):
    """Choose how it looks."""

    title = "Theme"
    tip = "Choose among light and dark themes and one of high contrast; it is remembered."
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        desk.host.shell.search_themes()


class Suspend(Command):
    """Go back to the shell for a while."""

    title = "Suspend"
    keys = "ctrl+z"
    tip = "Back to the shell for a while: fg there shows this again."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return not (desk.host.shell.is_web or desk.host.shell.is_headless)

    async def run(self, desk: Desk) -> None:
        desk.host.shell.action_suspend_process()


class Quit(Command):
    """Leave. Where something was opened over a page, `q` leaves that."""

    title = "Quit"
    keys = "q,ctrl+q"
    tip = "Leave; the daemon and its jobs go on."
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        desk.host.shell.exit()

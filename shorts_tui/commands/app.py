"""What can be asked for on every page."""

from shorts_tui.commands.base import Command, Desk

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


class Quit(Command):
    """Leave."""

    title = "Quit"
    keys = "ctrl+q"
    tip = "Leave; the daemon and its jobs go on."
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        desk.host.shell.exit()

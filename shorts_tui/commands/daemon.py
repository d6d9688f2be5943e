"""What the daemon itself is asked for."""

from shorts_tui.commands.base import Command, Desk
from shorts_tui.screens.backup import Backup
from shorts_tui.screens.choose import Choice, Choose
from shorts_tui.screens.sign_in import SignIn
from shortsd.domain.job import State

_GROUP = "Daemon"


class SignInToYouTube(Command):
    """Sign in to the channel."""

    title = "Sign in to YouTube"
    tip = "Let the daemon upload to your channel: a page at Google is shown, and waited for."
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        begun = await desk.ask(lambda client: client.auth())
        if await desk.host.put(SignIn(desk, begun)):
            desk.host.tell("Signed in to YouTube.")


class BackUp(Command):
    """Copy the job database."""

    title = "Back up to a file"
    tip = "Copy the job database into a file while the daemon goes on."
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        told = await desk.host.put(Backup(desk))
        if told is not None:
            desk.host.tell(told)


class ShutDown(Command):
    """End the daemon."""

    title = "Shut the daemon down"
    tip = "End the daemon: now, or when the jobs that run have ended."
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        running = desk.host.known.counts[State.RUNNING]
        how = await desk.host.put(Choose("Shut the daemon down?", _ways(running)))
        if how not in ("now", "drain"):
            return
        await desk.ask(lambda client: client.shutdown(drain=how == "drain"))
        desk.host.tell("The daemon ends." if how == "now" else "The daemon ends when the jobs that run have ended.")


def _ways(running: int) -> list[Choice]:
    goes_on = f"{running} running {'goes' if running == 1 else 'go'} back to the queue" if running else "nothing runs"
    return [
        Choice("no", "Leave it running", key="n"),
        Choice("now", "Now", goes_on, key="x"),
        Choice("drain", "When the running jobs have ended", "no new ones are taken meanwhile", key="d"),
    ]

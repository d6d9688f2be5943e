"""What the daemon itself is asked for."""

from shorts_tui.commands.base import Command, Desk
from shorts_tui.screens.backup import Backup
from shorts_tui.screens.choose import Choice, Choose
from shorts_tui.screens.sign_in import SignIn
from shortsd.domain.job import State

_GROUP = "Daemon"

_WAYS = (
    Choice("no", "Leave it running", key="n"),
    Choice("now", "At once", "what runs goes back to the queue", key="x"),
    Choice("drain", "When what runs has ended", "nothing else is started", key="d"),
)


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
        works = f"{running or 'no'} {'job runs' if running == 1 else 'jobs run'}"
        how = await desk.host.put(Choose(f"Shut the daemon down? Now {works}.", _WAYS))
        if how not in ("now", "drain"):
            return
        await desk.ask(lambda client: client.shutdown(drain=how == "drain"))
        desk.host.tell("The daemon ends." if how == "now" else "The daemon ends when the jobs that run have ended.")

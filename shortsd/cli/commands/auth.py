"""`shortsctl auth`: signs in to the channel that shorts are uploaded to."""

import argparse
import os
import sys

from shortsd.cli import daemon, output
from shortsd.client.client import Client
from shortsd.client.text import shown
from shortsd.domain.errors import Unavailable
from shortsd.wire.errors import error
from shortsd.wire.models import SignInView

EXAMPLES = """
shortsctl auth youtube
shortsctl auth youtube --no-browser      prints the page's address only
shortsctl auth youtube --status
shortsctl auth youtube --sign-out
"""

_WAIT_S = 10.0
"""How long the daemon waits with each answer, in seconds."""

_SAID = {"signed_in": "signed in", "signed_out": "not signed in", "waiting": "waiting for a browser"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where, and what."""
    parser.description = (
        "Sign in to your YouTube channel: a page at Google opens in your browser, on the machine that the daemon runs "
        "on. docs/youtube.md tells what has to be made at Google before."
    )
    parser.add_argument("channel", choices=["youtube"], help="the service")
    parser.add_argument("--no-browser", action="store_true", help="open none; print the page's address only")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--status", action="store_true", help="tell whether somebody is signed in")
    what.add_argument("--sign-out", action="store_true", help="forget the sign-in, and have Google forget it")
    parser.add_argument("--json", action="store_true", help="print JSON; with --status")


def run(args: argparse.Namespace) -> int:
    """Sign in, or what else was asked for."""
    if args.status:
        _tell(daemon.client().auth_state(), json=args.json)
    elif args.sign_out:
        _tell(daemon.client().auth_end(), json=False)
    else:
        _sign_in(daemon.client(), browser=not args.no_browser)
    return 0


def _tell(view: SignInView, *, json: bool) -> None:
    if json:
        output.json(view)
        return
    output.result(_SAID.get(view.state, shown(view.state)))
    if view.error is not None:
        output.say(f"the last try failed: {shown(view.error.message)}")


def _sign_in(client: Client, *, browser: bool) -> None:
    """Open the page, and wait. Raises what the daemon was told."""
    daemon.insist(lambda asked: asked.live(), output.say)
    view = client.auth()
    output.result(view.url)
    output.flush()
    opened = browser and _can_show() and _open(view.url)
    output.say(f"{'say yes in your browser' if opened else 'open this page in a browser on this machine'}; waiting.")
    while view.state == "waiting":
        view = client.auth_state(_WAIT_S)
    if view.error is not None:
        raise error(view.error)
    if view.state != "signed_in":
        raise Unavailable("Nobody has signed in: the daemon waits for a browser no more.", "Begin anew.")
    output.say("signed in.")


def _can_show() -> bool:
    """Whether there is a screen. Without one, a browser of the terminal would take this terminal."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(url: str) -> bool:
    import webbrowser  # noqa: PLC0415 - only for who signs in

    return webbrowser.open(url)

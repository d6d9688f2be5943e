"""`shortsctl service`: has systemd run the daemon."""

import argparse
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from shortsd.cli import output
from shortsd.client.client import Client
from shortsd.client.text import shown
from shortsd.client.transport import Transport
from shortsd.config.places import SYSTEM_SOCKET, Places
from shortsd.domain.errors import NoDaemon, Unavailable, WrongState
from shortsd.systemd import here
from shortsd.systemd.installer import SOCKET, SYSTEM_FOLDER, Installer, Status, files, user_folder
from shortsd.systemd.systemctl import Systemctl
from shortsd.wire.errors import TABLE

EXAMPLES = """
sudo shortsctl service install      a daemon of the system, as a user of its own
shortsctl service install --user    a daemon of yours, with the files that you have
shortsctl service status --user
shortsctl service remove --user
"""

_STATE = "/var/lib/shortsd, /var/cache/shortsd and /etc/shortsd"
_NONE = TABLE[NoDaemon.code].exit
_FAILED = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and whose daemon it is."""
    parser.description = (
        "Have systemd run the daemon: it starts when it is first asked for, and after each boot or login, and comes "
        "back if it dies. `status` exits with 3 if no such daemon can be had, with 1 if it has failed."
    )
    parser.add_argument("what", choices=["install", "remove", "status"], metavar="WHAT", help="install, remove, status")
    parser.add_argument("--user", action="store_true", help="a daemon of yours instead of the system's; needs no root")
    parser.add_argument("--no-start", action="store_true", help="install: leave it for the next boot or login")
    parser.add_argument("--json", action="store_true", help="status: print JSON")


def run(args: argparse.Namespace) -> int:
    """Do it."""
    systemctl = Systemctl(args.user)
    installer = Installer(user_folder() if args.user else SYSTEM_FOLDER, systemctl)
    if args.what == "status":
        return _status(installer.status(), as_json=args.json)
    if not args.user and os.geteuid() != 0:
        raise Unavailable(
            "Only root may change the units of the system.", "`sudo …` does; `--user` is for a daemon of your own."
        )
    systemctl.answers()
    if args.what == "remove":
        return _remove(installer, user=args.user)
    return _install(installer, user=args.user, start=not args.no_start)


def _install(installer: Installer, *, user: bool, start: bool) -> int:
    found = here.installation()
    places = Places.find()
    if user:
        _check_unanswered(installer, places.socket)
        wanted = files(user=True, service_lines=here.user_lines(found), socket_lines=_listen(places.socket, os.environ))
    else:
        wanted = files(user=False, service_lines=here.system_lines(found), socket_lines=[])
    for file in installer.install(wanted, start=start):
        output.result(str(file))
    output.say(
        "in place; it starts when it is first asked for." if start else "in place from the next boot or login on."
    )
    output.hint(_advice(user=user))
    return 0


def _advice(*, user: bool) -> str:
    if user:
        return (
            "`loginctl enable-linger` lets it run while you are not logged in.\n"
            "`journalctl --user -u shortsd` tells more."
        )
    return (
        'Root asks it for work: `sudo shortsctl make "the last train"`. Configuration: /etc/shortsd/config.toml.\n'
        "`journalctl -u shortsd` tells more."
    )


def _remove(installer: Installer, *, user: bool) -> int:
    for file in installer.remove():
        output.result(str(file))
    places = Places.find()
    rest = f"{places.state} and {places.output}" if user else _STATE
    output.say(f"taken away. Jobs and shorts are where they were: {rest}.")
    return 0


def _check_unanswered(installer: Installer, socket: Path) -> None:
    """Raise WrongState if a daemon that is no service answers where systemd is to listen: it would go unheard."""
    if installer.manager.show(SOCKET, ["ActiveState"]).get("ActiveState") == "active":
        return
    try:
        pid = Client(Transport(socket)).live().pid
    except NoDaemon:
        return
    raise WrongState(
        f"A daemon (process {pid}) answers on {socket} already.", "`shortsctl shutdown` first; jobs go on."
    )


def _listen(socket: Path, environ: Mapping[str, str]) -> list[str]:
    """The drop-in of the socket where it is not the one of the unit: a home or a socket was named."""
    usual = Path(environ.get("XDG_RUNTIME_DIR", "")) / "shortsd" / "shortsd.sock"
    return [] if socket == usual else ["ListenStream=", f"ListenStream={here.word(socket)}"]


def _status(status: Status, *, as_json: bool) -> int:
    if as_json:
        output.json(status)
    else:
        for line in _told(status):
            output.result(shown(line))
    if status.service == "failed":
        return _FAILED
    return 0 if status.listening or status.service == "active" else _NONE


def _told(status: Status) -> Iterator[str]:
    if not status.installed:
        yield "not installed: `shortsctl service install` puts it in place."
        return
    yield f"socket    {'listens on' if status.listening else 'is closed:'} {status.socket or SYSTEM_SOCKET}"
    yield f"at boot   {'starts by itself' if status.enabled else 'does not start by itself'}"
    process = f", process {status.pid}" if status.pid else ""
    restarts = f", restarts by systemd: {status.restarts}" if status.restarts else ""
    sleeps = "sleeps until it is asked" if status.listening else "does not run"
    yield f"daemon    {_WORDS.get(status.service, sleeps)}{process}{restarts}"
    if status.service == "failed":
        yield f"why       {status.result}; `shortsctl doctor` tells more"
    if status.doing and status.pid:  # systemd keeps the last words of one that is gone
        yield f"doing     {status.doing}"
    if status.exposure is not None:
        yield f"sandbox   exposure {status.exposure} of 10 (systemd-analyze security)"


_WORDS = {"active": "runs", "failed": "has failed", "activating": "is starting", "deactivating": "is ending"}

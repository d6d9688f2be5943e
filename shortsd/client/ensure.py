"""Sees that a daemon answers: starts one of this user's, unless somebody else is to."""

from collections.abc import Callable
from pathlib import Path

from shortsd.client import autostart, behind
from shortsd.client.client import Client
from shortsd.config.places import Places, socket_to_ask
from shortsd.domain.errors import NoDaemon


def ensure(asked: Client, gone: NoDaemon, told: Callable[[], None]) -> None:
    """Start a daemon if none answers by now, after `told` was called; `gone` is why one is looked for.

    Raises NoDaemon if none may be started, or it does not come up.
    """
    places = Places.find()
    try:
        asked.live()
    except NoDaemon:
        check_free(places.socket, gone)
        told()
        autostart.start(asked, places)


def check_free(own: Path, gone: NoDaemon) -> None:
    """Raise NoDaemon if no daemon of ours may be started: one of systemd's is to answer, or the socket is not ours."""
    if socket_to_ask() != own:
        why = f"The daemon of the system does not answer on {socket_to_ask()}."
        raise NoDaemon(why, "`systemctl status shortsd` tells more.") from gone
    if not autostart.own(own):
        whose = f"The socket {own} is not in a folder of yours, so no daemon was started for it."
        raise NoDaemon(whose, "Set SHORTSD_HOME to a folder of your own.") from gone
    if (service := behind.service(own)) is not None:
        raise NoDaemon(f"{service.told()}.", service.remedy()) from gone

"""The daemon that this user's commands speak to."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from shortsd.client.client import Client
from shortsd.client.transport import Transport
from shortsd.config.places import Places, socket_to_ask
from shortsd.domain.errors import NoDaemon

T = TypeVar("T")

_TRIES = 3


def client() -> Client:
    """A client for this user's socket, or for the system's if only that is there; nothing is connected yet."""
    return Client(Transport(socket_to_ask()))


def insist(ask: Callable[[Client], T], told: Callable[[str], None]) -> T:
    """What `ask` is answered; a daemon is started if none answers on a socket of this user's own.

    `ask` may be called again after a daemon went away over it, so it has to be harmless twice.
    """
    asked = client()
    for _ in range(_TRIES - 1):
        try:
            return ask(asked)
        except NoDaemon as gone:
            _ensure(asked, gone, told)
    return ask(asked)


def _ensure(asked: Client, gone: NoDaemon, told: Callable[[str], None]) -> None:
    from shortsd.client import autostart  # noqa: PLC0415 - subprocess costs 10 ms, and mostly a daemon runs

    places = Places.find()
    try:
        asked.live()
    except NoDaemon:
        _check_free(places.socket, gone)
        told("no daemon answers yet; starting one.")
        autostart.start(asked, places)


def _check_free(own: Path, gone: NoDaemon) -> None:
    """Raise NoDaemon if no daemon of ours may be started: one of systemd's is to answer, or the socket is not ours."""
    from shortsd.cli import behind  # noqa: PLC0415 - as above
    from shortsd.client import autostart  # noqa: PLC0415 - as above

    if socket_to_ask() != own:
        why = f"The daemon of the system does not answer on {socket_to_ask()}."
        raise NoDaemon(why, "`systemctl status shortsd` tells more.") from gone
    if not autostart.own(own):
        whose = f"The socket {own} is not in a folder of yours, so no daemon was started for it."
        raise NoDaemon(whose, "Set SHORTSD_HOME to a folder of your own.") from gone
    if (service := behind.service(own)) is not None:
        raise NoDaemon(f"{service.told()}.", service.remedy()) from gone

"""The daemon that this user's commands speak to."""

from collections.abc import Callable
from typing import TypeVar

from shortsd.client.client import Client
from shortsd.client.transport import Transport
from shortsd.config.places import socket_to_ask
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
    from shortsd.client.ensure import ensure  # noqa: PLC0415 - subprocess costs 10 ms, and mostly a daemon runs

    ensure(asked, gone, lambda: told("no daemon answers yet; starting one."))

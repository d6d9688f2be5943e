"""Keeps a process from connecting to this machine and the network around it, whoever in it tries.

What loads videos speaks with whomever a site names, in many ways of its own. Before any socket of Python's is
connected, Python tells its audit hooks of it (PEP 578), with the very address: who answers for a name cannot give
another one once we have looked. Other programs, whose sockets nobody tells of, are not started.
"""

import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from urllib.parse import urlsplit

from shortsd.providers.web.public import is_public

_CONNECTING = ("socket.connect", "socket.sendto")
_STARTING = "subprocess.Popen"
_PROGRAMS = frozenset(("deno", "node", "bun", "qjs"))
"""That yt-dlp has scripts of a site run by, without a network."""


class Refused(PermissionError):
    """An address that is not to be asked."""


class Fence:
    """Stands for the rest of the process. Hosts of `trusted` (`host` or `host:port`) are let through."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted = {where for name in trusted for where in _places(name)}
        self.refused: list[str] = []
        """What was tried in vain, oldest first."""

    def put_up(self) -> None:
        """From now on; it cannot be taken down."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if event == _STARTING and PurePath(str(args[0])).name not in _PROGRAMS:
            raise Refused(f"{args[0]} is not started from here")
        if event in _CONNECTING and not self._lets(args[1]):
            self.refused.append(str(args[1][0] if isinstance(args[1], tuple) else args[1]))
            raise Refused(f"{self.refused[-1]} is no address of the internet at large")

    def _lets(self, where: object) -> bool:
        if not isinstance(where, tuple):
            return False  # a socket of this machine
        host, port = str(where[0]), where[1]
        return not self._trusted.isdisjoint(((host, port), (host, None))) or _is_public(host)


def literal(url: str) -> str:
    """The host and port of an address that says itself where in the network it is, with no name to be looked up.

    Who types such a one means it. Empty for all others.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host != "localhost" and not _is_number(host):
        return ""
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _places(name: str) -> Iterator[tuple[str, int | None]]:
    """The addresses of a host by now, each with a port, or None for all of its ports; none if it has no address."""
    parts = urlsplit(f"//{name}")
    try:
        found = socket.getaddrinfo(parts.hostname, None, type=socket.SOCK_STREAM)
        return iter({(str(where[0]), parts.port) for *_, where in found})
    except (OSError, ValueError):  # UnicodeError is one of these
        return iter(())


def _is_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return False


def _is_number(host: str) -> bool:
    try:
        is_public(host)
    except ValueError:
        return False
    return True

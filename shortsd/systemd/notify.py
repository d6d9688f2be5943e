"""Tells the service manager how the daemon stands: the protocol of sd_notify(3).

The protocol is a datagram of lines. systemd's manual calls it stable and shows an implementation to copy, so that
nobody links to libsystemd for it; on PyPI `sdnotify` has had no release since 2017 and no types, and `systemd-python`
is C that needs libsystemd's headers to be built.
"""

import contextlib
import logging
import os
import socket
import time
from collections.abc import MutableMapping
from typing import Self

SEND_S = 0.5
"""How long a message may wait for room in the manager's queue, in seconds. It is lost then, and another one follows."""

logger = logging.getLogger(__name__)


class Notifier:
    """Sends messages to `address`, a socket of the manager; to nobody if that is empty."""

    def __init__(self, address: str = "") -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address

    @classmethod
    def take(cls, environ: MutableMapping[str, str] = os.environ) -> Self:
        """The notifier that NOTIFY_SOCKET names. The variable goes, so that no child speaks for us.

        Other kinds of address than a path or an abstract name (`vsock:`, for the manager of a virtual machine's host)
        are not for a service.
        """
        address = environ.pop("NOTIFY_SOCKET", "")
        return cls(address if address.startswith(("/", "@")) else "")

    def __bool__(self) -> bool:
        """Whether anybody listens."""
        return bool(self._address)

    def ready(self) -> None:
        """It has started, or is done with reloading."""
        self._send("READY=1")

    def reloading(self) -> None:
        """It reloads its configuration from now on; `ready` says when it has."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """It is shutting down."""
        self._send("STOPPING=1", "STATUS=shutting down")

    def status(self, text: str) -> None:
        """What it is doing, in a line."""
        self._send(f"STATUS={' '.join(text.split())}")

    def ping(self) -> None:
        """It is well: keeps the watchdog quiet for another while."""
        self._send("WATCHDOG=1")

    def _send(self, *lines: str) -> None:
        """Send, if anybody listens. A manager that is away is no reason for a daemon not to work."""
        if not self._address:
            return
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as line:
            line.settimeout(SEND_S)
            try:
                line.connect(self._address)
                line.sendall("\n".join(lines).encode(errors="replace"))
            except OSError as exc:
                logger.warning("systemd was not reached", extra={"why": str(exc), "said": lines[0]})

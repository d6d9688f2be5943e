"""What a daemon that cannot start says to those who wait on the socket that systemd opened for it.

Nobody else would: they wait until they lose patience, and systemd starts the daemon again for as long as one waits.
"""

import socket
import time
from contextlib import suppress
from http import HTTPStatus

import msgspec

from shortsd.domain.errors import ShortsError
from shortsd.wire.errors import TABLE, body

REQUEST_S = 1.0
"""How long a client may take over the head of its request, in seconds. It has had the daemon's whole start."""
ALL_S = 5.0
"""After how many seconds those who still wait are sent away without a word."""
HEAD = 65536
"""Bytes that a head may have, as ever."""


def refuse(given: socket.socket, error: ShortsError) -> None:
    """Answer all who wait at a socket, which does not block, with the error."""
    end = time.monotonic() + ALL_S
    with suppress(OSError):  # nobody waits any more, or the server had the socket and has closed it
        while True:
            caller, _ = given.accept()
            with caller, suppress(OSError):
                if time.monotonic() < end:
                    _answer(caller, error)


def _answer(caller: socket.socket, error: ShortsError) -> None:
    """Raises OSError if the caller is gone or slow."""
    caller.settimeout(REQUEST_S)
    asked = b""
    while b"\r\n\r\n" not in asked and len(asked) < HEAD and (more := caller.recv(HEAD)):
        asked += more
    said = msgspec.json.encode(body(error))
    status = HTTPStatus(TABLE[error.code].status)
    head = f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n"
    caller.sendall(f"{head}Connection: close\r\n\r\n".encode() + said)

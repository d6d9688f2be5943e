"""A client of a daemon's socket that sends and takes what it likes."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from daemon import PATIENCE_S, Home

ASKING = b"GET /health/live HTTP/1.1\r\nHost: shortsd\r\n\r\n"


@contextmanager
def line(daemon: Home) -> Iterator[socket.socket]:
    """A connection."""
    with socket.socket(socket.AF_UNIX) as made:
        made.settimeout(PATIENCE_S)
        made.connect(str(daemon.places.socket))
        yield made


def rest(made: socket.socket) -> bytes:
    """All that comes until the daemon hangs up."""
    taken = b""
    try:
        while piece := made.recv(65536):
            taken += piece
    except ConnectionResetError:  # it had not read all that we sent
        pass
    return taken


def answer(taken: bytes) -> tuple[int, Any]:
    """Status and JSON of an answer whose connection ends with it."""
    head, _, content = taken.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(content)

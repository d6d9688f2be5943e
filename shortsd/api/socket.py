"""The socket that the daemon makes: mode 0600, in a folder of mode 0700."""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from shortsd.domain.errors import BadInput, Unavailable

LONGEST = 107 if sys.platform == "linux" else 103
"""Bytes of a socket's path: sun_path without its closing NUL (unix(7))."""
BACKLOG = 256


@contextlib.contextmanager
def listen(path: Path) -> Iterator[socket.socket]:
    """A listening socket at `path`, removed at the end unless another has taken its place.

    Raises BadInput for a path over the kernel's limit, Unavailable if somebody answers there or it cannot be made.
    """
    length = len(os.fsencode(path))
    if length > LONGEST:
        raise BadInput(
            f"The socket's path {path} has {length} bytes; the kernel takes {LONGEST}.",
            "Name a shorter one in SHORTSD_SOCKET.",
        )
    if _answers(path):
        raise Unavailable(f"Another daemon listens on {path} already.", "Name another socket in SHORTSD_SOCKET.")
    try:
        made = _bind(path)
        ours = path.stat().st_ino
    except OSError as exc:
        raise Unavailable(f"The socket {path} cannot be made: {exc}.", "Look at its folder.") from exc
    try:
        yield made
    finally:
        made.close()
        with contextlib.suppress(OSError):
            if path.stat().st_ino == ours:
                path.unlink()


def _answers(path: Path) -> bool:
    """Whether somebody listens there: a socket that a dead daemon left refuses."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trying:
        trying.settimeout(1)
        try:
            trying.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            return path.is_socket()
    return True


def _bind(path: Path) -> socket.socket:
    if path.is_socket():
        path.unlink()
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)  # the mode is right from the first moment, not only after a chmod
    try:
        made.bind(str(path))
    except OSError:
        made.close()
        raise
    finally:
        os.umask(before)
    made.listen(BACKLOG)
    made.setblocking(False)
    return made

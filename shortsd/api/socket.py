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


class Listener:
    """A listening socket at a path, whose file others may take away: a login's folder of sockets goes with the login.

    One that was `given` is listened on already, and its file is looked after by who gave it.
    """

    def __init__(self, path: Path, given: socket.socket | None = None) -> None:
        """Listen. Raises OSError."""
        self._path = path
        self._given = given is not None
        self.socket = given or _bind(path)
        self._inode = None if given else path.stat().st_ino

    def made_again(self) -> socket.socket | None:
        """Another socket, if the file of this one is gone and can be made again; none else. Raises Unavailable."""
        folder = self._path.parent
        if self._given or os.path.lexists(self._path) or not folder.parent.is_dir():
            return None
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            made = _bind(self._path)
            self._inode = self._path.stat().st_ino
        except OSError as exc:
            raise _unavailable(self._path, exc) from exc
        return made

    def close(self) -> None:
        """Listen no more, and remove the file unless it is another's. What was given is left to who gave it."""
        if self._given:
            return
        self.socket.close()
        with contextlib.suppress(OSError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()


@contextlib.contextmanager
def listen(path: Path, given: socket.socket | None = None) -> Iterator[Listener]:
    """A listening socket at `path`, removed at the end unless another has taken its place, or the one that is given.

    Raises BadInput for a path over the kernel's limit, Unavailable if somebody answers there or it cannot be made.
    """
    length = len(os.fsencode(path))
    if length > LONGEST:
        raise BadInput(
            f"The socket's path {path} has {length} bytes; the kernel takes {LONGEST}.",
            "Name a shorter one in SHORTSD_SOCKET.",
        )
    try:
        if given is None and _answers(path):
            raise Unavailable(f"Another daemon listens on {path} already.", "Name another socket in SHORTSD_SOCKET.")
        listener = Listener(path, given)
    except OSError as exc:
        raise _unavailable(path, exc) from exc
    try:
        yield listener
    finally:
        listener.close()


def _unavailable(path: Path, exc: OSError) -> Unavailable:
    return Unavailable(f"The socket {path} cannot be made: {exc.strerror}.", "Look at its folder.")


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

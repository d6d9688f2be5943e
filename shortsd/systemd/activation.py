"""Takes the socket that systemd opened for us: sd_listen_fds(3)."""

import os
import socket
from collections.abc import MutableMapping

from shortsd.domain.errors import BadInput

FIRST = 3
"""SD_LISTEN_FDS_START: the first descriptor that is handed over."""


def take(environ: MutableMapping[str, str] = os.environ, first: int = FIRST) -> socket.socket | None:
    """The listening Unix socket that was handed to this process; None if none was.

    The variables go and no child inherits the descriptors. The socket's file is systemd's: it is not ours to remove.
    Raises BadInput for several sockets, or another kind.
    """
    pid, count = (environ.pop(name, "") for name in ("LISTEN_PID", "LISTEN_FDS"))
    environ.pop("LISTEN_FDNAMES", None)
    if pid != str(os.getpid()) or not count.isdecimal() or count == "0":
        return None
    for descriptor in range(first, first + int(count)):
        os.set_inheritable(descriptor, False)
    if count != "1":
        raise BadInput(f"systemd handed over {count} sockets; shortsd listens on one.", _HINT)
    try:
        given = socket.socket(fileno=first)
    except OSError as exc:
        raise BadInput("What systemd handed over is no socket.", _HINT) from exc
    if not _listens(given):
        given.close()
        raise BadInput("The socket that systemd handed over is no listening Unix stream socket.", _HINT)
    given.setblocking(False)
    return given


_HINT = "Give shortsd.socket one `ListenStream=` with a path, and `Accept=no`."


def _listens(given: socket.socket) -> bool:
    stream = given.family == socket.AF_UNIX and given.type == socket.SOCK_STREAM
    return stream and bool(given.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))

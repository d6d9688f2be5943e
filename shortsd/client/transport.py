"""HTTP over a Unix socket with the standard library; what goes wrong becomes one of our errors."""

import errno
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from threading import Lock

import msgspec

from shortsd.domain.errors import BadInput, Internal, NoDaemon, ShortsError, Unavailable
from shortsd.wire import errors
from shortsd.wire.models import ErrorBody

PATH_LIMIT = 104 if sys.platform == "darwin" else 108
"""Bytes in `sun_path` with its closing NUL: unix(7) on Linux, unix(4) on macOS."""

ANSWER_S = 10.0
"""How long the daemon may take to answer, in seconds."""

QUIET_S = 60.0
"""How long a stream may stay without a byte, in seconds; the daemon's keep-alive comments come far more often."""

_CHUNK = 65536
_ABSENT = (errno.ENOENT, errno.ECONNREFUSED, errno.ENOTDIR)


def dial(path: Path, timeout_s: float) -> socket.socket:
    """A connection to the daemon's socket. Raises BadInput (path too long), NoDaemon, Unavailable (too busy)."""
    length = len(os.fsencode(path))
    if length >= PATH_LIMIT:
        raise BadInput(
            f"The socket's path has {length} bytes, and the system allows {PATH_LIMIT - 1}: {path}",
            "Name a shorter one with SHORTSD_SOCKET.",
        )
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(timeout_s)
    try:
        line.connect(os.fsencode(path))
    except OSError as exc:
        line.close()
        raise _unreached(path, exc) from exc
    return line


def _unreached(path: Path, exc: OSError) -> ShortsError:
    if exc.errno in _ABSENT:
        return NoDaemon(f"No daemon answers on {path}.", "`shortsctl make` starts one, and so does `shortsd`.")
    if exc.errno == errno.EAGAIN:
        return Unavailable(f"The daemon on {path} has too many callers waiting.", "Try again in a moment.")
    return NoDaemon(
        f"The daemon's socket {path} cannot be used: {exc.strerror}.", "See whose it is, or set SHORTSD_SOCKET."
    )


class UnixConnection(HTTPConnection):
    """An HTTP connection through the socket file `path`."""

    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path
        self._timeout_s = timeout_s

    def connect(self) -> None:
        self.sock = dial(self._path, self._timeout_s)


class Hangup:
    """Lets another thread break off a stream that waits for news: the stream ends as if the daemon had ended it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._line: socket.socket | None = None
        self._over = False

    def hold(self, line: socket.socket) -> None:
        """Keep the line of the stream that is read."""
        with self._lock:
            self._line = line
            if self._over:
                _shut(line)

    def let_go(self) -> None:
        """Forget the line: it is closed by who reads it."""
        with self._lock:
            self._line = None

    def __call__(self) -> None:
        """Break the stream off, and each one that is begun with this from now on."""
        with self._lock:
            self._over = True
            if self._line is not None:
                _shut(self._line)


def _shut(line: socket.socket) -> None:
    with suppress(OSError):  # the daemon was first
        line.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class Transport:
    """Asks the daemon behind a socket. Every method raises the errors of the wire's table, and NoDaemon."""

    socket: Path

    def ask(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = ANSWER_S,
    ) -> bytes:
        """The body of the answer to one request."""
        with self._asked(method, target, body, headers or {}, timeout_s) as response, _broken(timeout_s):
            return response.read()

    @contextmanager
    def stream(
        self, target: str, headers: Mapping[str, str], hangup: Hangup | None = None
    ) -> Iterator[Iterator[bytes]]:
        """The body of an answer that goes on, as it comes. It ends when the daemon ends it, or `hangup` is called."""
        with self._asked("GET", target, None, headers, QUIET_S, hangup) as response:
            yield _chunks(response)

    @contextmanager
    def download(self, target: str, timeout_s: float) -> Iterator[tuple[HTTPMessage, Iterator[bytes]]]:
        """The headers and the body of an answer that is a file."""
        with self._asked("GET", target, None, {}, timeout_s) as response:
            yield response.headers, _chunks(response)

    @contextmanager
    def _asked(
        self,
        method: str,
        target: str,
        body: bytes | None,
        headers: Mapping[str, str],
        timeout_s: float,
        hangup: Hangup | None = None,
    ) -> Iterator[HTTPResponse]:
        with closing(UnixConnection(self.socket, timeout_s)) as connection, _held(connection, hangup):
            with _broken(timeout_s):
                connection.request(method, target, body, {"Content-Type": "application/json", **headers})
                response = connection.getresponse()
            with closing(response):
                if response.status >= 400:
                    with _broken(timeout_s):
                        raise _refusal(response.status, response.read())
                yield response


@contextmanager
def _held(connection: UnixConnection, hangup: Hangup | None) -> Iterator[None]:
    """Give `hangup` the connection's line for the length of the block."""
    if hangup is None:
        yield
        return
    connection.connect()
    hangup.hold(connection.sock)
    try:
        yield
    finally:
        hangup.let_go()


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    with _broken(QUIET_S):
        while chunk := response.read1(_CHUNK):
            yield chunk


@contextmanager
def _broken(timeout_s: float) -> Iterator[None]:
    """Tell a lost daemon from other trouble."""
    try:
        yield
    except TimeoutError as exc:
        raise NoDaemon(f"The daemon did not answer within {timeout_s:.0f} s.", "`shortsctl doctor` looks why.") from exc
    except (OSError, HTTPException) as exc:
        raise NoDaemon("The daemon went away before it had answered.", "`shortsctl doctor` looks why.") from exc


def _refusal(status: int, body: bytes) -> ShortsError:
    try:
        return errors.error(msgspec.json.decode(body, type=ErrorBody))
    except msgspec.DecodeError:
        return Internal(
            f"The daemon answered {status} and nothing that can be read.", "`shortsctl doctor` compares versions."
        )

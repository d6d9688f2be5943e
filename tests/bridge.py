"""A loopback port that leads to a Unix socket, for tools that know TCP only."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread


@contextmanager
def bridge(path: Path) -> Iterator[str]:
    """The URL of a port behind which the socket is."""

    class Carry(BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX) as far:
                far.connect(str(path))
                ends = {self.request: far, far: self.request}
                with suppress(OSError):  # an end that is gone
                    while ends:
                        for ready in select(list(ends), [], [])[0]:
                            if not _carry(ready, ends[ready]):
                                del ends[ready]

    with ThreadingTCPServer(("127.0.0.1", 0), Carry) as server:
        serving = Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()


def _carry(ready: socket.socket, other: socket.socket) -> bool:
    """Bring over what has come, an end too; whether there will be more."""
    data = ready.recv(65536)
    if data:
        other.sendall(data)
    else:
        other.shutdown(socket.SHUT_WR)
    return bool(data)

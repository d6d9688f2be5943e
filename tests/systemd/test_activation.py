import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shortsd.domain.errors import BadInput
from shortsd.systemd import activation


@pytest.fixture
def listening(short_folder: Path) -> Iterator[socket.socket]:
    """A Unix socket that listens, as a process inherits it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made:
        made.bind(str(short_folder / "sock"))
        made.listen()
        made.set_inheritable(True)
        yield made


def handed(count: int = 1, pid: int | None = None) -> dict[str, str]:
    """What systemd says of what it hands over."""
    return {"LISTEN_PID": str(pid or os.getpid()), "LISTEN_FDS": str(count), "LISTEN_FDNAMES": "shortsd.socket"}


def test_the_socket_is_taken(listening: socket.socket) -> None:
    """It is the one that was handed over, no child inherits it, and nothing is left in the environment."""
    environ = {**handed(), "HOME": "/"}
    given = activation.take(environ, first=os.dup(listening.fileno()))
    assert given is not None
    with given:
        assert given.getsockname() == listening.getsockname()
        assert not given.get_inheritable()
        assert not given.getblocking()
    assert environ == {"HOME": "/"}


@pytest.mark.parametrize(
    "environ", [{}, {"LISTEN_FDS": "1"}, handed(pid=1), handed(0), {**handed(), "LISTEN_FDS": "some"}]
)
def test_without_a_socket_for_us_there_is_none(environ: dict[str, str]) -> None:
    """No variables, another process's, or nonsense: the daemon makes its own socket."""
    assert activation.take(dict(environ)) is None


def test_several_sockets_are_refused(listening: socket.socket) -> None:
    """One socket is what it listens on; the error says what to change."""
    first = os.dup(listening.fileno())
    second = os.dup(listening.fileno())
    assert second == first + 1, "descriptors that follow each other"
    try:
        with pytest.raises(BadInput, match="2 sockets") as caught:
            activation.take(handed(2), first=first)
        assert "ListenStream" in caught.value.hint
    finally:
        os.close(first)
        os.close(second)


@pytest.mark.parametrize("kind", ["file", "datagram", "internet", "deaf"])
def test_another_kind_of_socket_is_refused(kind: str, tmp_path: Path) -> None:
    """A file, a datagram socket, an Internet one, one that does not listen: each is said to be no use."""
    if kind == "file":
        descriptor = os.open(tmp_path / "file", os.O_CREAT)
    else:
        family = socket.AF_INET if kind == "internet" else socket.AF_UNIX
        made = socket.socket(family, socket.SOCK_DGRAM if kind == "datagram" else socket.SOCK_STREAM)
        if kind == "internet":
            made.bind(("127.0.0.1", 0))
            made.listen()
        descriptor = made.detach()
    with pytest.raises(BadInput, match="handed over is no"):
        activation.take(handed(), first=descriptor)
    if kind == "file":
        os.close(descriptor)

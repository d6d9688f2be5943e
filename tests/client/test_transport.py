import socket
from pathlib import Path

import pytest
from client.standin import StandIn

from shortsd.client.transport import PATH_LIMIT, Transport, dial
from shortsd.domain.errors import BadInput, Internal, NoDaemon, WrongState


def test_no_socket(folder: Path) -> None:
    """Where no socket is, no daemon is, and the message says where it was looked for."""
    with pytest.raises(NoDaemon, match=str(folder / "sock")):
        Transport(folder / "sock").ask("GET", "/health/live")


def test_refused(folder: Path) -> None:
    """A socket that a dead daemon left behind is no daemon."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(folder / "sock"))
    with pytest.raises(NoDaemon, match="No daemon answers"):
        Transport(folder / "sock").ask("GET", "/health/live")


def test_not_a_folder(folder: Path) -> None:
    """A socket below a file cannot be there."""
    (folder / "file").touch()
    with pytest.raises(NoDaemon):
        dial(folder / "file" / "sock", 1)


def test_path_too_long(folder: Path) -> None:
    """A path longer than the kernel takes is refused with its length and a way out."""
    path = folder / ("x" * (PATH_LIMIT - len(str(folder)) - 1))
    with pytest.raises(BadInput, match=f"{PATH_LIMIT} bytes.*{PATH_LIMIT - 1}") as caught:
        Transport(path).ask("GET", "/health/live")
    assert "SHORTSD_SOCKET" in caught.value.hint


def test_longest_path(folder: Path) -> None:
    """The longest path that the kernel takes is tried."""
    path = folder / ("x" * (PATH_LIMIT - len(str(folder)) - 2))
    with pytest.raises(NoDaemon):
        dial(path, 1)


def test_error(stand_in: StandIn, folder: Path) -> None:
    """The daemon's errors are raised here as they were raised there."""
    stand_in.refuse["/health/live"] = WrongState("It is so.", "Do that.")
    with pytest.raises(WrongState, match="It is so") as caught:
        Transport(folder / "sock").ask("GET", "/health/live")
    assert caught.value.hint == "Do that."


def test_error_that_is_none_of_ours(stand_in: StandIn, folder: Path) -> None:
    """An error page that is not ours is told by its status."""
    stand_in.raw["/health/live"] = (502, b"<html>")
    with pytest.raises(Internal, match="502"):
        Transport(folder / "sock").ask("GET", "/health/live")


def test_dropped(stand_in: StandIn, folder: Path) -> None:
    """A daemon that ends before it has answered is gone."""
    stand_in.drop = 1
    with pytest.raises(NoDaemon, match="went away"):
        Transport(folder / "sock").ask("GET", "/health/live")


def test_silent(folder: Path) -> None:
    """A daemon that takes the call and says nothing is not waited for without end."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(folder / "sock"))
        silent.listen()
        with pytest.raises(NoDaemon, match="did not answer"):
            Transport(folder / "sock").ask("GET", "/health/live", timeout_s=0.05)

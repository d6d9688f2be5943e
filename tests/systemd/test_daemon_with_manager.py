"""The daemon itself, between a socket that was opened for it and a manager that listens: systemd's part played here."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from daemon import TINY, Home, wait_for

from shortsd.client.client import Client
from shortsd.client.transport import Transport

HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""Puts the socket in its place and names itself as who gets it, as systemd does, and becomes the daemon."""


@dataclass
class Managed:
    """A daemon, the socket that it was given, and what it says."""

    home: Home
    given: socket.socket
    line: socket.socket
    heard: list[str] = field(default_factory=list)

    @property
    def client(self) -> Client:
        return Client(Transport(Path(self.given.getsockname())))

    def says(self, what: str) -> bool:
        """Whether it has said `what` by now."""
        while True:
            try:
                self.heard.append(self.line.recv(4096).decode())
            except BlockingIOError:
                return any(what in one for one in self.heard)


@pytest.fixture
def managed(short_folder: Path) -> Iterator[Managed]:
    with _managed(short_folder) as made:
        yield made


@contextmanager
def _managed(folder: Path) -> Iterator[Managed]:
    (folder / "config.toml").write_text(TINY)
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as given,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line,
    ):
        given.bind(str(folder / "given.sock"))
        given.listen()
        line.bind(str(folder / "notify"))
        line.setblocking(False)
        made = Managed(Home(folder), given, line)
        environ = {
            **made.home.environ,
            "NOTIFY_SOCKET": str(folder / "notify"),
            "WATCHDOG_USEC": "200000",
            "LISTEN_FDS": "1",
            "SHORTSD_PEXELS_KEY": "planted-and-never-shown",
        }
        argv = [sys.executable, "-c", HAND_OVER, str(given.fileno()), "-m", "shortsd"]
        with (folder / "stderr").open("ab") as stderr:
            made.home.process = subprocess.Popen(argv, env=environ, stderr=stderr, pass_fds=(given.fileno(),))
        try:
            yield made
        finally:
            made.home.end()


def test_it_answers_on_the_socket_it_was_given(managed: Managed) -> None:
    """It makes no socket of its own, and leaves the one it was given where it is."""
    assert managed.client.live().ok
    assert not managed.home.places.socket.parent.exists()
    assert managed.home.kill(signal.SIGTERM) == 0
    assert Path(managed.given.getsockname()).exists()


def test_it_says_when_it_is_ready_what_it_does_and_when_it_ends(managed: Managed) -> None:
    """READY once it answers, a status line, pings of the watchdog, STOPPING."""
    wait_for(lambda: managed.says("WATCHDOG=1"), "a ping", 30)
    assert managed.heard[0] == "READY=1"
    wait_for(lambda: managed.says("STATUS=idle"), "a status", 30)
    managed.home.kill(signal.SIGTERM)
    assert managed.says("STOPPING=1")


def test_it_tells_where_its_secrets_come_from_and_no_more(managed: Managed) -> None:
    """`doctor` names the source of a secret; its value stands nowhere in what the daemon says or writes."""
    found = {finding.name: finding.detail for finding in managed.client.doctor().findings}
    assert "pexels_key from SHORTSD_PEXELS_KEY" in found["secrets"]
    assert not any(name.startswith("write access") and "given.sock" in name for name in found)
    managed.home.kill(signal.SIGTERM)
    written = [file.read_bytes() for file in managed.home.folder.rglob("*") if file.is_file()]
    assert not any(b"planted-and-never-shown" in one for one in [*written, str(found).encode()])

"""The daemon itself, between a socket that was opened for it and a manager that listens: systemd's part played here."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from daemon import PATIENCE_S, TINY, Home, home, wait_for

from shortsd.client.client import Client
from shortsd.client.transport import Transport
from shortsd.domain.errors import BadInput, Unusable
from shortsd.systemd import exits

GARBAGE = b"no database at all " * 1000
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
def _managed(folder: Path, configuration: str = TINY) -> Iterator[Managed]:
    (folder / "config.toml").write_text(configuration)
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
    """That it starts, READY once it answers, a status line, pings of the watchdog, STOPPING."""
    wait_for(lambda: managed.says("WATCHDOG=1"), "a ping", 30)
    assert managed.heard[0].startswith("STATUS=starting")
    assert managed.heard[1] == "READY=1"
    wait_for(lambda: managed.says("STATUS=idle"), "a status", 30)
    managed.home.kill(signal.SIGTERM)
    assert managed.says("STOPPING=1")


def test_it_says_when_its_configuration_is_refused(managed: Managed) -> None:
    """The status line tells of it for as long as that is so, between RELOADING and READY."""
    wait_for(lambda: managed.says("STATUS=idle"), "a status", 30)
    config = managed.home.folder / "config.toml"
    config.write_text("[video]\nfps = 0\n")
    wait_for(lambda: managed.says("STATUS=idle. The configuration was refused"), "the refusal", 30)
    assert any(line.startswith("RELOADING=1") for line in managed.heard)
    managed.heard.clear()
    config.write_text(TINY)
    wait_for(lambda: managed.says("STATUS=idle"), "a status without it", 30)
    assert not any("refused" in line for line in managed.heard)


def test_it_tells_where_its_secrets_come_from_and_no_more(managed: Managed) -> None:
    """`doctor` names the source of a secret; its value stands nowhere in what the daemon says or writes."""
    found = {finding.name: finding.detail for finding in managed.client.doctor().findings}
    assert "pexels_key from SHORTSD_PEXELS_KEY" in found["secrets"]
    assert not any(name.startswith("write access") and "given.sock" in name for name in found)
    managed.home.kill(signal.SIGTERM)
    written = [file.read_bytes() for file in managed.home.folder.rglob("*") if file.is_file()]
    assert not any(b"planted-and-never-shown" in one for one in [*written, str(found).encode()])


def test_who_waits_hears_why_the_daemon_cannot_start(short_folder: Path) -> None:
    """A client that woke it is told that the database is refused, one after the other; the exit code says so, too."""
    database = Home(short_folder).places.database
    database.parent.mkdir()
    database.write_bytes(GARBAGE)
    with _managed(short_folder) as managed, ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(managed.client.live) for _ in range(2)]
        for one in waiting:
            with pytest.raises(Unusable, match=re.escape(str(database))):
                one.result()
        assert managed.home.died() == exits.UNUSABLE
    assert database.read_bytes() == GARBAGE


def test_who_waits_hears_what_is_wrong_with_the_configuration(short_folder: Path) -> None:
    """What cannot be used is named before the daemon has looked at anything else."""
    with _managed(short_folder, "[daemon]\nno_such_key = 1\n") as managed:
        with pytest.raises(BadInput, match="no_such_key"):
            managed.client.live()
        assert managed.home.died() == 2


def test_who_says_nothing_does_not_keep_a_daemon_that_cannot_start(short_folder: Path) -> None:
    """A connection without a request is closed, and the one behind it gets its answer."""
    with _managed(short_folder, "[daemon]\nno_such_key = 1\n") as managed, socket.socket(socket.AF_UNIX) as silent:
        silent.connect(managed.given.getsockname())
        with pytest.raises(BadInput):
            managed.client.live()
        assert managed.home.died() == 2
        silent.settimeout(PATIENCE_S)
        assert silent.recv(1) == b""


def test_a_shutdown_that_takes_too_long_ends_with_a_code_of_its_own(short_folder: Path) -> None:
    """Neither the manager nor the next start takes for a crash what was cut short because somebody wanted the end."""
    with home(short_folder / "h", module="stubborn") as daemon:
        job = daemon.make()
        wait_for(lambda: "stays" in daemon.said(), "a stage that does not end")
        assert daemon.kill(signal.SIGTERM) == exits.OVERRUN
        daemon.module = "shortsd"
        daemon.start()
        view = daemon.until(job, "running", "succeeded")
        assert view.deaths == 0
        assert "cut short" in next(one.reason for one in view.history if one.move == "interrupted")

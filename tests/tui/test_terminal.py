"""The dashboard in a real terminal: tmux."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from daemon import Home, wait_for

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here: apt-get install tmux")


class Terminal:
    """A terminal of 100 by 30 cells with a program in it, on a tmux server of its own."""

    def __init__(self, socket: Path) -> None:
        self._socket = str(socket)

    def tmux(self, *words: str) -> str:
        """Have tmux do something; what it says."""
        argv = ["tmux", "-f", "/dev/null", "-S", self._socket, *words]
        return subprocess.run(argv, capture_output=True, check=True, timeout=10, text=True).stdout

    def press(self, *keys: str) -> None:
        self.tmux("send-keys", *keys)

    def seen(self) -> str:
        """What is on the screen, as text."""
        return self.tmux("capture-pane", "-p")


@pytest.fixture
def terminal(daemon: Home, short_folder: Path) -> Iterator[Terminal]:
    """The dashboard in front of a daemon that starts no jobs."""
    daemon.client.pause()
    for _ in range(3):
        daemon.make()
    made = Terminal(short_folder / "t")
    given = [word for name in ("SHORTSD_HOME",) for word in ("-e", f"{name}={daemon.environ[name]}")]
    told = f"{sys.executable} -m shorts_tui --no-motion; echo ended with $?; exec cat"
    made.tmux("new-session", "-d", "-x", "100", "-y", "30", *given, "sh", "-c", told)
    yield made
    if not _gone(made):
        made.tmux("kill-server")


def test_a_job_is_stopped_in_a_terminal(daemon: Home, terminal: Terminal) -> None:
    """Shown, moved down to, stopped, and the screen says so; ended from outside it leaves in order."""
    wait_for(lambda: terminal.seen().count("queued") >= 3, "the jobs")
    terminal.press("j")
    terminal.press("s")
    wait_for(lambda: daemon.client.job(2).state == "stopped", "the end of the second job")
    wait_for(lambda: "■ stopped" in terminal.seen(), "its state on the screen")
    assert terminal.seen().count("queued") >= 2
    terminal.press(*"/render")  # `r`, `n`, `e` and `d` are commands elsewhere: all of it comes in a single read
    wait_for(lambda: "/ render" in terminal.seen() and "0 of 3" in terminal.seen(), "what is typed")
    assert [daemon.client.job(job).state for job in (1, 2, 3)] == ["queued", "stopped", "queued"]
    (app,) = psutil.Process(int(terminal.tmux("display-message", "-p", "#{pane_pid}"))).children()
    app.terminate()
    wait_for(lambda: "ended with 0" in terminal.seen(), "the shell")


def _gone(terminal: Terminal) -> bool:
    """Whether the session has ended with its program."""
    try:
        terminal.tmux("has-session")
    except subprocess.CalledProcessError:
        return True
    return False

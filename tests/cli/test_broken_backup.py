"""What arrives of a backup, from a daemon that goes away over it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cli.running import Ctl
from client.standin import StandIn
from daemon import PATIENCE_S, wait_for


def test_a_backup_that_did_not_arrive_whole_is_none(daemon: StandIn, ctl: Ctl, home: Path) -> None:
    """Without the digest of all that was sent there is no file, neither under its name nor under another."""
    daemon.raw["/v1/backup"] = (200, b"SQLite format 3\0 and half of the rest")
    ran = ctl("backup", "kept.db")
    assert ran.code == 3
    assert "went away" in ran.err
    assert ran.out == ""
    assert [one.name for one in home.iterdir() if one.is_file()] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_backup_that_is_ended_leaves_nothing(home: Path, number: signal.Signals) -> None:
    """Half a file goes with who was writing it, whichever signal ends that."""
    folder = home / "kept"
    folder.mkdir()
    with closing(socket.socket(socket.AF_UNIX)) as silent:
        silent.bind(str(home / "sock"))
        silent.listen()
        argv = [sys.executable, "-m", "shortsd.cli", "backup", str(folder / "mine.db")]
        asking = subprocess.Popen(argv, env=os.environ, stderr=subprocess.DEVNULL)
        wait_for(lambda: list(folder.iterdir()), "the file to be")
        asking.send_signal(number)
        assert asking.wait(PATIENCE_S) == 128 + number
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("what", ["link", "pipe", "folder"])
def test_a_backup_replaces_nothing_but_a_file(daemon: StandIn, ctl: Ctl, home: Path, what: str) -> None:
    """A link, a device or a folder is refused even with `--force`, and nobody is asked for a copy."""
    place, target = home / what, home / "target"
    target.write_text("mine")
    makers: dict[str, Callable[[], object]] = {
        "link": lambda: place.symlink_to(target),
        "pipe": lambda: os.mkfifo(place),
        "folder": place.mkdir,
    }
    makers[what]()
    mode = place.lstat().st_mode
    ran = ctl("backup", "--force", what)
    assert ran.code == 2
    assert "no regular file" in ran.err
    assert (place.lstat().st_mode, target.read_text(), daemon.asked) == (mode, "mine", [])

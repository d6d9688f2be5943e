"""The command with a real daemon."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon import STORY, TINY, Home

from shortsd.domain.errors import NoDaemon


@pytest.fixture
def idle() -> Iterator[Home]:
    """A home without a daemon; one that a command started there is ended."""
    with tempfile.TemporaryDirectory(prefix="shorts") as folder:
        home = Home(Path(folder) / "home")
        home.folder.mkdir()
        (home.folder / "config.toml").write_text(TINY)
        yield home
        home.ctl("shutdown")
        home.end()


def test_make_starts_a_daemon(idle: Home) -> None:
    """Make starts a daemon that outlives it; shutdown waits until it is gone, and what was asked for stays."""
    made = idle.ctl("make", "--story", "-", "--bg", "--json", stdin=STORY.encode())
    assert made.returncode == 0, made.stderr
    job = json.loads(made.stdout)["id"]
    assert idle.client.job(job).params["story"] == STORY
    assert idle.ctl("shutdown").returncode == 0
    with pytest.raises(NoDaemon):
        idle.client.live()
    assert idle.ctl("ls").returncode == 3
    idle.start()
    assert idle.client.job(job).id == job


def test_follows_across_a_dead_daemon(idle: Home) -> None:
    """A follower outlives the daemon that is killed under it, and ends with the video that the next one finishes."""
    idle.start()
    job = idle.make()
    command = [sys.executable, "-m", "shortsd.cli", "attach", str(job)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=idle.environ, text=True, stdout=pipe, stderr=pipe) as follower:
        assert follower.stderr is not None
        first = follower.stderr.readline()
        idle.kill(signal.SIGKILL)
        idle.start()
        out, err = follower.communicate()
    assert first.startswith(f"{job} story: done")
    assert "the daemon is back" in err
    assert out.strip() == idle.client.job(job).result["video"]
    assert Path(out.strip()).stat().st_size > 0


def test_doctor_without_daemon(idle: Home) -> None:
    """Doctor needs no daemon to look at everything."""
    ran = idle.ctl("doctor", "--json")
    found = {finding["name"]: finding["ok"] for finding in json.loads(ran.stdout)["findings"]}
    assert {"socket", "ffmpeg", "font", "voice", "disk space"} <= set(found)
    assert ran.returncode == (0 if all(found.values()) else 1)

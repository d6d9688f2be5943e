"""The ways in which a daemon ends, and what it leaves."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import held
import imageio_ffmpeg
import pytest
from daemon import TINY, Home, home, wait_for

from shortsd.domain.errors import Unavailable

DEAF = """#!{python}
import os, signal, sys, time
if "libx264" not in " ".join(sys.argv):
    os.execv("{ffmpeg}", ["{ffmpeg}", *sys.argv[1:]])
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open("{folder}/deaf", "w").close()
while True:
    print("still here", file=sys.stderr, flush=True)
    time.sleep(0.1)
"""
"""An FFmpeg that does not encode, and does not end when it is asked to."""


def test_draining_finishes_what_runs_and_nothing_else(short_folder: Path) -> None:
    """The running job succeeds, what waits goes on waiting, new work is refused meanwhile, then the daemon is gone."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "captions")
        first = daemon.make()
        wait_for(reached.exists, "the captions")
        second = daemon.make()
        argv = [sys.executable, "-m", "shortsd.cli", "shutdown", "--drain"]
        with subprocess.Popen(argv, env=daemon.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as draining:
            assert draining.stderr is not None
            assert f"waiting for {first}" in draining.stderr.readline().decode()
            with pytest.raises(Unavailable):
                daemon.make()
            assert "ends when" in str(daemon.ctl("make", "fog", "--bg").stderr)
            held.release(short_folder, "captions")
            assert draining.wait(60) == 0
        assert daemon.process is not None
        assert daemon.process.wait(60) == 0
        daemon.start()
        assert daemon.client.job(first).state == "succeeded"
        assert daemon.client.job(first).attempt == 1
        assert daemon.until(second, "running", "succeeded").attempt == 1


def test_a_drain_may_be_cut_short(short_folder: Path) -> None:
    """`shutdown` while it drains ends the daemon at once; the job goes back into the queue."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "story")
        job = daemon.make()
        wait_for(reached.exists, "the story")
        daemon.client.shutdown(drain=True)
        assert daemon.ctl("shutdown").returncode == 0
        assert daemon.process is not None
        assert daemon.process.wait(60) == 0
        held.release(short_folder, "story")
        daemon.start()
        assert "interrupted: the daemon was shut down" in daemon.log(job)
        assert daemon.until(job, "running", "succeeded").attempt == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_hurries(short_folder: Path, number: signal.Signals) -> None:
    """Who asks twice does not wait for a process that will not listen: it is killed, and the daemon ends in order."""
    program = short_folder / "ffmpeg"
    text = DEAF.format(python=sys.executable, ffmpeg=imageio_ffmpeg.get_ffmpeg_exe(), folder=short_folder)
    program.write_text(text)
    program.chmod(0o755)
    with home(short_folder / "h", TINY + f'\n[children]\nffmpeg = "{program}"\n') as daemon:
        job = daemon.make()
        wait_for((short_folder / "deaf").exists, "the process that will not listen")
        assert daemon.process is not None
        os.kill(daemon.process.pid, signal.SIGTERM)
        wait_for(lambda: "shutting down" in daemon.said(), "the shutdown")
        os.kill(daemon.process.pid, number)
        assert daemon.process.wait(60) == 0
        assert "hurried" in daemon.said()
        assert daemon.said().rstrip().endswith("message=ended")
        assert not daemon.strays()
        assert "interrupted: the daemon was shut down" in daemon.log(job)


def test_a_daemon_that_starts_can_be_ended(daemon: Home) -> None:
    """Also one that waits for a database which another program holds."""
    daemon.end()
    with sqlite3.connect(daemon.places.database, isolation_level=None) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with (daemon.folder / "stderr").open("wb") as stderr:
            starting = subprocess.Popen([sys.executable, "-m", "shortsd"], env=daemon.environ, stderr=stderr)
        wait_for(lambda: daemon.places.lock.read_text() == f"{starting.pid}\n", "a daemon that has claimed its home")
        starting.send_signal(signal.SIGTERM)
        assert starting.wait(60) == 0
    other.close()
    assert "ended while it started" in daemon.said()
    daemon.start()


def test_streams_and_followers_end_with_the_daemon(short_folder: Path) -> None:
    """Event streams and followed logs end cleanly; who reads them sees an end and no error in the protocol."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "story")
        job = daemon.make()
        wait_for(reached.exists, "the story")
        with daemon.client.events() as events, daemon.client.events(job) as others:
            assert next(events).event == next(others).event == "snapshot"
            assert daemon.kill(signal.SIGTERM) == 0
            assert all(message.event != "error" for message in [*events, *others])

"""A disk that stops taking what is written: the job waits or fails with the cause, the daemon goes on."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import held
import pytest
from daemon import TINY, Home, home, wait_for

from shortsd.client.transport import Transport
from shortsd.domain.errors import ShortsError

RETRYING = TINY.replace("retries = 0\n", "retries = 20\nretry_wait_s = 0.5\n")


def run(*argv: str | Path) -> bool:
    done = subprocess.run([which(str(argv[0])) or str(argv[0]), *argv[1:]], check=False, capture_output=True)
    return done.returncode == 0


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that cannot be written by its path while the block takes."""
    if os.geteuid() != 0 or not run("mount", "--bind", folder, folder):
        pytest.skip("only root on a machine that lets it mount can make a folder read-only")
    try:
        assert run("mount", "-o", "remount,bind,ro", folder)
        yield
    finally:
        assert run("umount", "--lazy", folder)


def ready(daemon: Home) -> bool:
    """Whether the daemon says that it takes work."""
    try:
        Transport(daemon.places.socket).ask("GET", "/health/ready")
    except ShortsError:
        return False
    return True


def postponed(daemon: Home, job: int) -> bool:
    return "postponed" in [one.move for one in daemon.client.job(job).history]


@pytest.mark.parametrize("part", ["work", "output"])
def test_a_folder_that_turns_read_only_in_mid_job_is_got_over(short_folder: Path, part: str) -> None:
    """The job says which folder, is tried again, and finishes when it can be written; the daemon goes on meanwhile."""
    with home(short_folder, RETRYING, module="held") as daemon:
        folder = {"work": daemon.places.work, "output": daemon.places.output}[part]
        reached = held.hold(short_folder, "captions")
        job = daemon.make()
        wait_for(reached.exists, "the captions")
        with read_only(folder):
            held.release(short_folder, "captions")
            wait_for(lambda: postponed(daemon, job), "a job that waits for its next try")
            view = daemon.client.job(job)
            told = next(one.error for one in view.history if one.move == "postponed")
            assert told is not None
            assert str(folder) in told.message
            assert "Read-only file system" in told.message
            wait_for(lambda: not ready(daemon), "a daemon that says that it takes no work")
            refused = daemon.ctl("make", "fog", "--bg")
            assert refused.returncode == 5
            assert "Read-only file system" in refused.stderr
        assert daemon.finished(job).attempt >= 2
        assert not daemon.strays()

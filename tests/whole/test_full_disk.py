"""A full disk: told before and during the work, and got over when there is space again."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import which

import held
import pytest
from daemon import TINY, Home, home, wait_for


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    argv = [which("mount") or "mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(argv, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root on a machine that lets it mount can make a small disk")
    try:
        yield disk
    finally:
        subprocess.run([which("umount") or "umount", "--lazy", str(disk)], check=True)


def fill(disk: Path, leave: int) -> Path:
    """Take all space of a disk but so many bytes."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with suppress(OSError), ballast.open("ab") as file:  # whoever wrote meanwhile has helped to fill it
        file.write(b"\0" * max(0, free - leave))
    return ballast


def config(megabytes: int) -> str:
    return TINY.replace("min_free_mb = 20", f"min_free_mb = {megabytes}")


def test_too_little_space_is_told_before_anything_is_made(short_folder: Path, small_disk: Path) -> None:
    """Below the floor a job is refused, with how much there is and what to do; readiness says so too."""
    with home(small_disk / "h", config(50), SHORTSD_SOCKET=str(short_folder / "s")) as daemon:
        done = daemon.ctl("make", "fog")
        assert done.returncode == 1
        assert "MB are free" in done.stderr
        assert "shortsctl clean" in done.stderr
        assert daemon.client.jobs().jobs == []


def test_a_disk_that_runs_full_fails_the_job_and_a_retry_finishes_it(short_folder: Path, small_disk: Path) -> None:
    """The job ends as failed, naming the disk; the daemon goes on; with space again the retry reuses what was whole."""
    with home(small_disk / "h", config(0), SHORTSD_SOCKET=str(short_folder / "s")) as daemon:
        ballast = fill(small_disk, 700_000)
        job = daemon.make()
        view = daemon.until(job, "failed", "succeeded")
        assert view.state == "failed"
        assert view.error is not None
        assert view.error.code == "disk_full", view.error
        assert daemon.outputs() == []
        ballast.unlink()
        daemon.retry(job)
        daemon.finished(job)
        assert len(daemon.outputs()) == 5


def test_a_disk_that_runs_full_does_not_fail_the_queue(short_folder: Path, small_disk: Path) -> None:
    """While too little is free no job is started, and what waits says why; with space again all of it is made."""
    environment = {"SHORTSD_SOCKET": str(short_folder / "s")}
    with home(small_disk / "h", config(2), module="held", **environment) as daemon:
        reached = held.hold(small_disk / "h", "voice")
        first, second = daemon.make(), daemon.make()
        wait_for(reached.exists, "the voice")
        ballast = fill(small_disk, 100_000)
        held.release(small_disk / "h", "voice")
        assert daemon.until(first, "failed", "succeeded").state == "failed"
        wait_for(lambda: "MB are free" in daemon.client.job(second).message, "a job that says why it waits")
        assert "MB are free" in daemon.ctl("show", str(second)).stdout
        assert daemon.client.job(second).state == "queued"
        ballast.unlink()
        assert daemon.until(second, "running", "succeeded").attempt == 1


def test_a_database_that_cannot_grow_refuses_work_and_recovers(short_folder: Path, small_disk: Path) -> None:
    """With not a byte left a job is refused as the disk is full; when there is space it is taken."""
    with home(small_disk / "h", config(0), SHORTSD_SOCKET=str(short_folder / "s")) as daemon:
        ballast = fill(small_disk, 0)
        refused = daemon.ctl("make", "--story=-", stdin=b"Word. " * 400)
        assert refused.returncode == 1, refused.stderr
        assert "full" in refused.stderr
        ballast.unlink()
        wait_for(lambda: _ready(daemon), "readiness")
        assert daemon.client.job(daemon.make()).id


def _ready(daemon: Home) -> bool:
    return daemon.ctl("doctor").returncode == 0

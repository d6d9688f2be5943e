"""A job database that cannot be written, or not be used at all: said clearly, got over, never made worse."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import which

import msgspec
import psutil
import pytest
from daemon import PATIENCE_S, Home, home, wait_for
from held import hold, release

from shortsd.client.transport import UnixConnection
from shortsd.domain.errors import ShortsError, Unavailable
from shortsd.systemd import exits
from shortsd.wire.models import Health

NEARLY_NOTHING = 4096
"""Bytes that a file may have: none of the daemon's logs or databases can be continued."""


def ready(daemon: Home) -> Health:
    """What the daemon says of its readiness."""
    with closing(UnixConnection(daemon.places.socket, PATIENCE_S)) as line:
        line.request("GET", "/health/ready")
        return msgspec.json.decode(line.getresponse().read(), type=Health)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program is about to write."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def failing_disk(daemon: Home) -> Iterator[None]:
    """The kernel refuses the daemon's writes with EFBIG, which is an I/O error to SQLite (setrlimit(2))."""
    assert daemon.process is not None
    process = psutil.Process(daemon.process.pid)
    before = process.rlimit(resource.RLIMIT_FSIZE)
    process.rlimit(resource.RLIMIT_FSIZE, (NEARLY_NOTHING, before[1]))
    try:
        yield
    finally:
        process.rlimit(resource.RLIMIT_FSIZE, before)


def refusal(daemon: Home) -> ShortsError:
    """Why a job is not taken."""
    with pytest.raises(ShortsError) as caught:
        daemon.make()
    return caught.value


def test_a_locked_database_refuses_work_reads_on_and_recovers(daemon: Home) -> None:
    """While another program holds it: a job is refused, and readiness says who is in the way; lists are not held up."""
    daemon.client.pause()
    daemon.make()
    with locked(daemon.places.database), ThreadPoolExecutor(2) as threads:
        asked, looked = threads.submit(refusal, daemon), threads.submit(ready, daemon)
        listed = [len(daemon.client.jobs().jobs) for _ in range(20)]
        assert not asked.done(), f"{asked.result()}\n{daemon.said()}"
        assert listed == [1] * 20
        assert isinstance(asked.result(), Unavailable)
        assert "another program" in asked.result().message
        assert [reason for reason in looked.result().reasons if "another program" in reason]
    assert ready(daemon).ok
    assert daemon.client.job(daemon.make()).id == 2


def test_a_disk_that_fails_refuses_work_reads_on_and_recovers(daemon: Home) -> None:
    """An I/O error is told with its cause, in the refusal and by readiness; when the disk is well, so is the daemon."""
    daemon.client.pause()
    daemon.make()
    with failing_disk(daemon):
        assert "I/O error" in refusal(daemon).message
        assert not ready(daemon).ok
        assert any("I/O error" in reason for reason in ready(daemon).reasons)
        assert len(daemon.client.jobs().jobs) == 1
    assert ready(daemon).ok
    assert daemon.client.job(daemon.make()).id == 2


def test_a_job_that_ends_while_the_disk_fails_is_settled_later(short_folder: Path) -> None:
    """It stays under way for as long as its end cannot be written down, and no longer."""
    with home(short_folder / "h", module="held") as daemon:
        held = hold(daemon.folder, "story")
        job = daemon.make()
        wait_for(held.exists, "the held stage")
        with failing_disk(daemon):
            release(daemon.folder, "story")
            wait_for(lambda: "failed" in daemon.log(job), "the end of the work")
            assert daemon.client.job(job).state == "running"
        assert daemon.until(job, "failed", "succeeded").error is not None
        daemon.retry(job)
        daemon.finished(job)


def test_a_database_that_was_taken_away_refuses_work_and_is_saved_by_a_backup(daemon: Home, tmp_path: Path) -> None:
    """Nothing is taken in that the next daemon would not know of; put in place, the copy has all that was."""
    daemon.client.pause()
    job = daemon.make()
    for one in daemon.places.state.glob("jobs.db*"):
        one.unlink()
    assert "taken away" in refusal(daemon).message
    assert [reason for reason in ready(daemon).reasons if "taken away" in reason]
    assert daemon.ctl("backup", str(tmp_path / "saved")).returncode == 0
    daemon.end()
    (tmp_path / "saved").rename(daemon.places.database)
    daemon.start()
    assert daemon.client.job(job).state == "queued"
    assert daemon.client.job(daemon.make()).id == job + 1


def truncated(daemon: Home) -> dict[str, bytes]:
    """Cut the database of an ended daemon; the bytes of all that lies beside it."""
    file = daemon.places.database
    file.write_bytes(file.read_bytes()[:-4096])
    return {one.name: one.read_bytes() for one in file.parent.glob("jobs.db*")}


def tried(daemon: Home) -> "subprocess.CompletedProcess[str]":
    """Start a daemon that is to refuse."""
    argv = [sys.executable, "-m", "shortsd"]
    return subprocess.run(argv, env=daemon.environ, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def test_a_daemon_does_not_start_on_a_damaged_database_and_doctor_says_why(daemon: Home) -> None:
    """Both name the file and a way out, and leave every byte as it was."""
    daemon.make_with(0)
    daemon.end()
    before = truncated(daemon)
    refused = tried(daemon)
    assert refused.returncode == exits.UNUSABLE
    assert str(daemon.places.database) in refused.stderr
    assert "backup" in refused.stderr
    doctor = daemon.ctl("doctor")
    assert doctor.returncode == 1
    assert "MISSING  database" in doctor.stdout
    assert {one.name: one.read_bytes() for one in daemon.places.state.glob("jobs.db*")} == before


@pytest.fixture
def read_only(daemon: Home) -> Iterator[Home]:
    """An ended daemon's home whose state cannot be written any more."""
    daemon.end()
    state = str(daemon.places.state)
    mount = which("mount") or "mount"
    if subprocess.run([mount, "--bind", state, state], check=False, capture_output=True).returncode != 0:
        pytest.skip("only root on a machine that lets it mount can make a file system that cannot be written")
    try:
        subprocess.run([mount, "-o", "remount,ro,bind", state], check=True)
        yield daemon
    finally:
        subprocess.run([which("umount") or "umount", "--lazy", state], check=True)


def test_a_daemon_does_not_start_on_a_read_only_file_system(read_only: Home) -> None:
    """It says what cannot be written, instead of taking work that it would lose."""
    refused = tried(read_only)
    assert refused.returncode == 5
    assert str(read_only.places.state) in refused.stderr
    assert "Read-only file system" in refused.stderr

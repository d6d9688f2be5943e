"""An FFmpeg that misbehaves on cue: the job ends clearly, nothing is left, and the daemon makes the next short."""

import os
import resource
import shlex
import signal
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import held
import imageio_ffmpeg
import pytest
from daemon import TINY, Home, home, wait_for

from shortsd.wire.models import ErrorBody, JobView

WRAPPER = """#!/bin/sh
case "$*" in *-progress*) test -f {cue} && . {cue};; esac
exec {ffmpeg} "$@"
"""
"""FFmpeg, which does what a cue says before it encodes a film."""


@dataclass
class Encoder:
    """The FFmpeg of a daemon, which takes cues, and a short that was made with it."""

    daemon: Home
    cue: Path
    job: int

    def film_with(self, script: str) -> JobView:
        """Render the short with an FFmpeg that does this before it encodes, or instead."""
        self.cue.write_text(f"echo 'last words' >&2\n{script}\n")
        self.daemon.retry(self.job, "render")
        return self.daemon.until(self.job, "failed", "succeeded")

    def fails_with(self, script: str) -> ErrorBody:
        """The error that comes of it."""
        error = self.film_with(script).error
        assert error is not None
        assert error.stage == "render"
        return error

    def is_in_order(self) -> bool:
        """Nothing is left behind."""
        return not self.daemon.strays() and self.daemon.client.processes().jobs == []


@pytest.fixture(scope="module")
def encoder() -> Iterator[Encoder]:
    """That of a daemon with little patience. Whatever it did, the short can be made again in the end."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as name:
        folder = Path(name)
        cue, wrapper = folder / "cue", folder / "ffmpeg"
        ffmpeg = shlex.quote(imageio_ffmpeg.get_ffmpeg_exe())
        wrapper.write_text(WRAPPER.format(cue=shlex.quote(str(cue)), ffmpeg=ffmpeg))
        wrapper.chmod(0o700)
        with home(folder / "h", f'{TINY}\n[children]\nffmpeg = "{wrapper}"\nstall_s = 3\n') as daemon:
            job = daemon.make()
            daemon.finished(job)
            yield Encoder(daemon, cue, job)
            cue.unlink()
            daemon.retry(job, "render")
            daemon.finished(job)
            assert not daemon.strays()


def test_a_crash(encoder: Encoder) -> None:
    """An FFmpeg that crashes is named with its signal and its last words."""
    error = encoder.fails_with("kill -SEGV $$")
    assert (error.code, error.message) == ("child_failed", "ffmpeg was killed by SIGSEGV.")
    assert "last words" in error.hint
    assert encoder.is_in_order()


def test_a_kill_for_want_of_memory(encoder: Encoder) -> None:
    """One that the system kills, as it does when memory runs out, is told as that."""
    error = encoder.fails_with("kill -KILL $$")
    assert (error.code, error.message) == ("child_failed", "ffmpeg was killed by SIGKILL.")
    assert "memory" in error.hint
    assert "last words" in error.hint
    assert encoder.is_in_order()


def test_one_that_reads_nothing_and_ignores_term(encoder: Encoder) -> None:
    """One that takes no frames, and does not hear that it is to end, is killed by the stall limit."""
    error = encoder.fails_with("trap '' TERM; while :; do sleep 1; done")
    assert (error.code, error.message) == ("timed_out", "frames and ffmpeg wrote nothing for 3 s and were ended.")
    assert "last words" in error.hint
    assert encoder.is_in_order()


def test_one_that_refuses(encoder: Encoder) -> None:
    """One that ends with an exit code gives its last line as the reason."""
    error = encoder.fails_with("exit 3")
    assert (error.code, error.message) == ("child_failed", "ffmpeg ended with exit code 3: last words")
    assert encoder.is_in_order()


def test_a_grandchild_in_its_own_session(encoder: Encoder) -> None:
    """What FFmpeg starts in a session of its own, and what holds its pipes open, does not outlive it."""
    assert encoder.film_with("setsid sleep 600 &").state == "succeeded"
    assert "left processes behind, which were ended: sleep" in encoder.daemon.log(encoder.job)
    assert encoder.is_in_order()


def test_a_failure_with_a_grandchild(encoder: Encoder) -> None:
    """The same when FFmpeg crashes: the error is FFmpeg's."""
    error = encoder.fails_with("setsid sleep 600 & kill -SEGV $$")
    assert error.message == "ffmpeg was killed by SIGSEGV."
    assert encoder.is_in_order()


@contextmanager
def few_descriptors(daemon: Home) -> Iterator[None]:
    """Let a running daemon open nothing more."""
    assert daemon.process is not None
    pid = daemon.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    numbers = [int(name) for name in os.listdir(f"/proc/{pid}/fd")]  # noqa: PTH208 - the folder is the kernel's
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (max(numbers) + 1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def state(daemon: Home, job: int) -> str:
    """A job's state by the database: the daemon cannot be asked."""
    with closing(sqlite3.connect(f"file:{daemon.places.database}?mode=ro", uri=True)) as database:
        found: str = database.execute("SELECT state FROM jobs WHERE id = ?", (job,)).fetchone()[0]
    return found


def test_a_full_table_of_descriptors(short_folder: Path) -> None:
    """A job fails for want of descriptors and says so; the daemon goes on, and answers who waited meanwhile."""
    with home(short_folder, TINY, module="held") as daemon:
        reached = held.hold(short_folder, "images")
        job = daemon.make()
        wait_for(reached.exists, "the stage images")
        with socket.socket(socket.AF_UNIX) as waiting:
            with few_descriptors(daemon):
                waiting.connect(str(daemon.places.socket))
                waiting.sendall(b"GET /health/live HTTP/1.1\r\nHost: shortsd\r\n\r\n")
                held.release(short_folder, "images")
                wait_for(lambda: state(daemon, job) == "failed", "the end of the job")
            assert waiting.recv(12) == b"HTTP/1.1 200"
        error = daemon.until(job, "failed").error
        assert error is not None
        assert "Too many open files" in error.message
        assert not daemon.strays()
        daemon.retry(job)
        daemon.finished(job)
        assert daemon.kill(signal.SIGTERM) == 0

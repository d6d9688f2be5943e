"""Processes of a render that die or hang: the job fails and says why, the daemon goes on."""

import signal
from pathlib import Path

import psutil
import pytest
from daemon import TINY, Home, home, wait_for

SLOW = TINY.replace("fps = 10", "fps = 60").replace("superfast", "slow")


def child(daemon: Home, words: str) -> psutil.Process:
    """The process of the daemon whose command line holds these words, once there is one."""
    found: list[psutil.Process] = []

    def look() -> bool:
        found[:] = [process for process in daemon.strays() if words in " ".join(_command_line(process))]
        return bool(found)

    wait_for(look, f"a process with {words}")
    return found[0]


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.mark.parametrize("words", ["shortsd.media.frames", "-progress"])
def test_a_process_killed_in_mid_render_fails_the_job_clearly(short_folder: Path, words: str) -> None:
    """FFmpeg or the frame source killed from outside: failed with the signal's name; a retry reuses and finishes."""
    with home(short_folder, SLOW) as daemon:
        job = daemon.make()
        child(daemon, words).send_signal(signal.SIGKILL)
        view = daemon.until(job, "failed")
        assert view.error is not None
        assert view.error.code == "child_failed"
        assert "SIGKILL" in view.error.message
        assert view.error.stage == "render"
        assert not daemon.strays()
        daemon.retry(job)
        assert {stage.name: stage.state for stage in daemon.finished(job).stages}["images"] == "reused"


def test_a_frame_source_that_hangs_is_ended_by_the_stall_limit(short_folder: Path) -> None:
    """FFmpeg goes on talking while it waits; what counts is that no frame comes."""
    with home(short_folder, SLOW + "\n[children]\nstall_s = 2\n") as daemon:
        job = daemon.make()
        child(daemon, "shortsd.media.frames").send_signal(signal.SIGSTOP)
        view = daemon.until(job, "failed")
        assert view.error is not None
        assert view.error.code == "timed_out"
        assert "for 2 s" in view.error.message
        assert not daemon.strays()


def test_a_second_stop_waits_for_the_first(short_folder: Path) -> None:
    """A job is stopped when its processes are gone, however often it is asked for; then it can be retried, once."""
    with home(short_folder, SLOW.replace("[daemon]", "[daemon]\nmax_parallel_jobs = 2")) as daemon:
        job = daemon.make()
        child(daemon, "-progress").send_signal(signal.SIGSTOP)
        assert daemon.client.stop(job).state == "stopping"
        assert daemon.client.stop(job).state == "stopping"
        daemon.until(job, "stopped")
        assert not daemon.strays()
        daemon.retry(job)
        assert daemon.finished(job).attempt == 2


def test_a_frozen_ffmpeg_does_not_keep_a_job_from_being_stopped(short_folder: Path) -> None:
    """A process that hears no signal but KILL is killed, and its job is stopped."""
    with home(short_folder, SLOW) as daemon:
        job = daemon.make()
        child(daemon, "-progress").send_signal(signal.SIGSTOP)
        stopped = daemon.ctl("stop", str(job))
        assert stopped.returncode == 0, stopped.stderr
        daemon.until(job, "stopped")
        assert not daemon.strays()

"""Processes of a render that die or hang: the job fails and says why, the daemon goes on."""

import signal
from pathlib import Path

import psutil
from daemon import TINY, Home, home, wait_for
from patient import patient

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


def test_a_process_killed_in_mid_render_fails_the_job_clearly(short_folder: Path) -> None:
    """FFmpeg or the frame source killed from outside: failed with the signal's name; a retry reuses and finishes."""
    with home(short_folder / "h", patient(short_folder)) as daemon:
        job = daemon.make()
        for words in ("shortsd.media.frames", "-progress"):
            wait_for((short_folder / "encoding").exists, "an FFmpeg at work")
            child(daemon, words).send_signal(signal.SIGKILL)
            error = daemon.until(job, "failed").error
            assert error is not None
            assert (error.code, error.stage) == ("child_failed", "render")
            assert "SIGKILL" in error.message
            assert not daemon.strays()
            (short_folder / "encoding").unlink()
            daemon.retry(job)
        (short_folder / "go").touch()
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


def test_a_frozen_ffmpeg_does_not_keep_a_job_from_being_stopped(short_folder: Path) -> None:
    """A process that hears no signal but KILL is killed, and its job is stopped.

    Not before its processes are gone, however often it is asked for; then it can be retried, once.
    """
    with home(short_folder, SLOW.replace("[daemon]", "[daemon]\nmax_parallel_jobs = 2")) as daemon:
        job = daemon.make()
        child(daemon, "-progress").send_signal(signal.SIGSTOP)
        assert daemon.client.stop(job).state == "stopping"
        assert daemon.client.stop(job).state == "stopping"
        stopped = daemon.ctl("stop", str(job))
        assert stopped.returncode in (0, 5), stopped.stderr  # 5: it has ended before this command had begun
        daemon.until(job, "stopped")
        assert not daemon.strays()
        daemon.retry(job)
        assert daemon.until(job, "running").attempt == 2

"""What fails and may pass is tried again by itself; what kills daemons is not."""

import signal
from pathlib import Path

import held
from daemon import home, wait_for
from falling import AT_RENDER, falling, waiting


def test_a_job_whose_child_crashed_is_tried_again_and_finished(short_folder: Path) -> None:
    """The job waits, says why and until when; the next try goes on after what is finished; `show` tells all of it."""
    with home(short_folder / "h", falling(short_folder, 3, 1.0, AT_RENDER)) as daemon:
        (short_folder / "falls").touch()
        job = daemon.make()
        wait_for(lambda: waiting(daemon, job), "a job that waits for its next try")
        view = daemon.client.job(job)
        assert view.error is not None
        assert "SIGSEGV" in view.error.message
        assert "it is going to fall" in view.error.hint
        assert "try 1 of 3 follows" in view.reason
        assert "next try" in daemon.ctl("show", str(job)).stdout
        (short_folder / "falls").unlink()
        view = daemon.finished(job)
        assert view.error is None
        assert [one.move for one in view.history[:3]] == ["created", "started", "postponed"]
        assert "postponed" in daemon.ctl("show", str(job)).stdout
        assert {one.name: one.state for one in view.stages}["voice"] == "reused"


def test_tries_have_a_limit(short_folder: Path) -> None:
    """After so many tries the job has failed, with what was wrong the last time."""
    with home(short_folder / "h", falling(short_folder, 2, 0.2)) as daemon:
        (short_folder / "falls").touch()
        view = daemon.until(daemon.make(), "failed", "succeeded")
        assert view.state == "failed"
        assert view.attempt == 3
        assert [one.move for one in view.history].count("postponed") == 2
        assert view.error is not None
        assert view.error.code == "child_failed"


def test_a_retry_does_not_wait(short_folder: Path) -> None:
    """Who retries a job that waits for its next try has it now; who stops it has it stopped."""
    with home(short_folder / "h", falling(short_folder, 3, 3600.0)) as daemon:
        (short_folder / "falls").touch()
        first, second = daemon.make(), daemon.make()
        wait_for(lambda: waiting(daemon, first) and waiting(daemon, second), "two jobs that wait for their next try")
        (short_folder / "falls").unlink()
        assert daemon.ctl("stop", str(second)).returncode == 0
        assert daemon.client.job(second).state == "stopped"
        assert daemon.ctl("retry", str(first)).returncode == 0
        assert daemon.until(first, "running").tries == 0


def test_tries_survive_a_restart(short_folder: Path) -> None:
    """A job that waits for its next try goes on waiting under the next daemon, and is tried in its time."""
    with home(short_folder / "h", falling(short_folder, 3, 4.0)) as daemon:
        (short_folder / "falls").touch()
        job = daemon.make()
        wait_for(lambda: waiting(daemon, job), "a job that waits for its next try")
        daemon.kill()
        (short_folder / "falls").unlink()
        daemon.start()
        wait_for(lambda: daemon.client.job(job).attempt == 2, "the next try")
        assert daemon.client.job(job).deaths == 0


def test_a_job_over_which_the_daemon_died_three_times_is_not_tried_for_ever(short_folder: Path) -> None:
    """It fails as poisonous, other jobs go on, and a user may still have it tried."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "story")
        job = daemon.make()
        for _ in range(3):
            wait_for(reached.exists, "the stage")
            daemon.kill(signal.SIGKILL)
            reached.unlink()
            daemon.start()
        view = daemon.until(job, "failed")
        assert view.error is not None
        assert view.error.code == "poisonous"
        assert [one.move for one in view.history].count("interrupted") == 2
        held.release(short_folder, "story")
        daemon.finished(daemon.make())
        daemon.retry(job)
        assert daemon.until(job, "running").deaths == 0

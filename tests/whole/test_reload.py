"""A configuration that is read again while the daemon runs."""

import os
import signal

from daemon import TINY, Home, wait_for


def reload(daemon: Home, config: str, answer: str) -> None:
    """Put a configuration in place, have it read, and wait until the daemon says what came of it."""
    (daemon.folder / "config.toml").write_text(config)
    assert daemon.process is not None
    os.kill(daemon.process.pid, signal.SIGHUP)
    wait_for(lambda: answer in daemon.said(), answer)


def test_what_was_changed_counts_for_the_next_job(daemon: Home) -> None:
    """A HUP reads the configuration again; what has to wait for a start is named."""
    first = daemon.finished(daemon.make())
    reload(daemon, TINY.replace("fps = 10", "fps = 12") + '\n[children]\nffmpeg = "ffmpeg"\n', "was read again")
    assert "counts_from_next_start=children.ffmpeg" in daemon.said()
    second = daemon.finished(daemon.make())
    assert (first.params["fps"], second.params["fps"]) == (10, 12)


def test_a_configuration_that_cannot_be_used_changes_nothing(daemon: Home) -> None:
    """The daemon says what is wrong with it, and goes on with the one it has."""
    reload(daemon, TINY.replace("fps = 10", "fps = 0"), "stays as it was")
    assert "video.fps" in daemon.said()
    assert daemon.finished(daemon.make()).params["fps"] == 10


def test_more_jobs_at_a_time_begin_at_once(daemon: Home) -> None:
    """A limit that was raised counts for those that wait already."""
    slow = TINY.replace("fps = 10", "fps = 60").replace("superfast", "slower")
    reload(daemon, slow + "max_parallel_jobs = 1\n", "was read again")
    jobs = [daemon.make(), daemon.make()]
    daemon.until(jobs[0], "running")
    assert daemon.client.job(jobs[1]).state == "queued"
    (daemon.folder / "stderr").write_text("")
    reload(daemon, slow + "max_parallel_jobs = 2\n", "was read again")
    daemon.until(jobs[1], "running")

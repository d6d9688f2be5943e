"""A configuration that is read again while the daemon runs."""

import itertools
import os
import signal

from daemon import TINY, Home, wait_for

from shortsd.client.sse import Message


def reload(daemon: Home, config: str, answer: str) -> None:
    """Put a configuration in place, have it read, and wait until the daemon says what came of it."""
    (daemon.folder / "config.toml").write_text(config)
    assert daemon.process is not None
    os.kill(daemon.process.pid, signal.SIGHUP)
    wait_for(lambda: answer in daemon.said(), answer)


def test_what_was_changed_counts_for_the_next_job(daemon: Home) -> None:
    """A HUP reads the configuration again; what has to wait for a start is named."""
    first = daemon.client.job(daemon.make())
    reload(daemon, TINY.replace("fps = 10", "fps = 12") + '\n[children]\nffmpeg = "ffmpeg"\n', "was read again")
    assert "counts_from_next_start=children.ffmpeg" in daemon.said()
    second = daemon.client.job(daemon.make())
    assert (first.params["fps"], second.params["fps"]) == (10, 12)


def test_a_configuration_that_cannot_be_used_changes_nothing(daemon: Home) -> None:
    """The daemon says what is wrong with it, and goes on with the one it has."""
    reload(daemon, TINY.replace("fps = 10", "fps = 0"), "stays as it was")
    assert "video.fps" in daemon.said()
    assert daemon.client.job(daemon.make()).params["fps"] == 10


def test_more_jobs_at_a_time_begin_at_once(daemon: Home) -> None:
    """A limit that was raised counts for those that wait already."""
    slow = TINY.replace("fps = 10", "fps = 60").replace("superfast", "slower")
    reload(daemon, slow + "max_parallel_jobs = 1\n", "was read again")
    jobs = [daemon.make(), daemon.make()]
    daemon.until(jobs[0], "running")
    waiting = daemon.client.job(jobs[1])
    assert (waiting.state, waiting.message) == ("queued", "waits for jobs before it to end")
    (daemon.folder / "stderr").write_text("")
    reload(daemon, slow + "max_parallel_jobs = 2\n", "was read again")
    daemon.until(jobs[1], "running")


def replaced(daemon: Home, config: str) -> None:
    """Put a configuration in place as editors do: written beside it, and renamed."""
    (daemon.folder / "config.new").write_text(config)
    (daemon.folder / "config.new").rename(daemon.folder / "config.toml")


def read_again(daemon: Home, times: int) -> None:
    """Wait until a configuration was read again so many times."""
    wait_for(lambda: daemon.said().count("was read again") >= times, f"a configuration read {times} times")


def about_configuration(daemon: Home, config: str) -> Message:
    """Put a configuration in place, and wait for what is told of it to who listens to everything."""
    with daemon.client.events() as events:
        assert next(events).event == "snapshot"
        replaced(daemon, config)
        return next(message for message in events if message.event.startswith("config."))


def test_a_file_that_was_changed_is_read_by_itself(daemon: Home) -> None:
    """In whatever way it was written; jobs are made with it from then on, and who listens is told."""
    told = about_configuration(daemon, TINY.replace("fps = 10", "fps = 12") + '\n[children]\nffmpeg = "ffmpeg"\n')
    event = daemon.data(told)
    assert (told.event, event["seq"], event["job"]) == ("config.reloaded", None, 0)
    assert event["data"] == {"counts_from_next_start": ["children.ffmpeg"]}
    with daemon.client.events() as events:
        next(events)
        (daemon.folder / "config.toml").write_text(TINY.replace("fps = 10", "fps = 14"))
        next(message for message in events if message.event == "config.reloaded")
    assert daemon.client.job(daemon.make()).params["fps"] == 14


def test_a_file_that_cannot_be_used_is_told_to_everybody(daemon: Home) -> None:
    """To who listens, to who asks later by health, `doctor` and the log, until it is mended; work goes on as before."""
    told = about_configuration(daemon, TINY.replace("fps = 10", "fps = 0"))
    assert told.event == "config.refused"
    assert "video.fps" in daemon.data(told)["data"]["message"]
    (note,) = daemon.client.live().notes
    assert "video.fps" in note
    (found,) = (one for one in daemon.client.doctor().findings if one.name == "configuration")
    assert not found.ok
    assert "video.fps" in found.detail
    assert "stays as it was" in daemon.said()
    assert daemon.client.job(daemon.make()).params["fps"] == 10
    assert about_configuration(daemon, TINY).event == "config.reloaded"
    assert daemon.client.live().notes == []


def test_a_file_that_is_written_anew_as_it_was_changes_nothing(daemon: Home) -> None:
    """Nothing is told of it; the next change is."""
    (daemon.folder / "config.toml").touch()
    replaced(daemon, TINY)
    assert about_configuration(daemon, TINY.replace("fps = 10", "fps = 12")).event == "config.reloaded"
    assert daemon.said().count("was read again") == 1


def test_a_file_that_is_a_link_is_watched_where_it_leads(daemon: Home) -> None:
    """Both the link and what it leads to may be changed; so do programs that hand out configurations."""
    config, real = daemon.folder / "config.toml", daemon.folder / "elsewhere"
    real.mkdir()
    (real / "one").write_text(TINY.replace("fps = 10", "fps = 12"))
    (daemon.folder / "link").symlink_to(real / "one")
    (daemon.folder / "link").rename(config)
    read_again(daemon, times=1)
    (real / "one").write_text(TINY.replace("fps = 10", "fps = 16"))
    read_again(daemon, times=2)
    assert daemon.client.job(daemon.make()).params["fps"] == 16


def test_a_file_that_is_gone_leaves_the_defaults(daemon: Home) -> None:
    """As it would at the next start; one that comes again is read."""
    config = daemon.folder / "config.toml"
    config.unlink()
    read_again(daemon, times=1)
    assert daemon.client.job(daemon.make()).params["fps"] == 30
    replaced(daemon, TINY)
    read_again(daemon, times=2)


def test_who_follows_one_job_hears_nothing_of_the_configuration(daemon: Home) -> None:
    """It is about no job: a follower of one sees that job's events alone."""
    job = daemon.make()
    with daemon.client.events(job) as events:
        assert next(events).event == "snapshot"
        replaced(daemon, TINY.replace("fps = 10", "fps = 12"))
        read_again(daemon, times=1)
        daemon.client.stop(job)
        heard = list(itertools.takewhile(lambda message: message.event != "job.stopped", events))
    assert not [message for message in heard if message.event.startswith("config.")]

"""The daemon itself: alone in its home, private, orderly at its end."""

import re
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import held
import pytest
from daemon import TINY, Home, home, wait_for
from patient import patient

from shortsd.domain.stage import STAGES


def test_a_second_daemon_on_a_home_is_refused(daemon: Home) -> None:
    """It says who is there, with a hint, and the first one goes on."""
    second = subprocess.run(
        [sys.executable, "-m", "shortsd"], env=daemon.environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode == 5
    assert daemon.process is not None
    assert f"pid {daemon.process.pid}" in second.stderr
    assert "shortsctl shutdown" in second.stderr
    assert daemon.answers()


def test_a_socket_on_which_another_daemon_listens_is_not_taken(daemon: Home, tmp_path: Path) -> None:
    """A daemon of another home with the same socket is refused, and the first one keeps it."""
    environ = {**daemon.environ, "SHORTSD_HOME": str(tmp_path), "SHORTSD_SOCKET": str(daemon.places.socket)}
    argv = [sys.executable, "-m", "shortsd"]
    second = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 5
    assert "listens" in second.stderr
    assert daemon.answers()


def test_an_output_folder_that_cannot_be_written_is_told_before_the_work(daemon: Home) -> None:
    """The folder is named, no job is made, and doctor says so too."""
    shutil.rmtree(daemon.places.output)
    daemon.places.output.write_text("not a folder")
    refused = daemon.ctl("make", "fog")
    assert refused.returncode == 5
    assert f"{daemon.places.output} cannot be written" in refused.stderr
    assert daemon.client.jobs().jobs == []
    assert daemon.ctl("doctor").returncode == 1


def test_an_ffmpeg_that_is_not_there_is_told_at_the_start(short_folder: Path) -> None:
    """The daemon does not start on a program that cannot be run."""
    (short_folder / "config.toml").write_text('[children]\nffmpeg = "/nowhere/ffmpeg"\n')
    made = Home(short_folder)
    argv = [sys.executable, "-m", "shortsd"]
    refused = subprocess.run(argv, env=made.environ, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert "/nowhere/ffmpeg" in refused.stderr


def test_the_state_is_private(daemon: Home) -> None:
    """What is kept of jobs is their user's alone, also in folders that were there before."""
    daemon.end()
    daemon.places.state.chmod(0o755)
    daemon.start()
    assert stat.S_IMODE(daemon.places.state.stat().st_mode) == 0o700
    assert stat.S_IMODE(daemon.places.database.stat().st_mode) == 0o600


def test_the_socket_is_private(daemon: Home) -> None:
    """Mode 0600 in a folder of mode 0700."""
    socket = daemon.places.socket
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


def test_a_socket_left_by_a_dead_daemon_is_no_obstacle(daemon: Home) -> None:
    """After kill -9 the next daemon starts on the same path."""
    daemon.kill()
    assert daemon.places.socket.is_socket()
    daemon.start()
    assert daemon.answers()


def test_a_socket_that_is_taken_away_is_made_again(short_folder: Path) -> None:
    """A login's end takes the folder of its sockets along: the daemon is there again for the next one, and private."""
    with home(short_folder, module="held") as daemon:
        socket = daemon.places.socket
        with daemon.client.events() as stream:
            shutil.rmtree(socket.parent)
            wait_for(daemon.answers, "the daemon on another socket")
            assert (stat.S_IMODE(socket.stat().st_mode), stat.S_IMODE(socket.parent.stat().st_mode)) == (0o600, 0o700)
            job = daemon.make()
            assert next(message for message in stream if f'"job":{job}' in message.data)
        assert "made again" in daemon.said()
        assert daemon.kill(signal.SIGTERM) == 0
        assert not socket.exists()


def test_shutdown_puts_a_running_job_back_and_the_next_start_finishes_it(short_folder: Path) -> None:
    """`shutdown` ends the daemon with its processes; the job waits, says why, and goes on later."""
    with home(short_folder / "h", patient(short_folder)) as daemon:
        job = daemon.make()
        wait_for((short_folder / "encoding").exists, "the render")
        ended = daemon.ctl("shutdown")
        assert ended.returncode == 0, ended.stderr
        assert daemon.died() == 0
        assert not daemon.strays()
        assert not daemon.places.socket.exists()
        (short_folder / "go").touch()
        daemon.start()
        assert "interrupted: the daemon was shut down" in daemon.log(job)
        states = {stage.name: stage.state for stage in daemon.finished(job).stages}
        assert states["images"] == "reused"


def test_a_followed_log_does_not_end_as_if_the_job_had(short_folder: Path) -> None:
    """When the daemon ends in mid-job, `logs -f` says so by its exit code."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "images")
        job = daemon.make()
        wait_for(reached.exists, "the images")
        argv = [sys.executable, "-m", "shortsd.cli", "logs", "-f", str(job)]
        with subprocess.Popen(argv, env=daemon.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as following:
            assert following.stdout is not None
            assert b"begins" in following.stdout.readline()
            daemon.kill(signal.SIGTERM)
            _, said = following.communicate(timeout=60)
        assert following.returncode == 3
        assert b"daemon went away" in said


def test_sigterm_ends_an_idle_daemon_with_exit_code_zero(daemon: Home) -> None:
    """A service manager's word is enough, also while somebody listens to the events."""
    with daemon.client.events() as events:
        assert next(events).event == "snapshot"
        assert daemon.kill(signal.SIGTERM) == 0
        assert list(events) == []


@dataclass
class Watched:
    """A job, the daemon that made it after its folders had gone away, and its samples of progress."""

    daemon: Home
    job: int
    samples: list[dict[str, Any]]


@pytest.fixture(scope="module")
def watched(shared: Home) -> Watched:
    shutil.rmtree(shared.places.output)
    shutil.rmtree(shared.places.work)
    with shared.client.events() as events:
        job = shared.make(fps=60)
        samples = []
        for message in events:
            if message.event == "progress":
                samples.append(shared.data(message)["data"])
            if message.event == "job.succeeded":
                break
    return Watched(shared, job, samples)


def test_an_output_folder_that_went_away_is_made_again(watched: Watched) -> None:
    """What a user tidied up under a running daemon is no obstacle."""
    assert len(watched.daemon.outputs()) == 5
    assert (watched.daemon.places.work / str(watched.job)).is_dir()


def test_progress_only_ever_rises(watched: Watched) -> None:
    """From the first sample to the last, the percentage of a job never falls, and it moves by the frame."""
    samples = watched.samples
    percents = [sample["percent"] for sample in samples]
    assert percents == sorted(percents)
    assert percents[-1] == 100.0
    order = [STAGES.index(sample["stage"]) for sample in samples if sample["stage"]]
    assert order == sorted(order)
    frames = {int(found[1]) for sample in samples if (found := re.match(r"(\d+) of \d+ frames", sample["message"]))}
    assert len(frames) > 3
    assert watched.daemon.client.job(watched.job).percent == 100.0


def test_higher_priority_goes_first_then_the_older(short_folder: Path) -> None:
    """Of jobs that wait, the most important is started first, and among equals the oldest."""
    config = TINY.replace("[daemon]", "[daemon]\nmax_parallel_jobs = 1")
    with home(short_folder, config, module="held") as daemon:
        held.hold(short_folder, "story")
        with daemon.client.events() as events:
            busy = daemon.make()
            low, high, other = (daemon.make_with(priority) for priority in (0, 5, 0))
            started: list[int] = []
            for message in events:
                if message.event == "job.started":
                    started.append(daemon.data(message)["job"])
                    daemon.client.stop(started[-1])
                if len(started) == 4:
                    break
        assert started == [busy, high, low, other]


def test_an_unknown_key_in_the_configuration_is_refused_by_name(short_folder: Path) -> None:
    """The daemon does not start on a setting that it does not know, and says which one was probably meant."""
    (short_folder / "config.toml").write_text("[video]\nfsp = 30\n")
    made = Home(short_folder)
    refused = subprocess.run(
        [sys.executable, "-m", "shortsd"], env=made.environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 2
    assert "video.fsp" in refused.stderr
    assert "`video.fps`" in refused.stderr
    assert "config.toml" in refused.stderr

"""Stop and retry: a stop leaves nothing, a retry goes on from the last finished stage."""

from pathlib import Path

import held
import pytest
from daemon import Home, home, wait_for

from shortsd.domain.stage import STAGES


def test_a_job_stopped_in_any_stage_leaves_nothing_and_can_be_retried(short_folder: Path) -> None:
    """A stopped job has no processes and no output; a retry reuses the finished stages and says so."""
    with home(short_folder, module="held") as daemon:
        reached = {stage: held.hold(short_folder, stage) for stage in STAGES}
        job = daemon.make()
        for stage in STAGES:
            wait_for(reached[stage].exists, f"the stage {stage}")
            assert reused(daemon, job) == set(STAGES[: max(0, STAGES.index(stage) - 1)])
            stopped = daemon.ctl("stop", str(job))
            assert stopped.returncode == 0, stopped.stderr
            daemon.until(job, "stopped")
            assert daemon.outputs() == []
            assert not daemon.strays()
            held.release(short_folder, stage)
            daemon.retry(job)
        daemon.finished(job)
        assert reused(daemon, job) == set(STAGES[:-1])
        assert daemon.log(job).count("reused: made before") == sum(range(len(STAGES)))


def reused(daemon: Home, job: int) -> set[str]:
    """The stages of a job that were made in an attempt before."""
    return {one.name for one in daemon.client.job(job).stages if one.state == "reused"}


def test_a_queued_job_is_stopped_at_once(short_folder: Path) -> None:
    """A job that waits is stopped without having run; the one before it is not touched."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "story")
        first, second = daemon.make(), daemon.make()
        wait_for(reached.exists, "the first job")
        assert daemon.client.stop(second).state == "stopped"
        assert daemon.client.job(first).state == "running"
        held.release(short_folder, "story")
        wait_for(lambda: daemon.client.job(first).stage != "story", "the first job going on")
        assert daemon.client.job(second).attempt == 0


@pytest.fixture(scope="module")
def made(shared: Home) -> tuple[Home, int]:
    """A daemon, and the only job that it has made."""
    job = shared.make()
    shared.finished(job)
    return shared, job


def test_stopping_what_has_ended_is_refused(made: tuple[Home, int]) -> None:
    """A second stop says that the job has ended, with the exit code for a wrong state."""
    daemon, job = made
    again = daemon.ctl("stop", str(job))
    assert again.returncode == 5
    assert f"job {job} is succeeded" in again.stderr
    assert len(daemon.outputs()) == 5


def test_a_retry_without_changes_reuses_all_but_publish(made: tuple[Home, int]) -> None:
    """A finished job retried has nothing to do but to publish, also when its output was taken away."""
    daemon, job = made
    for name in daemon.outputs():
        (daemon.places.output / name).unlink()
    daemon.retry(job)
    view = daemon.finished(job)
    assert [one.state for one in view.stages] == ["reused"] * 7 + ["done"]
    assert len(daemon.outputs()) == 5


def test_retry_from_a_stage_does_it_and_the_later_ones_again(made: tuple[Home, int]) -> None:
    """`retry --from thumbnail` reuses what comes before and makes the rest anew."""
    daemon, job = made
    before = daemon.client.job(job).attempt
    again = daemon.ctl("retry", str(job), "--from", "thumbnail")
    assert again.returncode == 0, again.stderr
    view = daemon.finished(job)
    states = [one.state for one in view.stages]
    assert states == ["reused"] * 5 + ["done"] * 3
    assert view.attempt == before + 1


def test_a_damaged_artifact_is_made_again(made: tuple[Home, int]) -> None:
    """An artifact that is not as it was made counts as missing."""
    daemon, job = made
    (thumbnail,) = (daemon.places.work / str(job)).glob("thumbnail-*/thumbnail.jpg")
    thumbnail.write_bytes(thumbnail.read_bytes()[:1000])
    daemon.retry(job)
    states = {one.name: one.state for one in daemon.finished(job).stages}
    assert (states["render"], states["thumbnail"]) == ("reused", "done")


def test_a_job_stopped_as_it_publishes_leaves_nothing(made: tuple[Home, int]) -> None:
    """Told to stop when its video has just appeared, a job is stopped with an empty output folder, or has succeeded."""
    daemon, job = made
    for name in daemon.outputs():
        (daemon.places.output / name).unlink()
    daemon.retry(job)
    wait_for(lambda: any(name.endswith(".mp4") for name in daemon.outputs()), "the video")
    daemon.ctl("stop", str(job))
    view = daemon.until(job, "stopped", "succeeded")
    assert len(daemon.outputs()) == (0 if view.state == "stopped" else 5)

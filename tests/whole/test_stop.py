"""Stop and retry: a stop leaves nothing, a retry goes on from the last finished stage."""

from pathlib import Path

import held
import pytest
from daemon import Home, home, wait_for

from shortsd.domain.stage import STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_a_job_stopped_in_any_stage_leaves_nothing_and_can_be_retried(short_folder: Path, stage: str) -> None:
    """A stopped job has no processes and no output; a retry reuses the finished stages and says so."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, stage)
        job = daemon.make()
        wait_for(reached.exists, f"the stage {stage}")
        stopped = daemon.ctl("stop", str(job))
        assert stopped.returncode == 0, stopped.stderr
        daemon.until(job, "stopped")
        assert daemon.outputs() == []
        assert not daemon.strays()
        held.release(short_folder, stage)
        daemon.retry(job)
        view = daemon.finished(job)
        before = set(STAGES[: STAGES.index(stage)])
        assert {one.name for one in view.stages if one.state == "reused"} == before
        assert daemon.log(job).count("reused: made before") == len(before)


def test_a_job_stopped_as_it_publishes_leaves_nothing(daemon: Home) -> None:
    """Told to stop when its video has just appeared, a job is stopped with an empty output folder, or has succeeded."""
    job = daemon.make()
    wait_for(lambda: any(name.endswith(".mp4") for name in daemon.outputs()), "the video")
    daemon.ctl("stop", str(job))
    view = daemon.until(job, "stopped", "succeeded")
    assert len(daemon.outputs()) == (0 if view.state == "stopped" else 5)


def test_a_queued_job_is_stopped_at_once(short_folder: Path) -> None:
    """A job that waits is stopped without having run; the one before it is not touched."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "story")
        first, second = daemon.make(), daemon.make()
        wait_for(reached.exists, "the first job")
        assert daemon.client.stop(second).state == "stopped"
        assert daemon.client.job(first).state == "running"
        held.release(short_folder, "story")
        daemon.finished(first)
        assert daemon.client.job(second).attempt == 0


def test_stopping_what_has_ended_is_refused(daemon: Home) -> None:
    """A second stop says that the job has ended, with the exit code for a wrong state."""
    job = daemon.make()
    daemon.finished(job)
    again = daemon.ctl("stop", str(job))
    assert again.returncode == 5
    assert f"job {job} is succeeded" in again.stderr
    assert len(daemon.outputs()) == 5


def test_retry_from_a_stage_does_it_and_the_later_ones_again(daemon: Home) -> None:
    """`retry --from render` reuses what comes before and makes the rest anew."""
    job = daemon.make()
    daemon.finished(job)
    again = daemon.ctl("retry", str(job), "--from", "render")
    assert again.returncode == 0, again.stderr
    view = daemon.finished(job)
    states = [one.state for one in view.stages]
    assert states == ["reused"] * 4 + ["done"] * 4
    assert view.attempt == 2


def test_a_retry_without_changes_reuses_all_but_publish(daemon: Home) -> None:
    """A finished job retried has nothing to do but to publish, also when its output was taken away."""
    job = daemon.make()
    daemon.finished(job)
    for name in daemon.outputs():
        (daemon.places.output / name).unlink()
    daemon.retry(job)
    view = daemon.finished(job)
    assert [one.state for one in view.stages] == ["reused"] * 7 + ["done"]
    assert len(daemon.outputs()) == 5


def test_a_damaged_artifact_is_made_again(daemon: Home) -> None:
    """An artifact that is not as it was made counts as missing."""
    job = daemon.make()
    daemon.finished(job)
    (voice,) = (daemon.places.work / str(job)).glob("voice-*/voice.wav")
    voice.write_bytes(voice.read_bytes()[:1000])
    daemon.retry(job)
    states = {one.name: one.state for one in daemon.finished(job).stages}
    assert states["story"] == "reused"
    assert states["voice"] == "done"

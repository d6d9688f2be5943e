"""A dead daemon loses nothing: killed in any stage, the next one finishes the work."""

from pathlib import Path

import held
import pytest
from daemon import home, wait_for

from shortsd.domain.stage import STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_a_job_killed_in_any_stage_is_finished_by_the_next_daemon(short_folder: Path, stage: str) -> None:
    """After kill -9 the next start requeues the job, reuses what was finished and ends it; nothing of the old lives."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, stage)
        job = daemon.make()
        wait_for(reached.exists, f"the stage {stage}")
        daemon.kill()
        held.release(short_folder, stage)
        daemon.start()
        assert "interrupted" in daemon.log(job)
        view = daemon.finished(job)
        assert view.attempt == 2
        states = {one.name: one.state for one in view.stages}
        before = STAGES[: STAGES.index(stage)]
        assert all(states[name] == "reused" for name in before), states
        assert states[stage] == "done"
        assert len(daemon.outputs()) == 3
        assert not daemon.strays()


def test_processes_of_a_killed_daemon_die_before_the_next_one_works(short_folder: Path) -> None:
    """A daemon killed in mid-render leaves no FFmpeg and no frame source behind."""
    with home(short_folder, TINY_SLOW) as daemon:
        job = daemon.make()
        wait_for(lambda: _rendering(daemon.client.job(job).message), "frames being rendered")
        assert daemon.strays()
        daemon.kill()
        daemon.start()
        wait_for(lambda: daemon.client.job(job).state == "running", "the job going on")
        started = daemon.client.live().pid
        assert all(started in {parent.pid for parent in process.parents()} for process in daemon.strays())
        daemon.ctl("stop", str(job))
        daemon.until(job, "stopped")
        assert not daemon.strays()


TINY_SLOW = """
[video]
width = 540
height = 960
fps = 60
preset = "slow"

[daemon]
min_free_mb = 20
"""


def _rendering(message: str) -> bool:
    return message.endswith("frames") and not message.startswith("0 ")

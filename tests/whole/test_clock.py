"""A clock that jumps: nothing waits for ever, nothing is cut short, and no figure is absurd."""

from pathlib import Path

import held
import pytest
from daemon import TINY, home, wait_for
from falling import falling, waiting

DAY_S = 86400.0


@pytest.mark.parametrize("jump_s", [DAY_S, -DAY_S])
def test_a_job_outlives_a_jump_in_its_middle(short_folder: Path, jump_s: float) -> None:
    """It ends as if nothing had happened, its stages last no negative time, and the next one is made, too."""
    with home(short_folder, TINY, module="held") as daemon:
        reached = held.hold(short_folder, "captions")
        job = daemon.make()
        wait_for(reached.exists, "the captions")
        held.put_clock(short_folder, jump_s)
        assert daemon.client.job(job).eta_s is not None
        assert daemon.ctl("show", str(job)).returncode == 0
        assert daemon.ctl("ps").returncode == 0
        held.release(short_folder, "captions")
        view = daemon.finished(job)
        assert all(stage.seconds is not None and stage.seconds >= 0 for stage in view.stages)
        assert daemon.ctl("stats").returncode == 0
        daemon.finished(daemon.make())


@pytest.mark.parametrize("jump_s", [DAY_S, -DAY_S])
def test_who_waits_for_the_next_try_does_not_wait_for_a_lost_hour(short_folder: Path, jump_s: float) -> None:
    """A wait that a jump has made absurd is over."""
    config = falling(short_folder, 3, 3600.0)
    with home(short_folder / "h", config, module="held") as daemon:
        (short_folder / "falls").touch()
        job = daemon.make()
        wait_for(lambda: waiting(daemon, job), "a job that waits for its next try")
        (short_folder / "falls").unlink()
        held.put_clock(short_folder / "h", jump_s)
        assert daemon.finished(job).attempt == 2

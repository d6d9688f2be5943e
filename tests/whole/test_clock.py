"""A clock that jumps: nothing waits for ever, nothing is cut short, and no figure is absurd."""

from functools import partial
from pathlib import Path

import held
from daemon import TINY, Home, home, wait_for
from falling import falling, waiting

DAY_S = 86400.0


def test_jobs_outlive_jumps_in_their_middle(short_folder: Path) -> None:
    """Each ends as if nothing had happened, its stages last no negative time, and the next one is made, too."""
    with home(short_folder, TINY, module="held") as daemon:
        for jump_s in (DAY_S, -DAY_S):
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
            reached.unlink()


def test_who_waits_for_the_next_try_does_not_wait_for_a_lost_hour(short_folder: Path) -> None:
    """A wait that a jump has made absurd is over, whichever way the clock went."""
    with home(short_folder / "h", falling(short_folder, 3, 3600.0), module="held") as daemon:
        (short_folder / "falls").touch()
        job = daemon.make()
        for attempt, jump_s in enumerate((DAY_S, -DAY_S), 2):
            wait_for(lambda: waiting(daemon, job), "a job that waits for its next try")
            held.put_clock(short_folder / "h", jump_s)
            wait_for(partial(tried, daemon, job, attempt), "the next try")


def tried(daemon: Home, job: int, times: int) -> bool:
    return daemon.client.job(job).attempt >= times

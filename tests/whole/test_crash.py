"""A dead daemon loses nothing: killed at any moment, the next one finishes the work."""

import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path

import crashing
import held
import intact
import pytest
from daemon import TINY, Home, home, resting, wait_for
from patient import patient

from shortsd.domain.errors import NoDaemon
from shortsd.domain.stage import STAGES
from shortsd.wire.models import JobView, NewJob, NewJobs, ShortParams

SMALLEST = TINY.replace("270", "128").replace("480", "128").replace("fps = 10", "fps = 1")
"""A size at which a short of a sentence takes two seconds."""
SENTENCE = NewJobs(jobs=[NewJob(params=ShortParams(story="Nobody lit the lamp.", seed=1))])
CHAINS = 4
"""Tests that share the points of a life; each takes every 4th, so that one job serves for many crashes."""

RENDERING = "after child.added:render 1"
START = [f"{when} {what} 1" for what, when in product(["children.cleared", "stages.interrupted"], ["before", "after"])]
INTERRUPTED = [*START, "before job.interrupted 1", "after job.interrupted 1"]
POISONED = [RENDERING, RENDERING, RENDERING, *START, "before job.failed 1", "after job.failed 1"]


@pytest.fixture(scope="module")
def life() -> list[str]:
    """The points of the life of a job, from the start of its daemon on: before each transition, and after each kind.

    Right after one nothing is otherwise than right before the next. Of the processes that a stage has one after the
    other, the first two stand for all: how many more there are differs, as sound is mastered until it is loud enough.
    """
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder), SMALLEST, "crashing") as daemon:
        daemon.finished(asked(daemon).id)
        points = crashing.points(daemon.folder)
    return list(_telling(point for point in points if int(point.rpartition(" ")[2]) <= 2))


def _telling(points: Iterable[str]) -> Iterator[str]:
    """Points without those after a transition of a kind that had one before: `stage.started` of another stage."""
    kinds = set()
    for point in points:
        when, kind = point.partition(":")[0].split()[:2]
        if when == "before" or kind not in kinds:
            yield point
        kinds |= {kind} if when == "after" else set()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("chain", range(CHAINS))
def test_a_daemon_may_die_at_any_transition(short_folder: Path, life: list[str], chain: int) -> None:
    """Killed right before or after anything comes to be for good, the next goes on, and nothing is done twice."""
    survives(short_folder, life[chain::CHAINS])


@pytest.mark.parametrize("points", [[RENDERING, *INTERRUPTED], POISONED], ids=["interrupted", "poisoned"])
def test_a_daemon_may_die_as_it_puts_things_in_order(short_folder: Path, points: list[str]) -> None:
    """Killed again and again while it recovers from a crash, a start loses no job and counts no death twice."""
    survives(short_folder, points)


def test_a_stop_holds_from_the_moment_it_is_kept(short_folder: Path) -> None:
    """A daemon that dies before that goes on with the job; after it, the job is stopped and leaves nothing."""
    with resting(short_folder, SMALLEST, "crashing") as daemon:
        for point, states in [
            ("before job.stopping 1", ["running", "succeeded"]),
            ("after job.stopping 1", ["stopped"]),
            ("before job.stopped 1", ["stopped"]),
            ("after job.stopped 1", ["stopped"]),
        ]:
            daemon.start()
            reached = held.hold(short_folder, "voice")
            job = asked(daemon, point).id
            wait_for(reached.exists, "the voice")
            crashing.crash(short_folder, point)
            with suppress(NoDaemon):
                daemon.client.stop(job)
            assert daemon.died() == -signal.SIGKILL, point
            held.release(short_folder, "voice")
            daemon.start()
            if daemon.until(job, *states).state != "stopped":
                daemon.client.stop(job)
                daemon.until(job, "stopped")
            assert_intact(daemon)
            assert daemon.outputs() == []
            daemon.kill()
            reached.unlink()


def test_a_retry_holds_from_the_moment_it_is_kept(short_folder: Path) -> None:
    """A daemon that dies before that leaves the job as it was; after it, the job is done."""
    with home(short_folder, SMALLEST, "crashing") as daemon:
        reached = held.hold(short_folder, "story")
        job = asked(daemon).id
        wait_for(reached.exists, "the story")
        daemon.client.stop(job)
        daemon.until(job, "stopped")
        held.release(short_folder, "story")
        for point, state in [("before job.retried 1", "stopped"), ("after job.retried 1", "succeeded")]:
            crashing.crash(short_folder, point)
            with suppress(NoDaemon):
                daemon.retry(job)
            assert daemon.died() == -signal.SIGKILL
            daemon.start()
            assert daemon.until(job, "succeeded", "stopped").state == state
            assert_intact(daemon)


def test_processes_of_a_killed_daemon_die_before_the_next_one_works(short_folder: Path) -> None:
    """A daemon killed in mid-render leaves no FFmpeg and no frame source behind."""
    with home(short_folder / "h", patient(short_folder)) as daemon:
        job = daemon.make()
        wait_for((short_folder / "encoding").exists, "an FFmpeg at work")
        assert len(daemon.strays()) >= 2
        daemon.kill()
        daemon.start()
        wait_for(lambda: daemon.client.job(job).state == "running", "the job going on")
        assert not intact.orphans(daemon)
        daemon.ctl("stop", str(job))
        daemon.until(job, "stopped")
        assert not daemon.strays()


def survives(folder: Path, points: list[str]) -> None:
    """Let a daemon after the other die over one job, each at a point; the next one must finish it."""
    with resting(folder, SMALLEST, "crashing") as daemon:
        for point in points:
            # What a render keeps of its film would spare the next one some of the points.
            shutil.rmtree(daemon.places.work / "1" / "pieces", ignore_errors=True)
            crashing.crash(folder, point)
            daemon.spawn()
            wait_for(lambda: not daemon.lives or urged(daemon), f"an answer, or a death {point}")
            wait_for(lambda: not daemon.lives, f"a death {point}")
            assert daemon.died() == -signal.SIGKILL, point
            wait_for(lambda: not daemon.strays(), "the end of its processes")
            assert not intact.half_made(daemon), point
            assert not intact.unplayable(daemon), point
        daemon.start()
        assert urged(daemon)
        job = daemon.finished(asked(daemon).id)
        assert [one.id for one in daemon.client.jobs().jobs] == [job.id]
        assert len(daemon.outputs()) == 5
        assert_intact(daemon)
        made = crashing.points(folder)
        assert all(made.count(f"after folder.promoted:{stage} 1") == 1 for stage in STAGES if stage != "publish")


def urged(daemon: Home) -> bool:
    """Ask for the job as a client does that has had no answer; retry it if so many died that it was given up."""
    with suppress(NoDaemon):
        job = asked(daemon)
        if job.state == "failed":
            assert job.error is not None
            assert job.error.code == "poisonous"
            daemon.retry(job.id)
        return True
    return False


def asked(daemon: Home, key: str = "the same key") -> JobView:
    """The job, which is the same however often it is asked for by a key."""
    return daemon.client.create(SENTENCE, key).jobs[0]


def assert_intact(daemon: Home) -> None:
    """All of what must hold when every job has ended."""
    wrong = [intact.damage, intact.redone, intact.half_made, intact.unsettled, intact.misplaced, intact.unplayable]
    assert not [said for look in wrong for said in look(daemon)]
    assert not daemon.strays()

"""Space: what goes by itself, what goes when asked, what is never taken away."""

import asyncio
import json
from pathlib import Path

import held
import pytest
from daemon import TINY, Home, home, wait_for

from shortsd.client.transport import Transport
from shortsd.domain.errors import DiskFull, ShortsError
from shortsd.engine.cleaning import FILES
from shortsd.store.database import Database
from shortsd.store.retention import Retention


@pytest.fixture(scope="module")
def made(shared: Home) -> tuple[Home, int]:
    """A daemon that has made a short."""
    job = shared.make()
    shared.finished(job)
    return shared, job


def names(daemon: Home, job: int) -> list[str]:
    return sorted(folder.name.split("-")[0] for folder in (daemon.places.work / str(job)).iterdir())


def test_a_dry_run_says_how_much_and_removes_nothing(made: tuple[Home, int]) -> None:
    """Working files and finished shorts apart, without asking."""
    daemon, job = made
    done = daemon.ctl("clean", "--dry-run", "--outputs", str(job))
    assert done.returncode == 0, done.stderr
    head, work, output = done.stdout.splitlines()
    assert head.endswith(f"would be freed (jobs {job})")
    assert work.endswith("of working files")
    assert output.endswith("of finished shorts")
    assert "0 B" not in done.stdout
    assert len(names(daemon, job)) == 9  # of eight stages, and the pieces of the film
    assert len(list(daemon.places.output.glob(f"{job}-*"))) == 5


def test_shorts_are_removed_only_by_name_and_with_consent(made: tuple[Home, int]) -> None:
    """Without ids, or with nobody to ask, nothing goes."""
    daemon, job = made
    for words, told in (((), "takes the ids"), ((str(job),), "--yes")):
        done = daemon.ctl("clean", "--outputs", *words)
        assert done.returncode == 2
        assert told in done.stderr
    assert len(list(daemon.places.output.glob(f"{job}-*"))) == 5


def test_a_job_that_succeeded_again_keeps_nothing_of_the_attempt_before(made: tuple[Home, int]) -> None:
    """Every attempt publishes anew; of these folders only the last one's is left."""
    daemon, job = made
    (first,) = (daemon.places.work / str(job)).glob("publish-*")
    daemon.retry(job)
    daemon.finished(job)
    wait_for(lambda: not first.exists(), "the end of an older attempt's folder")
    wait_for(lambda: names(daemon, job).count("publish") == 1, "one folder of what was published")
    assert len(names(daemon, job)) == 9  # of eight stages, and the pieces of the film


def test_a_removed_short_is_shown_nowhere(made: tuple[Home, int]) -> None:
    """Its five files go and no others; `show` says that they went."""
    daemon, job = made
    foreign = daemon.places.output / f"{job}-mine.mp4"
    foreign.touch()
    before = daemon.outputs()
    done = daemon.ctl("clean", "--outputs", str(job), "--yes")
    assert done.returncode == 0, done.stderr
    gone = set(before) - set(daemon.outputs())
    assert len(gone) == 5
    assert foreign.exists()
    foreign.unlink()
    said = daemon.ctl("show", str(job)).stdout
    assert "removed" in said
    assert ".mp4" not in said
    assert set(FILES) & daemon.client.job(job).result.keys() == set()


def test_a_file_that_nothing_says_to_be_the_jobs_is_left(made: tuple[Home, int]) -> None:
    """Where the metadata beside a video is gone, it may be anybody's, and that is told."""
    daemon, job = made
    daemon.retry(job)
    result = daemon.finished(job).result
    Path(result["metadata"]).unlink()
    done = daemon.ctl("clean", "--outputs", str(job), "--yes")
    assert f"{result['video']} was left" in done.stderr
    assert Path(result["video"]).exists()
    assert daemon.client.job(job).result["video"] == result["video"]
    assert "metadata" not in daemon.client.job(job).result


def test_above_its_limit_output_refuses_new_work(short_folder: Path) -> None:
    """The command, readiness and doctor tell which folder, which setting and what to do."""
    output = short_folder / "h" / "output"
    output.mkdir(parents=True)
    (output / "old.mp4").write_bytes(b"\0" * 2 * 2**20)
    with home(short_folder / "h", f"{TINY}\n[storage]\noutput_mb = 1\n") as daemon:
        done = daemon.ctl("make", "fog")
        assert done.returncode == 1
        assert f"Finished shorts take 2.0 MB in {output}" in done.stderr
        assert "storage.output_mb" in done.stderr
        assert "shortsctl clean --outputs" in done.stderr
        with pytest.raises(DiskFull):
            daemon.make()
        with pytest.raises(ShortsError):
            Transport(daemon.places.socket).ask("GET", "/health/ready")
        found = json.loads(daemon.ctl("doctor", "--json").stdout)["findings"]
        limits = next(finding for finding in found if finding["name"] == "limits of space")
        assert not limits["ok"]
        assert "storage.output_mb" in limits["detail"]


def test_jobs_that_were_accepted_go_on_above_a_limit(short_folder: Path) -> None:
    """New work is refused while the files of a job that runs are too many; that job is finished all the same."""
    with home(short_folder, f"{TINY}\n[storage]\nwork_mb = 1\n", module="held") as daemon:
        reached = held.hold(short_folder, "voice")
        job = daemon.make()
        wait_for(reached.exists, "the voice")
        daemon.kill()
        (daemon.places.work / str(job) / "large").write_bytes(b"\0" * 2 * 2**20)
        daemon.start()
        with pytest.raises(DiskFull, match=r"storage\.work_mb"):
            daemon.make()
        held.release(short_folder, "voice")
        daemon.finished(job)


def test_a_reader_that_missed_forgotten_events_gets_a_snapshot(short_folder: Path) -> None:
    """Not a part of the story as if it were the whole; one that missed nothing of it goes on as ever."""
    with home(short_folder / "h") as daemon:
        for job in (daemon.make(), daemon.make()):
            daemon.client.stop(job)
            daemon.until(job, "stopped")
        daemon.end()
        asyncio.run(forget(daemon, 2))
        daemon.start()
        with daemon.client.events() as messages:
            last = daemon.data(next(messages))["seq"]
        with daemon.client.events(after=str(last - 3)) as messages:
            assert next(messages).event == "snapshot"
        with daemon.client.events(after=str(last - 2)) as messages:
            assert [next(messages).id for _ in range(2)] == [str(last - 1), str(last)]


async def forget(daemon: Home, keep: int) -> None:
    """Have all events but the newest forgotten."""
    database = await Database.open(daemon.places.database, lambda _: None)
    await Retention(database).forget_events(keep)
    await database.close()

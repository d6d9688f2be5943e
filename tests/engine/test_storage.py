import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest

from shortsd.config.home import prepare
from shortsd.config.places import Places
from shortsd.config.settings import Settings
from shortsd.config.settings import Storage as Limits
from shortsd.domain.errors import DiskFull
from shortsd.domain.job import Move, State
from shortsd.engine.joblog import JobLogs
from shortsd.engine.readiness import Readiness
from shortsd.engine.storage import DAY_S, FRESH_S, HOUR_S, IDLE_S, KEYS_S, Storage
from shortsd.stages.workspace import Workspace
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request
from shortsd.store.retention import Retention
from shortsd.store.stages import StageRuns

MIB = 2**20
MOVES: dict[State, list[Move]] = {
    State.QUEUED: [],
    State.RUNNING: [Move.START],
    State.STOPPING: [Move.START, Move.STOP],
    State.STOPPED: [Move.STOPPED],
    State.FAILED: [Move.START, Move.FAIL],
    State.REVIEW: [Move.START, Move.REVIEW],
    State.SCHEDULED: [Move.START, Move.SCHEDULE],
    State.SUCCEEDED: [Move.START, Move.SUCCEED],
}
"""How a new job comes into a state."""


@dataclass
class House:
    """A home without a daemon, whose clock stands until it is moved."""

    places: Places
    database: Database
    now: float = 1e9

    def __post_init__(self) -> None:
        self.jobs = Jobs(self.database, self.clock)
        self.runs = StageRuns(self.database, self.clock)
        self.logs = JobLogs(self.places.logs, self.clock)

    def clock(self) -> float:
        return self.now

    def storage(self, work_mb: int = 0, cache_mb: int = 0, output_mb: int = 0, keep_days: float = 7.0) -> Storage:
        limits = Limits(work_mb=work_mb, cache_mb=cache_mb, output_mb=output_mb, keep_days=keep_days)
        return Storage(self.places, limits, self.runs, Retention(self.database), self.logs, self.clock)

    async def job(self, state: State = State.SUCCEEDED, size: int = 100) -> int:
        """A job that has come into a state and has artifacts of some bytes."""
        number = (await self.jobs.create([Request("short", {}, "a title")])).jobs[0].id
        for how in MOVES.get(state, []):
            await self.jobs.move(number, how)
        (self.workspace(number).begin("story", "mark") / "file").write_bytes(b"\0" * size)
        self.workspace(number).finish("story", "mark", None)
        return number

    def workspace(self, number: int) -> Workspace:
        return Workspace(self.places.work / str(number))

    def kept(self) -> list[int]:
        """The jobs that have a folder."""
        return sorted(int(folder.name) for folder in self.places.work.iterdir())

    def age(self, file: Path, seconds: float) -> Path:
        """Make a file so old."""
        os.utime(file, (self.now - seconds, self.now - seconds))
        return file


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    places = Places.find({"SHORTSD_HOME": str(tmp_path)})
    prepare(places)
    database = await Database.open(places.database, lambda _: None)
    yield House(places, database)
    await database.close()


async def test_artifacts_of_a_job_that_succeeded_long_ago_go(house: House) -> None:
    """After keep_days, and not before; the job's log says so."""
    old = await house.job()
    house.now += 2 * DAY_S
    young = await house.job()
    await house.storage(keep_days=1.5).prune()
    assert house.kept() == [young]
    assert "storage.keep_days" in house.logs.tail(old, 1)[0]


@pytest.mark.parametrize("state", sorted(set(State) - {State.SUCCEEDED}))
async def test_nothing_of_a_job_that_has_not_succeeded_ever_goes(house: House, state: State) -> None:
    """However old it is, and however much is taken: somebody may retry it."""
    job = await house.job(state, 2 * MIB)
    house.now += 1000 * DAY_S
    await house.storage(work_mb=1, keep_days=0).prune()
    assert (house.workspace(job).folder("story", "mark") / "file").stat().st_size == 2 * MIB


async def test_too_many_working_files_go_oldest_first_until_there_are_few_enough(house: House) -> None:
    """Of the jobs that succeeded, by when they ended, not by their numbers."""
    first, second, third = [await house.job(State.RUNNING, MIB) for _ in range(3)]
    for job in (second, third, first):
        house.now += 1
        await house.jobs.move(job, Move.SUCCEED)
    await house.storage(work_mb=2).prune()
    assert house.kept() == [first]
    assert "storage.work_mb" in house.logs.tail(second, 1)[0]


async def test_working_files_that_cannot_go_have_new_work_refused(house: House) -> None:
    """The error names the folder, how much, the setting and what to do; with the files gone, work is taken."""
    job = await house.job(State.FAILED, 2 * MIB)
    storage = house.storage(work_mb=1)
    with pytest.raises(DiskFull, match=r"take 2\.0 MB in .*/work; 1 MB are allowed \(storage\.work_mb\)") as caught:
        await storage.require_room()
    assert "shortsctl clean ID" in caught.value.hint
    house.workspace(job).remove()
    storage.changed()
    await storage.require_room()


async def test_working_files_that_can_go_keep_nobody_from_his_work(house: House) -> None:
    """They go when room is needed, before anybody is refused."""
    await house.job(State.SUCCEEDED, 2 * MIB)
    await house.storage(work_mb=1).require_room()
    assert house.kept() == []


async def test_two_who_need_room_at_once_take_no_more_than_one(house: House) -> None:
    """Who comes second finds that there is room, and lets the rest be."""
    jobs = []
    for _ in range(6):
        house.now += 1
        jobs.append(await house.job(size=MIB))
    storage = house.storage(work_mb=4)
    await asyncio.gather(storage.require_room(), storage.prune(), storage.require_room())
    assert house.kept() == jobs[3:]


async def test_who_asks_whether_there_is_room_removes_nothing(house: House) -> None:
    """What would go if room was needed is no reason to say no; it goes when it is."""
    job = await house.job(State.SUCCEEDED, 2 * MIB)
    storage = house.storage(work_mb=1)
    readiness = Readiness(Settings(), house.jobs, storage, (), sys.executable)
    assert (await readiness.ready()).ok
    assert house.kept() == [job]
    await storage.require_room()
    assert house.kept() == []


async def test_who_asks_whether_there_is_room_is_told_what_cannot_go(house: House) -> None:
    """However much of the rest could, also once that was found out; and that there is room as soon as there is."""
    failed, _ = await house.job(State.FAILED, 2 * MIB), await house.job(State.SUCCEEDED, MIB)
    storage = house.storage(work_mb=1)
    readiness = Readiness(Settings(), house.jobs, storage, (), sys.executable)
    for _ in range(2):
        (reason,) = (await readiness.ready()).reasons
        assert "storage.work_mb" in reason
    house.workspace(failed).remove()
    storage.changed()
    assert (await readiness.ready()).ok


async def test_finished_shorts_are_never_removed_and_have_new_work_refused(house: House) -> None:
    """Above output_mb, the error says how to remove some."""
    short = house.places.output / "1-a.mp4"
    short.write_bytes(b"\0" * 2 * MIB)
    storage = house.storage(output_mb=1)
    await storage.prune()
    with pytest.raises(DiskFull, match=r"storage\.output_mb") as caught:
        storage.check()
    assert "shortsctl clean --outputs" in caught.value.hint
    assert short.exists()


async def test_a_limit_that_is_raised_counts_at_once(house: House) -> None:
    """Whoever was refused is let in without anything being counted anew."""
    (house.places.output / "1-a.mp4").write_bytes(b"\0" * 2 * MIB)
    storage = house.storage(output_mb=1)
    with pytest.raises(DiskFull):
        await storage.require_room()
    storage.limits = Limits(output_mb=3)
    await storage.require_room()


async def test_a_job_that_is_retried_meanwhile_keeps_what_it_counts_on(house: House) -> None:
    """Pruning waits for who queues the job, and then lets its artifacts be."""
    job = await house.job()
    storage = house.storage(keep_days=0)
    async with storage.files:
        pruning = asyncio.ensure_future(storage.prune())
        await _until(lambda: bool(storage.files._waiters))
        await house.jobs.retry(job, "retried")
    await pruning
    assert house.kept() == [job]


async def test_the_folder_of_a_deleted_job_goes(house: House) -> None:
    """One whose number this database never gave out stays: its job may be in another."""
    job = await house.job()
    house.workspace(77).begin("story", "mark")
    house.logs.write(job, "a line")
    house.logs.write(77, "a line")
    await house.jobs.delete(job)
    await house.storage().prune()
    assert house.kept() == [77]
    assert [house.logs.file(number).exists() for number in (job, 77)] == [False, True]


async def test_what_is_half_made_goes_where_nobody_works(house: House) -> None:
    """That of a job at work, or about to be, stays."""
    jobs = [await house.job(state) for state in (State.STOPPED, State.FAILED, State.RUNNING, State.QUEUED)]
    parts = [house.workspace(job).begin("voice", "mark") for job in jobs]
    await house.storage().prune()
    assert [part.exists() for part in parts] == [False, False, True, True]
    assert house.kept() == jobs


async def test_what_a_killed_daemon_was_publishing_goes(house: House) -> None:
    """Not while its job runs, and not before it has been left alone for long."""
    stopped, running = await house.job(State.STOPPED), await house.job(State.RUNNING)
    folder = house.places.output
    left, used, young, short = (folder / name for name in (
        f".{stopped}-a.mp4.part", f".{running}-a.mp4.part", f".{stopped}-b.mp4.part", f"{stopped}-a.mp4",
    ))  # fmt: skip
    for file in (left, used, young, short):
        file.touch()
        house.age(file, 0 if file is young else 2 * HOUR_S)
    await house.storage().prune()
    assert sorted(folder.iterdir()) == sorted([used, young, short])


async def test_an_empty_file_that_a_folder_was_tried_with_goes(house: House) -> None:
    """Not one with something in it, and not a pipe: those are somebody's."""
    tried, written, pipe = (house.places.output / f".try-{name}" for name in "abc")
    tried.touch()
    written.write_text("notes")
    os.mkfifo(pipe)
    for one in (tried, written, pipe):
        house.age(one, 2 * HOUR_S)
    await house.storage().prune()
    assert sorted(house.places.output.iterdir()) == [written, pipe]


async def test_the_least_recently_used_of_the_cache_goes(house: House) -> None:
    """Until it is small enough; the fonts stay, for they are in use."""
    cache = house.places.cache
    (cache / "fonts").mkdir()
    (cache / "pictures").mkdir()
    font, old, new = cache / "fonts" / "a.ttf", cache / "pictures" / "old", cache / "new"
    for file, age_s in ((font, 30.0), (old, 20.0), (new, 10.0)):
        file.write_bytes(b"\0" * (MIB // 2))
        house.age(file, age_s)
    await house.storage(cache_mb=1).prune()
    assert [file.exists() for file in (font, old, new)] == [True, False, True]


@pytest.fixture
def fixed() -> Iterator[Callable[[Path], None]]:
    """Makes a file one that even root cannot remove: something is mounted on it."""
    mounted: list[Path] = []

    def fix(file: Path) -> None:
        argv = [which("mount") or "mount", "--bind", str(file), str(file)]
        if subprocess.run(argv, check=False, capture_output=True).returncode != 0:
            pytest.skip("only root on a machine that lets it mount can make a file that cannot be removed")
        mounted.append(file)

    yield fix
    for file in mounted:
        subprocess.run([which("umount") or "umount", "--lazy", str(file)], check=True)


async def test_one_file_that_cannot_go_keeps_no_other(
    house: House, fixed: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    """The next in the cache goes instead of it, and leftovers behind it go; it is told of once, not every minute."""
    job = await house.job(State.FAILED)
    cached = [house.places.cache / "a", house.places.cache / "b"]
    left = [house.places.output / f".{job}-{name}.mp4.part" for name in "ab"]
    for file in (*cached, *left):
        file.write_bytes(b"\0" * MIB)
        house.age(file, 2 * HOUR_S)
    house.age(cached[0], 3 * HOUR_S)
    fixed(cached[0])
    fixed(left[0])
    storage = house.storage(cache_mb=1)
    for _ in range(2):
        await storage.prune()
    assert [file.exists() for file in (*cached, *left)] == [True, False, True, False]
    told = [record for record in caplog.records if record.message == "a file cannot be removed"]
    assert len(told) == 2


async def test_a_folder_named_like_a_leftover_stays(house: House) -> None:
    """Publishing leaves files: it is somebody's, and keeps nothing else from being removed."""
    job = await house.job(State.FAILED)
    folder = house.places.output / f".{job}-a.part"
    folder.mkdir()
    house.age(folder, 2 * HOUR_S)
    tried = house.places.output / ".try-a"
    tried.touch()
    house.age(tried, 2 * HOUR_S)
    await house.storage().prune()
    assert list(house.places.output.iterdir()) == [folder]


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED])
async def test_a_job_that_has_ended_counts_at_once(house: House, state: State) -> None:
    """What it made is in the next figure, and work that would be too much is refused from then on."""
    storage = house.storage(output_mb=1)
    await storage.require_room()
    job = await house.job(state)
    (house.places.output / "1-a.mp4").write_bytes(b"\0" * 2 * MIB)
    await storage.tidy(job)
    assert (await storage.usage()).work > 0
    with pytest.raises(DiskFull, match=r"storage\.output_mb"):
        await storage.require_room()


async def test_a_job_that_succeeded_keeps_only_what_its_last_attempt_used(house: House) -> None:
    """What its stages made with other inputs goes."""
    job = await house.job(State.QUEUED)
    workspace = house.workspace(job)
    for attempt, mark in ((1, "mark"), (2, "other")):
        if attempt == 2:
            workspace.begin("story", mark)
            workspace.finish("story", mark, None)
        await house.jobs.move(job, Move.START)
        await house.runs.finish(await house.runs.start(job, attempt, "story", mark), "done")
        await house.jobs.move(job, Move.SUCCEED)
        await house.storage().tidy(job)
        if attempt == 1:
            assert workspace.folder("story", "mark").exists()
            await house.jobs.retry(job, "retried")
    assert [folder.name for folder in workspace.root.iterdir()] == ["story-other"]


async def test_a_job_that_was_retried_at_once_is_not_tidied(house: House) -> None:
    """Its next attempt may come to use what an earlier one made."""
    job = await house.job()
    await house.runs.start(job, 1, "story", "another")
    await house.jobs.retry(job, "retried")
    await house.storage().tidy(job)
    assert house.workspace(job).folder("story", "mark").exists()


async def test_bytes_are_counted_once_in_a_while(house: House) -> None:
    """A figure is good for a minute, or until something is removed; also for a clock that jumps back."""
    storage = house.storage()
    first = await storage.usage()
    assert (first.work, first.output) == (0, 0)
    job = await house.job(size=1000)
    (house.places.output / "a").write_bytes(b"\0" * 10)
    assert await storage.usage() is first
    house.now -= FRESH_S + 1
    second = await storage.usage()
    assert second.work > 1000
    assert second.output == 10
    house.workspace(job).remove()
    storage.changed()
    assert (await storage.usage()).work == 0


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.RUNNING])
async def test_where_no_job_runs_the_files_are_not_looked_at_every_minute(house: House, state: State) -> None:
    """Only every ten minutes, since nobody else changes them; where one runs, every minute."""
    await house.job(state)
    storage = house.storage()
    await storage.prune()
    first = storage.used
    house.now += FRESH_S + 5
    await storage.prune()
    assert (storage.used is first) == (state is State.SUCCEEDED)
    house.now += IDLE_S
    await storage.prune()
    assert storage.used is not first


async def test_an_idempotency_key_is_forgotten_after_a_week(house: House) -> None:
    """Until then the same request makes no second job."""
    storage = house.storage()
    request = [Request("short", {}, "a title")]
    first = (await house.jobs.create(request, "key")).jobs[0].id
    house.now += KEYS_S - HOUR_S
    await storage.prune()
    assert (await house.jobs.create(request, "key")).jobs[0].id == first
    house.now += HOUR_S + 1
    await storage.prune()
    assert (await house.jobs.create(request, "key")).jobs[0].id == first + 1


async def _until(condition: Callable[[], bool]) -> None:
    """Let others run until a condition holds."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - a lock tells nobody that somebody waits for it
            await asyncio.sleep(0.001)

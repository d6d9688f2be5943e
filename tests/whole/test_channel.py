"""A channel: weeks, hours, approval, and a queue that is paused."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from daemon import STORY, Home, home, wait_for
from PIL import Image

from shortsd.domain.errors import BadInput, WrongState
from shortsd.engine.history import FILE as HISTORY
from shortsd.wire.channel import Week, WeekRequest
from shortsd.wire.models import ShortParams

ZONE = "Europe/Berlin"


def week(count: int, **how: object) -> WeekRequest:
    asked = {"count": count, "at": ["09:00", "18:30"], "zone": ZONE, "params": {"story": STORY, "seed": 1}, **how}
    return msgspec.convert(asked, WeekRequest)


@dataclass
class Planned:
    """A week of two, and another one after it; whose hours stood on the schedule then."""

    week: Week
    later: Week
    schedule: dict[int, float]


@pytest.fixture(scope="module")
def planned(shared: Home) -> Planned:
    """What came of it: one short of the first week was made, the others were stopped."""
    client = shared.client
    client.pause()
    made, later = client.week(week(2), "a week"), client.week(week(2, params={"topic": "a bell"}), "another week")
    hours = {slot.job: slot.at for slot in client.schedule().slots}
    for job in (*later.jobs, made.jobs[1]):
        client.stop(job)
    client.resume()
    shared.finished(made.jobs[0])
    return Planned(made, later, hours)


def test_a_week_becomes_a_batch_with_an_hour_for_each(shared: Home, planned: Planned) -> None:
    """Each short has an hour of its own; asked for again with its key it is the same week; the next one is later."""
    client, made, later = shared.client, planned.week, planned.later
    stood = client.batch(made.batch or 0)
    assert (stood.total, stood.done, stood.errors) == (2, 1, 0)
    assert client.week(week(2), "a week").jobs == made.jobs
    assert not set(later.slots) & set(made.slots)
    assert [planned.schedule[job] for job in (*made.jobs, *later.jobs)] == [*made.slots, *later.slots]
    free = client.week(week(3, dry_run=True), str(uuid4()))
    assert (free.jobs, free.batch) == ([], None)
    assert free.slots == [made.slots[1], *later.slots]


def test_a_batch_is_stopped_and_resumed_as_one(shared: Home, planned: Planned) -> None:
    """What was stopped of it goes on; what was done stays."""
    resumed = shared.ctl("resume", f"b{planned.week.batch}")
    assert resumed.returncode == 0, resumed.stderr
    assert [line.split()[0] for line in resumed.stdout.splitlines()] == [str(planned.week.jobs[1])]
    shared.finished(planned.week.jobs[1])
    assert shared.client.job(planned.week.jobs[0]).attempt == 1
    assert shared.client.batch(planned.week.batch or 0).done == 2
    again = shared.ctl("retry", f"b{planned.week.batch}")
    assert (again.returncode, f"All of b{planned.week.batch} has succeeded" in again.stderr) == (5, True)


def test_what_was_made_is_in_the_history_and_its_file(shared: Home, planned: Planned) -> None:
    """Both name each short with its file and its hour; a short that was removed is in neither."""
    job = shared.client.job(planned.week.jobs[0])
    told = next(short for short in shared.client.history().shorts if short.job == job.id)
    assert (told.publish_at, told.video) == (planned.week.slots[0], job.result["video"])
    hour = shared.ctl("history", "--limit", "1").stdout
    assert hour.startswith(f"SEEN FROM ({shared.client.schedule().zone})")
    file = shared.places.output / HISTORY

    def written() -> dict[int, str]:
        return {entry["job"]: entry["title"] for entry in json.loads(file.read_text())}

    wait_for(lambda: job.id in written(), "the short in the file")
    assert written()[job.id] == job.title
    assert shared.ctl("clean", str(job.id), "--outputs", "--yes").returncode == 0
    assert job.id not in [short.job for short in shared.client.history().shorts]


def test_a_week_asks_before_it_begins(shared: Home) -> None:
    """It says how many, how long, at which hours; where nobody can be asked, nothing is made without --yes."""
    before = shared.client.jobs(limit=1000).jobs
    asked = shared.ctl("week", "--count", "6", "--topic", "a bell", "--from", "2027-03-27", "--zone", ZONE)
    assert asked.returncode == 2
    assert "6 jobs, about" in asked.stderr
    assert "Sun 2027-03-28 09:00" in asked.stderr
    assert "--bg` leaves them to the daemon" in asked.stderr
    assert "--yes" in asked.stderr
    assert shared.ctl("week", "--topic", " ", "--dry-run").returncode == 2
    dry = shared.ctl("week", "--count", "2", "--topic", "a bell", "--dry-run", "--json")
    assert (dry.returncode, len(json.loads(dry.stdout)["slots"])) == (0, 2)
    assert shared.client.jobs(limit=1000).jobs == before


@pytest.mark.parametrize(
    "how",
    [{"count": 0}, {"count": 5000}, {"per_day": 9}, {"at": ["25:00"]}, {"zone": "Nowhere"}, {"start": "sometime"}],
)
def test_a_week_that_cannot_be(shared: Home, how: dict[str, object]) -> None:
    """What is wrong with it is said, and no job is made."""
    before = shared.client.jobs(limit=1000).jobs
    with pytest.raises(BadInput):
        shared.client.week(msgspec.convert({"count": 1, "topics": ["a bell"], **how}, WeekRequest), str(uuid4()))
    assert shared.client.jobs(limit=1000).jobs == before


@pytest.mark.parametrize(("gate", "video"), [("render", False), ("publish", True)])
def test_a_job_waits_for_approval_and_goes_on_with_what_it_has(shared: Home, gate: str, video: bool) -> None:
    """Before its gate it stops, shows what it has, takes changes, and after approval does the rest alone."""
    job = shared.make(review=gate)
    held = shared.until(job, "review", "failed", "succeeded")
    assert (held.state, held.reason) == ("review", f"waits for your approval before {gate}")
    assert bool(list((shared.places.work / str(job)).glob("render-*"))) == video
    assert not [name for name in shared.outputs() if name.startswith(f"{job}-")]
    shown = shared.ctl("review", str(job))
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count(f"{STORY}\n") == 2, "as a whole, and as its one scene; not as its description again"
    named = [Path(line.removeprefix("video: ")) for line in shown.stdout.splitlines() if line.startswith("video: ")]
    assert [file.is_file() for file in named] == [True] * video
    strip = Path(shown.stdout.rpartition("strip: ")[2].strip())
    assert strip.read_bytes().startswith(b"\x89PNG")
    strip.unlink()
    assert [picture.scene for picture in shared.client.material(job).pictures] == [1]
    shared.client.retry(job, changes=ShortParams(title="The Other Title"))
    again = shared.until(job, "review", "failed", "succeeded")
    assert (again.state, again.title) == ("review", "The Other Title")
    assert shared.ctl("approve", str(job)).returncode == 0
    done = shared.finished(job)
    assert done.approved.startswith(f"{gate} ")
    assert {stage.name: stage.state for stage in done.stages}["voice"] == "reused"
    with pytest.raises(WrongState):
        shared.client.approve(job)


def test_what_was_approved_is_all_that_was_approved(shared: Home) -> None:
    """Another story has to be looked at, too."""
    job = shared.make(review="render")
    shared.until(job, "review", "failed", "succeeded")
    shared.client.approve(job)
    shared.client.stop(job)
    shared.until(job, "stopped")
    shared.client.retry(job, changes=ShortParams(story="Something else was told."))
    assert shared.until(job, "review", "succeeded", "failed").state == "review"
    shared.client.stop(job)


def test_a_picture_is_changed_in_review(shared: Home) -> None:
    """The scene shows the file that was given, the others what they showed; a scene that is not there is told of."""
    job = shared.make(review="render")
    shared.until(job, "review", "failed")
    Image.effect_noise((400, 700), 60).save(shared.folder / "mine.png")
    changed = shared.ctl("review", str(job), "--picture", "1=mine.png", "--picture", "9=mine.png", cwd=shared.folder)
    assert changed.returncode == 0, changed.stderr
    wait_for(lambda: shared.client.job(job).attempt == 2, "the second attempt")
    shared.until(job, "review", "failed")
    assert shared.client.material(job).pictures[0].source == "mine.png"
    assert "There is no scene 9" in shared.log(job)
    wrong = shared.ctl("review", str(job), "--picture", "one=mine.png", cwd=shared.folder)
    assert (wrong.returncode, "3=bell.jpg" in wrong.stderr) == (2, True)
    (shared.folder / "text.png").write_text("no picture")
    for name, why in (("none.png", "No such file"), ("text.png", "it is not a JPEG")):
        wrong = shared.ctl("review", str(job), "--picture", f"1={name}", cwd=shared.folder)
        assert (wrong.returncode, why in wrong.stderr) == (2, True), wrong.stderr
    assert shared.client.job(job).state == "review", "nothing became of what cannot be shown"
    (shared.folder / "mine.png").write_text("no picture")
    shared.client.retry(job)
    assert "mine.png cannot be shown" in str(shared.until(job, "failed", "review").error)


def test_a_job_in_review_lets_its_follower_go_and_can_be_turned_down(shared: Home) -> None:
    """`make --review` says how to look at it, and ends. Stopped in review it ends; nothing of it was published."""
    made = shared.ctl("make", "--story", "-", "--review", stdin=STORY.encode())
    assert made.returncode == 0, made.stderr
    assert "waits for your approval before publish" in made.stderr
    assert "shortsctl review" in made.stderr
    job = shared.client.jobs(["review"]).jobs[0].id
    assert shared.client.stop(job).state == "stopped"
    assert not [name for name in shared.outputs() if name.startswith(f"{job}-")]


@pytest.fixture(scope="module")
def killed() -> Iterator[tuple[Home, int, list[Path]]]:
    """A daemon after one that was killed with a job in its paused queue, two files lay in its output; the job, they."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder) / "h") as daemon:
        assert daemon.ctl("pause").returncode == 0
        job = daemon.make()
        assert "shortsctl resume" in daemon.client.job(job).message
        assert "waits: jobs are not started before `shortsctl resume`" in daemon.ctl("ls").stderr
        left = daemon.ctl("make", "a bell", "--bg")
        assert "waits: jobs are not started before `shortsctl resume`" in left.stderr
        daemon.client.stop(int(left.stdout))
        daemon.kill()
        files = [daemon.places.output / name for name in (f".{HISTORY}.4711.part", ".mine")]
        for file in files:
            file.touch()
        daemon.start()
        yield daemon, job, files


def test_what_a_killed_daemon_left_of_the_history_goes(killed: tuple[Home, int, list[Path]]) -> None:
    """The next start takes it away, and nothing else."""
    assert [file.exists() for file in killed[2]] == [False, True]


def test_a_paused_queue_stays_paused_across_restarts(killed: tuple[Home, int, list[Path]]) -> None:
    """Jobs are taken in and wait, saying why; resumed, they are begun."""
    daemon, job, _ = killed
    assert daemon.client.job(job).state == "queued"
    assert daemon.ctl("resume").returncode == 0
    daemon.until(job, "running", "succeeded")


def test_five_jobs_are_told_of_before_they_are_asked_for(shared: Home) -> None:
    """How many, how long, and what to type to be left alone."""
    words = [word for number in range(5) for word in ("--story", f"{number}.txt")]
    for number in range(5):
        (shared.folder / f"{number}.txt").write_text(STORY)
    made = shared.ctl("make", *words, "--bg", cwd=shared.folder)
    assert made.returncode == 0, made.stderr
    assert "5 jobs, about" in made.stderr
    jobs = made.stdout.split()
    for job in jobs:
        shared.client.stop(int(job))
    for job in jobs:
        shared.until(int(job), "stopped")
    again = shared.ctl("retry", *jobs)
    assert "5 jobs, about" in again.stderr
    for job in jobs:
        shared.client.stop(int(job))

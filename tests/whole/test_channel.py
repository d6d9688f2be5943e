"""A channel: weeks, hours, approval, and a queue that is paused."""

import json
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from daemon import STORY, TINY, Home, home, wait_for
from PIL import Image

from shortsd.domain.errors import BadInput, WrongState
from shortsd.engine.history import FILE as HISTORY
from shortsd.wire.channel import WeekRequest
from shortsd.wire.models import ShortParams

ZONE = "Europe/Berlin"


def week(count: int, **how: object) -> WeekRequest:
    asked = {"count": count, "at": ["09:00", "18:30"], "zone": ZONE, "params": {"story": STORY, "seed": 1}, **how}
    return msgspec.convert(asked, WeekRequest)


def test_a_week_becomes_a_batch_with_an_hour_for_each(shared: Home) -> None:
    """Each short has an hour of its own; asked for again with its key it is the same week; the next one is later."""
    client, key = shared.client, str(uuid4())
    planned = client.week(week(3, dry_run=True), str(uuid4()))
    assert (planned.jobs, planned.batch) == ([], None)
    made = client.week(week(3), key)
    assert made.slots == planned.slots
    assert client.week(week(3), key).jobs == made.jobs
    later = client.week(week(2, params={"topic": "a bell"}), str(uuid4()))
    assert not set(later.slots) & set(made.slots)
    listed = {slot.job: slot.at for slot in client.schedule().slots}
    assert [listed[job] for job in (*made.jobs, *later.jobs)] == [*made.slots, *later.slots]
    for job in made.jobs:
        shared.finished(job)
    stood = client.batch(made.batch or 0)
    assert (stood.total, stood.done, stood.errors) == (3, 3, 0)
    for job in later.jobs:
        client.stop(job)
    assert client.week(week(1, dry_run=True), str(uuid4())).slots[0] in later.slots


def test_what_was_made_is_in_the_history_and_its_file(shared: Home) -> None:
    """Both name each short with its file and its hour; a short that was removed is in neither."""
    made = shared.client.week(week(1, start="2027-01-05"), str(uuid4()))
    job = shared.finished(made.jobs[0])
    newest = shared.client.history(limit=1).shorts[0]
    assert (newest.job, newest.publish_at, newest.video) == (job.id, made.slots[0], job.result["video"])
    hour = shared.ctl("history", "--limit", "1").stdout
    assert hour.startswith(f"SEEN FROM ({shared.client.schedule().zone})")
    file = shared.places.output / HISTORY
    wait_for(lambda: json.loads(file.read_text())[-1]["job"] == job.id, "the short in the file")
    assert json.loads(file.read_text())[-1]["title"] == job.title
    assert shared.ctl("clean", str(job.id), "--outputs", "--yes").returncode == 0
    assert job.id not in [short.job for short in shared.client.history().shorts]


def test_what_a_killed_daemon_left_of_the_history_goes(short_folder: Path) -> None:
    """The next start takes it away, and nothing else."""
    with home(short_folder, TINY) as daemon:
        daemon.kill()
        part, other = (daemon.places.output / name for name in (f".{HISTORY}.4711.part", ".mine"))
        part.touch()
        other.touch()
        daemon.start()
        assert not part.exists()
        assert other.exists()


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
    shared.client.retry(job, changes=ShortParams(story="Something else was told."))
    assert shared.until(job, "review", "succeeded", "failed").state == "review", "another story has to be looked at"
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


def test_a_job_in_review_can_be_turned_down(shared: Home) -> None:
    """Stopped in review it ends, and nothing of it was published."""
    job = shared.make(review="publish")
    shared.until(job, "review")
    assert shared.client.stop(job).state == "stopped"
    assert not [name for name in shared.outputs() if name.startswith(f"{job}-")]


def test_who_follows_a_job_is_let_go_at_its_gate(shared: Home) -> None:
    """`make --review` says how to look at it, and ends."""
    made = shared.ctl("make", "--story", "-", "--review", stdin=STORY.encode())
    assert made.returncode == 0, made.stderr
    assert "waits for your approval before publish" in made.stderr
    assert "shortsctl review" in made.stderr


def test_a_paused_queue_stays_paused_across_restarts(short_folder: Path) -> None:
    """Jobs are taken in and wait, saying why; resumed, they are done."""
    with home(short_folder, TINY) as daemon:
        assert daemon.ctl("pause").returncode == 0
        job = daemon.make()
        assert "shortsctl resume" in daemon.client.job(job).message
        assert "waits: jobs are not started before `shortsctl resume`" in daemon.ctl("ls").stderr
        left = daemon.ctl("make", "a bell", "--bg")
        assert "waits: jobs are not started before `shortsctl resume`" in left.stderr
        daemon.client.stop(int(left.stdout))
        daemon.kill()
        daemon.start()
        assert daemon.client.job(job).state == "queued"
        assert daemon.ctl("resume").returncode == 0
        daemon.finished(job)


def test_a_batch_is_stopped_and_resumed_as_one(shared: Home) -> None:
    """What was stopped of it goes on; what was done stays."""
    made = shared.client.week(week(3, start="2027-02-01"), str(uuid4()))
    name = f"b{made.batch}"
    shared.finished(made.jobs[0])
    assert shared.ctl("stop", *(str(job) for job in made.jobs[1:])).returncode == 0
    resumed = shared.ctl("resume", name)
    assert resumed.returncode == 0, resumed.stderr
    assert [line.split()[0] for line in resumed.stdout.splitlines()] == [str(job) for job in made.jobs[1:]]
    for job in made.jobs:
        shared.finished(job)
    assert shared.client.job(made.jobs[0]).attempt == 1
    again = shared.ctl("retry", name)
    assert (again.returncode, f"All of {name} has succeeded" in again.stderr) == (5, True)


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
    again = shared.ctl("retry", *jobs)
    assert "5 jobs, about" in again.stderr
    for job in jobs:
        shared.client.stop(int(job))

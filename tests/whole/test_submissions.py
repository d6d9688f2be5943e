import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from daemon import STORY, Home, home, wait_for
from held import hold

from shortsd.wire.models import NewJob, NewJobs, ShortParams

CLIENTS, EACH = 8, 10


def wanted(images: str | None = None) -> NewJobs:
    return NewJobs(jobs=[NewJob(params=ShortParams(story=STORY, images=images))])


def test_every_job_that_was_accepted_is_there_once_after_a_kill(short_folder: Path) -> None:
    """What many clients asked for at the same time is on the disk when they are answered, each with its own seed."""
    with home(short_folder / "h", module="held") as daemon:
        held = hold(daemon.folder, "story")

        def ask(_: int) -> list[int]:
            return [daemon.client.create(wanted(), uuid4().hex).jobs[0].id for _ in range(EACH)]

        with ThreadPoolExecutor(CLIENTS) as threads:
            accepted = sorted(number for numbers in threads.map(ask, range(CLIENTS)) for number in numbers)
        wait_for(held.exists, "the held stage")
        daemon.kill()
        daemon.start()
        jobs = daemon.client.jobs(limit=1000).jobs
        assert sorted(job.id for job in jobs) == accepted == list(range(1, CLIENTS * EACH + 1))
        assert len({job.params["seed"] for job in jobs}) == CLIENTS * EACH


def test_a_request_sent_again_is_answered_though_it_could_not_be_made_any_more(daemon: Home, tmp_path: Path) -> None:
    """A key stands for the job that it made, also when the pictures that it names are gone by then."""
    pictures = tmp_path / "pictures"
    shutil.copytree(Path(__file__).parents[2] / "docs" / "pictures", pictures)
    key = uuid4().hex
    first = daemon.client.create(wanted(images=str(pictures)), key).jobs[0]
    shutil.rmtree(pictures)
    assert daemon.client.create(wanted(images=str(pictures)), key).jobs[0].id == first.id
    assert daemon.ctl("make", "--story=-", "--images", str(pictures), stdin=STORY.encode()).returncode == 2
    assert len(daemon.client.jobs().jobs) == 1

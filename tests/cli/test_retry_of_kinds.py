"""Jobs of several kinds, done again by one command; nothing is made here."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from books import picture
from daemon import Home, home

from shortsd.cli import ids
from shortsd.client.text import lasted
from shortsd.wire.models import NewJob, NewJobs, ShortParams


@pytest.fixture(scope="module")
def paused() -> Iterator[Home]:
    """A daemon that starts no jobs: five lectures are stopped as its batch b1, and so is job 6, a short."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder) / "h") as running:
        running.client.pause()
        lectures = [NewJob(kind="slides", params={"story": "# A lamp\n\n- It burns"}) for _ in range(5)]
        running.client.create(NewJobs(jobs=lectures), "lectures")
        running.client.create(NewJobs(jobs=[NewJob(params=ShortParams(topic="a lamp"))]), "short")
        stopped(running, *range(1, 7))
        yield running


def stopped(paused: Home, *numbers: int) -> None:
    """Have these jobs at rest."""
    for number in numbers:
        if paused.client.job(number).state == "queued":
            paused.client.stop(number)


def test_what_many_take_is_told_of_their_kinds(paused: Home) -> None:
    """Lectures take longer than shorts, and nobody finds pictures for them; a short beside them adds its own."""
    lectures, short = paused.client.estimate(5, "slides"), paused.client.estimate(1)
    assert lectures.seconds > paused.client.estimate(5).seconds
    told = paused.ctl("retry", "b1").stderr
    assert f"5 jobs, about {lasted(lectures.seconds)} on this machine" in told
    assert "pictures of" not in told
    stopped(paused, *range(1, 6))
    told = paused.ctl("retry", "1-6").stderr
    assert f"6 jobs, about {lasted(lectures.seconds + short.seconds)} on this machine" in told
    assert "pictures of" in told
    assert told.count("spoken by") == 1


def test_each_kind_is_changed_by_its_own_names(paused: Home) -> None:
    """A key is judged by the kind of each job that is named; a wrong one is told of with those that there are."""
    stopped(paused, 1, 2, 6)
    assert paused.ctl("retry", "1", "--set", "theme=night", "--set", "article-pictures=true").returncode == 0
    made = paused.client.job(1).params
    assert (made["theme"], made["article_pictures"]) == ("night", True)
    both = paused.ctl("retry", "2", "6", "--set", "theme=bold")
    assert both.returncode == 2
    assert "no 'theme'" in both.stderr
    assert "caption_place" in both.stderr
    assert (paused.client.job(2).params["theme"], paused.client.job(2).state) == ("bold", "queued")
    strange = paused.ctl("retry", "2", "--set", "sky=blue")
    assert strange.returncode == 2
    assert all(key in strange.stderr for key in ("theme", "silent_s", "summarize", "images"))


def test_what_was_asked_for_is_taken_back(paused: Home) -> None:
    """A key without a value is as if nobody had asked for it, in each kind's own way."""
    folder = paused.folder / "pictures"
    folder.mkdir()
    (folder / "bell.png").write_bytes(picture("red"))
    lecture = {"captions": "boxed", "caption_size": 1.5, "size": "480x270", "theme": "bold", "article_pictures": True}
    short = {"images": str(folder), "picture": [f"1={folder}/bell.png"], "shape": "1:1", "allow_long": True}
    for number, asked in ((3, lecture), (6, short)):
        stopped(paused, number)
        before = paused.client.job(number).params
        paused.client.retry(number, changes=asked)
        assert paused.client.job(number).params != before
        stopped(paused, number)
        ran = paused.ctl("retry", str(number), *(f"--set={name}=" for name in asked))
        assert ran.returncode == 0, ran.stderr
        assert paused.client.job(number).params == before


@pytest.mark.parametrize(("word", "told"), [("seed=", "keeps its seed"), ("story=", "a text or of an article")])
def test_what_a_job_cannot_be_without(paused: Home, word: str, told: str) -> None:
    """It stays as it is, and that is told."""
    stopped(paused, 4)
    ran = paused.ctl("retry", "4", "--set", word)
    assert ran.returncode == 2
    assert told in ran.stderr
    assert paused.client.job(4).state == "stopped"


def test_kinds_of_jobs_in_more_pieces_than_are_asked_for_at_a_time(paused: Home) -> None:
    """All that exist are found, as when every fourth of a thousand has succeeded."""
    wanted = [number for number in range(1, 1001) if number % 4]
    assert ids.kinds(paused.client, wanted) == {1: "slides", 2: "slides", 3: "slides", 5: "slides", 6: "short"}


def test_a_lecture_goes_where_its_text_is(paused: Home) -> None:
    """Pictures of another text are looked for beside its file, or where they are said to be; a short has none such."""
    stopped(paused, 5, 6)
    (paused.folder / "lesson.md").write_text("# A bell\n\nIt rings.")
    (paused.folder / "shots").mkdir()
    for where in (["story=lesson.md", "folder=shots"], ["folder=shots", "story=lesson.md"]):
        ran = paused.ctl("retry", "5", *(f"--set={word}" for word in where), cwd=paused.folder)
        assert ran.returncode == 0, ran.stderr
        assert paused.client.job(5).params["folder"] == str(paused.folder / "shots")
        stopped(paused, 5)
    ran = paused.ctl("retry", "5", "6", "--set", "story=lesson.md", cwd=paused.folder)
    assert ran.returncode == 0, ran.stderr
    assert paused.client.job(5).params["folder"] == str(paused.folder)
    assert paused.client.job(6).params["story"] == "# A bell\n\nIt rings."

"""Jobs of several kinds, done again by one command; nothing is made here."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon import Home, home

from shortsd.client.text import lasted
from shortsd.wire.models import NewJob, NewJobs, ShortParams


@pytest.fixture(scope="module")
def paused() -> Iterator[Home]:
    """A daemon that starts no jobs: five lectures wait as its batch b1, and job 6, a short."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder) / "h") as running:
        running.client.pause()
        lectures = [NewJob(kind="slides", params={"story": "# A lamp\n\n- It burns"}) for _ in range(5)]
        running.client.create(NewJobs(jobs=lectures), "lectures")
        running.client.create(NewJobs(jobs=[NewJob(params=ShortParams(topic="a lamp"))]), "short")
        for number in range(1, 7):
            running.client.stop(number)
        yield running


def test_what_many_take_is_told_of_their_kinds(paused: Home) -> None:
    """Lectures take longer than shorts, and nobody finds pictures for them; a short beside them adds its own."""
    lectures, short = paused.client.estimate(5, "slides"), paused.client.estimate(1)
    assert lectures.seconds > paused.client.estimate(5).seconds
    told = paused.ctl("retry", "b1").stderr
    assert f"5 jobs, about {lasted(lectures.seconds)} on this machine" in told
    assert "pictures of" not in told
    for number in range(1, 6):
        paused.client.stop(number)
    told = paused.ctl("retry", "1-6").stderr
    assert f"6 jobs, about {lasted(lectures.seconds + short.seconds)} on this machine" in told
    assert "pictures of" in told
    assert told.count("spoken by") == 1

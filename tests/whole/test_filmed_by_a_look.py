"""Looks, in a daemon: those that ship, and a user's that is good, bad or broken."""

import json
from pathlib import Path

import pytest
from daemon import STORY, Home

from shortsd.domain.errors import BadInput


def test_a_short_in_a_look_that_ships(shared: Home) -> None:
    """It is made like any other, checks included."""
    made = shared.ctl("make", "--story=-", "--look", "title-card", "--json", stdin=STORY.encode())
    assert made.returncode == 0, made.stderr
    assert Path(json.loads(made.stdout)["result"]["video"]).is_file()


@pytest.fixture(scope="module")
def own(shared: Home) -> tuple[int, Path]:
    """A short in a look of a user's own, and that look."""
    look = shared.folder / "mine.py"
    look.write_text("def look(short):\n    print('my', short.title)\n    return short.film()\n")
    job = shared.make(look=str(look), title="The Lamp")
    shared.finished(job)
    return job, look


def test_a_look_of_a_user(shared: Home, own: tuple[int, Path]) -> None:
    """What it prints goes to the job's log; a look that has become another is drawn anew, one that has not is not."""
    job, look = own
    assert "my The Lamp" in shared.log(job)
    shared.retry(job)
    assert {one.name: one.state for one in shared.finished(job).stages}["render"] == "reused"
    look.write_text("def look(short):\n    print('another')\n    return short.film()\n")
    shared.retry(job)
    shared.finished(job)
    assert "another" in shared.log(job)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("def look(short):\n    return short.clip(lambda n: 1 / 0)\n", "ZeroDivisionError in line 2"),
        ("raise OSError('of mine')\ndef look(short): ...\n", "OSError in line 1"),
        ("def look(short):\n    return short.film().resized(0.5)\n", "pixels"),
        ("def look(short):\n    return short.film().with_duration(1)\n", "1.000 s"),
    ],
)
def test_a_look_that_fails_fails_its_job_alone(shared: Home, own: tuple[int, Path], code: str, says: str) -> None:
    """The error names file and line, the log has the traceback, nothing is published."""
    job, look = own
    look.write_text(code)
    before = shared.outputs()
    logged = len(shared.log(job))
    shared.retry(job)
    view = shared.until(job, "failed", "succeeded")
    assert view.error is not None
    assert view.error.stage == "render"
    assert says in view.error.message
    assert str(look) in view.error.message
    assert "Traceback" in shared.log(job)[logged:] or "raised" not in view.error.message
    assert shared.outputs() == before


def test_a_look_that_ends_its_process_is_told(shared: Home, own: tuple[int, Path]) -> None:
    """Nobody can say in which line that was, but whose process it was, and how far it came; mended, it is made."""
    job, look = own
    look.write_text("import os\ndef look(short):\n    os._exit(0)\n")
    shared.retry(job)
    view = shared.until(job, "failed", "succeeded")
    assert view.error is not None
    assert "0 were encoded; look ended without an error" in view.error.message
    look.write_text("def look(short):\n    return short.film()\n")
    shared.retry(job)
    shared.finished(job)


def test_bad_input_makes_no_job(shared: Home, tmp_path: Path) -> None:
    """An unknown name, a missing file, a file that is no Python or has no look: refused with what is wrong."""
    (tmp_path / "broken.py").write_text("def look(short:\n")
    (tmp_path / "empty.py").write_text("")
    before = len(shared.client.jobs(limit=1000).jobs)
    for look, says in [
        ("title-crad", "no look 'title-crad'"),
        (str(tmp_path / "missing.py"), r"missing\.py cannot be read"),
        (str(tmp_path / "broken.py"), r"broken\.py is no Python in line 1"),
        (str(tmp_path / "empty.py"), "no function `look`"),
    ]:
        with pytest.raises(BadInput, match=says):
            shared.make(look=look)
    assert len(shared.client.jobs(limit=1000).jobs) == before

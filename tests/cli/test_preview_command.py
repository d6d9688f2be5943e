"""`shortsctl preview` against a stand-in: what it asks, where it writes, what it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli.running import Ctl
from client.standin import StandIn, a_job

from shortsd.domain.errors import WrongState

PNG = b"\x89PNG\r\n\x1a\n and the rest"
OF_A_JOB, OF_A_STORY = "/v1/jobs/7/preview", "/v1/preview"


@pytest.fixture
def drawing(daemon: StandIn) -> StandIn:
    """A stand-in that has a preview of job 7, and of any story."""
    daemon.jobs[7] = a_job(7, batch=3)
    daemon.raw = {OF_A_JOB: (200, PNG), OF_A_STORY: (200, PNG)}
    return daemon


@pytest.mark.parametrize(
    ("words", "name", "query"),
    [
        (["7", "--at", "3.5"], "7-3.5s.png", {"at": ["3.5"]}),
        (["7", "--at", "12"], "7-12s.png", {"at": ["12.0"]}),
        (["7", "--strip"], "7-strip.png", {"strip": ["true"]}),
        (["b3", "--at", "0"], "b3-0s.png", {"at": ["0.0"]}),
        (["7", "--strip", "--out", "sub/p.png"], "sub/p.png", {"strip": ["true"]}),
    ],
)
def test_a_preview_of_a_job(
    drawing: StandIn, ctl: Ctl, home: Path, words: list[str], name: str, query: dict[str, list[str]]
) -> None:
    """Its path alone goes to stdout; the file's name tells what it is of, if none is given."""
    (home / "sub").mkdir()
    ran = ctl("preview", *words)
    assert (ran.code, ran.out, ran.err) == (0, f"{name}\n", "")
    assert (home / name).read_bytes() == PNG
    assert (drawing.asked[-1].path, drawing.asked[-1].query) == (OF_A_JOB, query)


def test_a_preview_of_a_story(drawing: StandIn, ctl: Ctl, home: Path) -> None:
    """It is asked for with the text and the options that `make` has, and named after the file."""
    (home / "my story.txt").write_text("The lamp went out.")
    words = ["--captions", "boxed", "--shape", "1:1", "--images", "pictures", "--seed", "5"]
    ran = ctl("preview", "--story", "my story.txt", "--at", "1.25", *words)
    assert (ran.code, ran.out) == (0, "my story-1.25s.png\n")
    asked = json.loads(drawing.asked[-1].body)
    given = {name: value for name, value in asked["params"].items() if value not in (None, False)}
    assert given == {
        "story": "The lamp went out.",
        "captions": "boxed",
        "shape": "1:1",
        "images": str(home.resolve() / "pictures"),
        "seed": 5,
    }
    assert (asked["at"], asked["strip"]) == (1.25, False)


def test_the_file_is_as_readable_as_others(drawing: StandIn, ctl: Ctl, home: Path) -> None:
    """Its mode is what the umask leaves of 0666."""
    assert drawing.raw
    before = os.umask(0o027)
    try:
        assert ctl("preview", "7", "--strip").code == 0
    finally:
        os.umask(before)
    assert (home / "7-strip.png").stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_there_stays_unless_forced(drawing: StandIn, ctl: Ctl, home: Path) -> None:
    """Nobody is asked for what could not be kept; `--force` replaces it."""
    (home / "7-1s.png").write_text("mine")
    ran = ctl("preview", "7", "--at", "1")
    assert (ran.code, ran.out, drawing.asked) == (2, "", [])
    assert "is there already" in ran.err
    assert (home / "7-1s.png").read_text() == "mine"
    assert ctl("preview", "7", "--at", "1", "--force").code == 0
    assert (home / "7-1s.png").read_bytes() == PNG


def test_what_the_daemon_refuses_leaves_no_file(drawing: StandIn, ctl: Ctl, home: Path) -> None:
    """Its error is told with its exit code."""
    drawing.raw = {}
    drawing.refuse[OF_A_JOB] = WrongState("job 7 has no pictures yet; it is running.", "Ask again.")
    ran = ctl("preview", "7", "--at", "1")
    assert (ran.code, ran.out) == (5, "")
    assert "no pictures yet" in ran.err
    assert not list(home.glob("*7*"))
    assert not list(home.glob(".*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["7"], "--at --strip"),
        (["7", "--at", "1", "--strip"], "not allowed with"),
        (["--at", "1"], "of a job or of a story"),
        (["7", "--story", "s.txt", "--at", "1"], "of a job or of a story"),
        (["7", "--at", "nan"], "no moment"),
        (["7", "--at", "inf"], "no moment"),
        (["7", "--at", "soon"], "invalid float"),
        (["seven", "--at", "1"], "names no job"),
        (["../7", "--at", "1"], "names no job"),
        (["7", "--at", "1", "--captions", "pop"], "Only a story"),
        (["7", "--at", "1", "--seed", "0"], "Only a story"),
        (["--story", "missing.txt", "--at", "1"], "cannot be read"),
        (["7", "--at", "1", "--out", "no/such/p.png"], "cannot be written"),
    ],
)
def test_bad_usage(drawing: StandIn, ctl: Ctl, words: list[str], said: str) -> None:
    """It is told before anything is asked of the daemon."""
    ran = ctl("preview", *words)
    assert (ran.code, ran.out, drawing.asked) == (2, "", [])
    assert said in ran.err


def test_several_jobs_have_no_preview(drawing: StandIn, ctl: Ctl) -> None:
    """A batch or a range that means more than one job is refused."""
    drawing.jobs[8] = a_job(8, batch=3)
    ran = ctl("preview", "b3", "--strip")
    assert ran.code == 2
    assert "means 2 jobs" in ran.err


def test_to_stdout(drawing: StandIn, home: Path) -> None:
    """`--out -` writes the picture and nothing else; no file is made."""
    assert drawing.raw
    argv = [sys.executable, "-m", "shortsd.cli", "preview", "7", "--at", "1", "--out", "-"]
    done = subprocess.run(argv, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (PNG, b"")
    assert not list(home.glob("*.png"))


def test_not_to_a_terminal(drawing: StandIn, ctl: Ctl, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PNG would only confuse one."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ran = ctl("preview", "7", "--at", "1", "--out", "-")
    assert (ran.code, drawing.asked) == (2, [])
    assert "terminal" in ran.err

"""What `shortsctl creation` asks the daemon for."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli.running import Ctl
from client.standin import StandIn


def asked(daemon: StandIn) -> Any:
    """The job that was asked for, without what was not given."""
    sent = next(one for one in daemon.asked if (one.method, one.path) == ("POST", "/v1/jobs"))
    (job,) = json.loads(sent.body)["jobs"]
    return job["kind"], {name: value for name, value in job["params"].items() if value is not None}


def test_a_folder_is_a_storage_and_an_id(daemon: StandIn, ctl: Ctl, tmp_path: Path) -> None:
    """Its links followed, and by its whole path; the options come with it."""
    (tmp_path / "books" / "tale").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "books" / "tale")
    ran = ctl("creation", "render", f"{tmp_path}/link/", "--bg", "--fps", "25", "--silent-s", "2", "--cuts", "hard")
    assert (ran.code, ran.out) == (0, "7\n")
    params = {"storage": str(tmp_path / "books"), "creation": "tale", "fps": 25, "silent_s": 2.0, "cuts": "hard"}
    assert asked(daemon) == ("creation", params)


def test_an_address_is_a_bucket_and_an_id(daemon: StandIn, ctl: Ctl) -> None:
    """The last part is the id, the rest the storage; with --json the job is printed."""
    ran = ctl("creation", "render", "s3://books/2026/tale/", "--bg", "--json")
    assert json.loads(ran.out)["kind"] == "creation"
    assert asked(daemon) == ("creation", {"storage": "s3://books/2026", "creation": "tale"})


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["render"], "Which book?"),
        (["render", "no-such-book"], "There is nothing at"),
        (["render", "s3://books"], "names a bucket"),
        (["burn", "x"], "invalid choice"),
    ],
)
def test_what_is_no_book(daemon: StandIn, ctl: Ctl, words: list[str], why: str) -> None:
    """It is told before anything is asked of a daemon."""
    ran = ctl("creation", *words)
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err
    assert daemon.asked == []

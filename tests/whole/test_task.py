"""`python -m shortsd.task`: one creation to its end, in a container's manner, from and to buckets."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import books
import msgspec
import psutil
import pytest
from daemon import wait_for
from servers.s3 import S3, s3

VIDEO = "2026/tale/assets/video.mp4"
GRACE_S = 10.0
"""From TERM to KILL, at Cloud Run and Kubernetes."""


@dataclass
class Task:
    """A run of it, with what it said."""

    process: "subprocess.Popen[bytes]"
    output: Path
    children: list[psutil.Process] = field(default_factory=list)

    @property
    def said(self) -> list[dict[str, Any]]:
        """Whole lines of standard output; each has to be JSON."""
        lines = self.output.read_bytes().splitlines(keepends=True)
        return [msgspec.json.decode(line) for line in lines if line[-1:] == b"\n"]

    def reached(self, stage: str) -> bool:
        assert self.process.poll() is None, self.said
        return any(line.get("stage") == stage for line in self.said)

    def ended(self) -> int:
        return self.process.wait(60)


@pytest.fixture(scope="module")
def bucket() -> Iterator[S3]:
    with s3() as server:
        for path, content in books.files({"1": ("navy", ("A bell.",)), "2": ("olive", ())}).items():
            server.put(f"2026/tale/{path}", content)
        yield server


@pytest.fixture
def ran(bucket: S3, tmp_path: Path) -> Iterator["Runs"]:
    runs = Runs(bucket, tmp_path)
    yield runs
    for task in runs.all:
        task.process.kill()
        task.process.wait()


@dataclass
class Runs:
    """Starts runs, each with a folder of its own to work in."""

    bucket: S3
    folder: Path
    all: list[Task] = field(default_factory=list)

    def start(self, creation: str = "tale", words: Sequence[str] = books.TINY) -> Task:
        output = self.folder / f"said-{len(self.all)}"
        work = self.folder / f"work-{len(self.all)}"
        ours = {key: value for key, value in os.environ.items() if not key.startswith("SHORTSD_")}
        environment = {**ours, **self.bucket.environment, "SHORTSD_HOME": str(self.folder / "home")}
        argv = [sys.executable, "-m", "shortsd.task", creation, "--storage", "s3://books/2026"]
        argv += ["--work", str(work), *words]
        with output.open("wb") as out, (self.folder / "stderr").open("ab") as err:
            task = Task(subprocess.Popen(argv, stdout=out, stderr=err, env=environment), output)
        self.all.append(task)
        return task

    def left(self) -> list[str]:
        """What is in the folders that tasks worked in."""
        return [str(file) for file in self.folder.glob("work-*/*")]


def test_a_workplace_that_cannot_be(ran: Runs, tmp_path: Path) -> None:
    """It is bad usage, told with its name."""
    (tmp_path / "file").touch()
    task = ran.start(words=["--work", str(tmp_path / "file" / "work")])
    assert task.ended() == 2
    (failed,) = task.said
    assert failed["event"] == "failed"
    assert str(tmp_path / "file" / "work") in failed["message"]


@pytest.mark.parametrize("told", [">/dev/full 2>/dev/full", ">&- 2>&-"])
def test_nobody_has_to_hear_it(tmp_path: Path, told: str) -> None:
    """Where neither its output nor its log can be written, the exit code alone tells what happened."""
    words = [sys.executable, "-m", "shortsd.task", "tale", "--storage", str(tmp_path)]
    assert subprocess.run(["/bin/sh", "-c", f'exec "$@" {told}', "sh", *words], check=False).returncode == 2


def test_what_a_killed_task_left_goes_with_the_next_one(ran: Runs) -> None:
    """What another one is at work in stays, and so does what is too young to tell."""
    folders = {name: ran.folder / "work-0" / f"shortsd-task-{name}" for name in ("dead", "locked", "young")}
    for folder in folders.values():
        (folder / "work").mkdir(parents=True)
        os.utime(folder, (0, 0) if folder != folders["young"] else None)
    lock = os.open(folders["locked"], os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    assert ran.start("none").ended() == 2
    os.close(lock)
    assert sorted(Path(one).name for one in ran.left()) == ["shortsd-task-locked", "shortsd-task-young"]


def test_two_at_once_leave_one_whole_video(ran: Runs, bucket: S3) -> None:
    """Both say how far they are, a JSON object a line, and end well; nothing of their work is left."""
    tasks = [ran.start(), ran.start()]
    for task in tasks:
        assert task.ended() == 0, task.said
        *before, last = task.said
        assert (last["event"], last["link"], last["pages"]) == ("completed", f"s3://books/{VIDEO}", 2)
        assert [line["stage"] for line in before if line["event"] == "stage" and line["state"] == "done"] == [
            *("pages", "fetch", "voice", "images", "captions", "render", "check", "deliver")
        ]
        percents = [line["percent"] for line in before if "percent" in line]
        assert percents == sorted(percents)
    assert bucket.get(VIDEO)[4:8] == b"ftyp"
    assert bucket.client.list_multipart_uploads(Bucket="books").get("Uploads", []) == []
    assert ran.left() == []


def test_term_ends_it_in_time(ran: Runs, bucket: S3) -> None:
    """In mid-render: its processes are gone with it, the video that was there before is as it was."""
    bucket.put(VIDEO, b"before")
    task = ran.start(words=(*books.TINY, "--fps", "30"))
    wait_for(lambda: task.reached("render"), "the render")
    mine = psutil.Process(task.process.pid)
    wait_for(lambda: mine.children(recursive=True), "its processes")
    children = mine.children(recursive=True)
    task.process.send_signal(signal.SIGTERM)
    assert task.process.wait(GRACE_S) == 128 + signal.SIGTERM
    assert task.said[-1]["event"] == "stopped"
    assert psutil.wait_procs(children, timeout=5)[1] == []
    assert bucket.get(VIDEO) == b"before"
    assert ran.left() == []


@pytest.mark.parametrize(
    ("creation", "words", "code", "why"),
    [
        ("none", books.TINY, 2, "has no pages"),
        ("../tale", books.TINY, 2, "no id of a creation"),
        ("tale", ("--voice", "xx-nobody"), 2, "voice"),
    ],
)
def test_what_cannot_be_rendered(ran: Runs, creation: str, words: tuple[str, ...], code: int, why: str) -> None:
    """The last line says why, with a hint; the exit code tells bad input from what may pass."""
    task = ran.start(creation, words)
    assert task.ended() == code
    last = task.said[-1]
    assert (last["event"], why in last["message"]) == ("failed", True)
    assert last["hint"]

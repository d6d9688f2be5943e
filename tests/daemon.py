"""A real daemon on a home of its own, and the commands that talk to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import msgspec
import nursery
import psutil

from shortsd.client.client import Client
from shortsd.client.sse import Message
from shortsd.client.transport import Transport
from shortsd.config.places import Places
from shortsd.domain.errors import NoDaemon
from shortsd.engine.history import FILE as HISTORY
from shortsd.ground import home_mark
from shortsd.wire.models import JobView, NewJob, NewJobs, ShortParams

TINY = """
[video]
width = 270
height = 480
fps = 10
preset = "superfast"

[daemon]
min_free_mb = 20
retries = 0
"""
"""A size at which a short of ten seconds takes a few seconds."""

STORY = "It came at night. Nobody lit the lamp."
"""Two sentences that are loud enough after one mastering: each further one is two processes more."""
PATIENCE_S = 60.0


def wait_for(condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S, pause_s: float = 0.02) -> None:
    """Return as soon as a condition holds; fail, saying what did not come, if it never does.

    It is looked at every `pause_s`: seldom, where to look is work for who is looked at.
    """
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come within {patience_s:.0f} s")
        time.sleep(pause_s)


class Process(Protocol):
    """A daemon as its parent has it."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int, /) -> None: ...


@dataclass
class Home:
    """A home under a short path, the daemon in it, and who asks it."""

    folder: Path
    module: str = "shortsd"
    """What is run as the daemon."""
    environment: Mapping[str, str] = field(default_factory=dict)
    process: Process | None = None

    @property
    def environ(self) -> dict[str, str]:
        ours = {key: value for key, value in os.environ.items() if not key.startswith("SHORTSD_")}
        tests = str(Path(__file__).parent)
        return {**ours, "SHORTSD_HOME": str(self.folder), "PYTHONPATH": tests, **self.environment}

    @property
    def places(self) -> Places:
        return Places.find({"SHORTSD_HOME": str(self.folder), **self.environment})

    @property
    def client(self) -> Client:
        return Client(Transport(self.places.socket))

    def start(self) -> None:
        """Start a daemon and wait until it is ready."""
        self.spawn()
        wait_for(self.answers, "a ready daemon")

    def spawn(self) -> None:
        """Start a daemon and wait for nothing."""
        with (self.folder / "stderr").open("ab") as stderr:
            self.process = nursery.born(self.module, self.environ, stderr.fileno())

    @property
    def lives(self) -> bool:
        """Whether the daemon that was started last is there, be it that it answers or not."""
        return self.process is not None and self.process.poll() is None

    def died(self) -> int:
        """Wait for the daemon's end; its exit code."""
        assert self.process is not None
        return self.process.wait(PATIENCE_S)

    def answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(f"the daemon ended:\n{self.said()}")
        try:
            return self.client.live().pid == self.process.pid
        except NoDaemon:
            return False

    def said(self) -> str:
        """What the daemon wrote to standard error."""
        return (self.folder / "stderr").read_text()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        """Send the daemon a signal and wait for its end; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.died()

    def end(self) -> None:
        """End the daemon whichever way works."""
        if self.lives:
            self.kill(signal.SIGTERM)

    def ctl(self, *words: str, stdin: bytes = b"", cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """Run `shortsctl` with these words."""
        argv = [sys.executable, "-m", "shortsd.cli", *words]
        done = subprocess.run(
            argv, env=self.environ, input=stdin, capture_output=True, timeout=PATIENCE_S, check=False, cwd=cwd
        )
        return subprocess.CompletedProcess(argv, done.returncode, done.stdout.decode(), done.stderr.decode())

    def make(self, **params: object) -> int:
        """Ask for a short; the job's id. A tiny story if nothing else is said."""
        subject = {} if {"topic", "story", "url"} & set(params) else {"story": STORY}
        wanted: Any = {"seed": 1, **subject, **params}
        jobs = NewJobs(jobs=[NewJob(params=ShortParams(**wanted))])
        return self.client.create(jobs, uuid4().hex).jobs[0].id

    def make_with(self, priority: int) -> int:
        """Ask for a tiny short with a priority; the job's id."""
        new = NewJob(params=ShortParams(story=STORY, seed=1), priority=priority)
        return self.client.create(NewJobs(jobs=[new]), uuid4().hex).jobs[0].id

    def data(self, message: Message) -> Any:
        """What a message of an event stream holds."""
        return msgspec.json.decode(message.data)

    def retry(self, job: int, stage: str | None = None) -> JobView:
        return self.client.retry(job, stage)

    def until(self, job: int, *states: str) -> JobView:
        """Wait until a job is in one of these states."""
        wait_for(lambda: self.client.job(job).state in states, f"job {job} {' or '.join(states)}", pause_s=0.06)
        return self.client.job(job)

    def finished(self, job: int) -> JobView:
        """Wait until a job has succeeded; fail with its log if it fails."""
        view = self.until(job, "succeeded", "failed", "stopped")
        assert view.state == "succeeded", f"{view.error}\n{self.log(job)}"
        return view

    def log(self, job: int) -> str:
        return (self.places.logs / f"{job}.log").read_text()

    def outputs(self) -> list[str]:
        """The names of everything in the output folder, hidden files too, but for what there is of the history."""
        return sorted(file.name for file in self.places.output.iterdir() if HISTORY not in file.name)

    def strays(self) -> list[psutil.Process]:
        """Living processes that were started for this home's jobs, by whatever daemon."""
        mark = home_mark(self.places).encode()
        return [process for process in psutil.process_iter() if mark in _environment(process)]


def _environment(process: psutil.Process) -> bytes:
    try:
        return b"" if process.status() == psutil.STATUS_ZOMBIE else Path(f"/proc/{process.pid}/environ").read_bytes()
    except (OSError, psutil.Error):
        return b""


@contextmanager
def home(folder: Path, config: str = TINY, module: str = "shortsd", **environment: str) -> Iterator[Home]:
    """A home with a running daemon."""
    with resting(folder, config, module, **environment) as made:
        made.start()
        yield made


@contextmanager
def resting(folder: Path, config: str = TINY, module: str = "shortsd", **environment: str) -> Iterator[Home]:
    """A home whose daemon is yet to be started; it is ended in any case."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(config)
    made = Home(folder, module, environment)
    try:
        yield made
    finally:
        made.end()

"""A daemon on a home of its own, in a temporary folder, and what it takes to ask it for work."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from shortsd.client.client import Client
from shortsd.client.transport import Transport
from shortsd.config.places import Places
from shortsd.domain.errors import NoDaemon, ShortsError
from shortsd.domain.job import ENDED
from shortsd.wire.models import JobView, NewJob, NewJobs, ShortParams

TINY = """
[video]
width = 270
height = 480
fps = 10
preset = "superfast"
"""
"""What a job costs is no matter here; what the daemon costs does not depend on the size of a video."""

STORY = "The lamp went out. Nobody lit it again, and yet it burned."
POLL_S = 0.005
END_S = 10.0


@dataclass(frozen=True)
class Home:
    """Where a daemon works."""

    folder: Path

    @property
    def environ(self) -> Mapping[str, str]:
        """Our environment, with this home in it and nothing else that shortsd reads."""
        others = {key: value for key, value in os.environ.items() if not key.startswith("SHORTSD_")}
        return {**others, "SHORTSD_HOME": str(self.folder)}

    @property
    def transport(self) -> Transport:
        return Transport(Places.find({"SHORTSD_HOME": str(self.folder)}).socket)

    @property
    def client(self) -> Client:
        return Client(self.transport)

    def ask(self, jobs: int = 1, story: str = STORY) -> list[JobView]:
        """Ask for so many tiny shorts."""
        new = NewJob(params=ShortParams(story=story, seed=1))
        return self.client.create(NewJobs(jobs=[new] * jobs), uuid4().hex).jobs

    def ended(self, number: int) -> JobView:
        """Wait until a job has ended."""
        while (job := self.client.job(number)).state not in ENDED:
            time.sleep(POLL_S)
        return job


@contextmanager
def home() -> Iterator[Home]:
    """A home, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="shortsd-bench-") as folder:
        (Path(folder) / "config.toml").write_text(TINY)
        yield Home(Path(folder))


@contextmanager
def running(home: Home) -> Iterator["subprocess.Popen[bytes]"]:
    """A daemon that is ready to take work, ended afterwards. Raises NoDaemon if it ends before it is ready."""
    with (home.folder / "stderr").open("ab") as said:
        daemon = subprocess.Popen([sys.executable, "-m", "shortsd"], env=home.environ, stderr=said)
    try:
        while not _ready(home):
            if daemon.poll() is not None:
                raise NoDaemon(f"The daemon ended with code {daemon.returncode}.", _last_words(home))
            time.sleep(POLL_S)
        yield daemon
    finally:
        _end(home, daemon)


def _ready(home: Home) -> bool:
    try:
        home.transport.ask("GET", "/health/ready")
    except ShortsError:
        return False
    return True


def _last_words(home: Home) -> str:
    return (home.folder / "stderr").read_text(errors="replace")[-500:]


def _end(home: Home, daemon: "subprocess.Popen[bytes]") -> None:
    """End a daemon in order, or else at once."""
    try:
        with suppress(ShortsError, subprocess.TimeoutExpired):
            home.client.shutdown()
            daemon.wait(END_S)
    finally:
        daemon.kill()
        daemon.wait()

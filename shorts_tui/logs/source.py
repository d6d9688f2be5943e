"""Whence a log comes: its file, if that is on this machine and may be read, or else the daemon's telling."""

import os
import tempfile
from pathlib import Path
from typing import Protocol

from shorts_tui.background import Listener
from shorts_tui.near import near
from shortsd.client.client import Client
from shortsd.config.places import Places
from shortsd.domain.errors import ShortsError
from shortsd.wire.models import Health

AGAIN_S = 2.0
"""Between two tries to hear a log, in seconds."""


class Source(Protocol):
    """A file with a log in it, which may grow as long as it is `start`ed."""

    path: Path

    def start(self) -> None:
        """Begin to see that the file has the log."""

    def look_again(self) -> None:
        """The log may go on after an end."""

    def stop(self) -> None:
        """End."""


class Written:
    """The log's own file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def start(self) -> None:
        """Nothing is to be done: the daemon writes it."""

    def look_again(self) -> None:
        """As `start`."""

    def stop(self) -> None:
        """As `start`."""


class Told(Listener):
    """A job's log as the daemon tells it, copied in a thread into a file that goes with this."""

    def __init__(self, client: Client, job: int) -> None:
        super().__init__(f"log of job {job}")
        self._file = tempfile.NamedTemporaryFile(prefix=f"shorts-tui-{job}-", suffix=".log")  # noqa: SIM115 - see stop
        self.path = Path(self._file.name)
        self._client = client
        self._job = job
        self._copied = 0
        """Lines."""

    def stop(self) -> None:
        """End the copying, and the copy."""
        super().stop()
        self._file.close()

    def run(self) -> None:
        while not self.ended:
            try:
                self._copy()
            except ShortsError:
                self.wait(AGAIN_S)  # the page says that the daemon is away
            else:
                self.wait()

    def _copy(self) -> None:
        """Copy the lines that were not, until the job has ended. Raises ShortsError."""
        for number, line in enumerate(self._client.follow_log(self._job, hangup=self.hangup)):
            if self.ended:
                return
            if number >= self._copied:
                self._file.write(f"{line}\n".encode("utf-8", "replace"))
                self._file.flush()
                self._copied += 1


def log_of(job: int, client: Client, places: Places | None, health: Health | None) -> Source:
    """Where a job's log can be read."""
    if places is not None and near(places, health):
        path = places.logs / f"{job}.log"
        if not path.exists() or os.access(path, os.R_OK):
            return Written(path)
    return Told(client, job)

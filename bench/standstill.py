"""A daemon that has a queue and does not get on with it: what it costs to be asked and to tell, and nothing else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import psutil
from home import POLL_S, Home, home, running

from shortsd.domain.errors import Internal

WAITS = "#!/bin/sh\nexec sleep 600\n"
"""An FFmpeg at which the first job waits: the others stay in the queue, and no work at a short takes the machine."""


@contextmanager
def standstill() -> Iterator[tuple[Home, int]]:
    """A daemon whose only place for a job is taken by one that waits; its home and process."""
    with home() as place:
        ffmpeg = place.folder / "ffmpeg"
        ffmpeg.write_text(WAITS)
        ffmpeg.chmod(0o700)
        with (place.folder / "config.toml").open("a") as config:
            config.write(f'[daemon]\nmax_parallel_jobs = 1\n[children]\nffmpeg = "{ffmpeg}"\n')
        with running(place) as daemon:
            (job,) = place.ask()
            while place.client.job(job.id).stage != "voice":
                time.sleep(POLL_S)
            yield place, daemon.pid


def cpu_s(pid: int) -> float:
    """The processor time that a process has taken."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def read(line: HTTPConnection) -> bytes:
    """The answer to what was asked. Raises Internal if it is an error."""
    answer = line.getresponse()
    content = answer.read()
    if answer.status >= 400:
        raise Internal(content.decode())
    return content

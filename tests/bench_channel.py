"""A channel of 500 tiny videos, written down by a daemon that is killed in the middle.

    python tests/bench_channel.py [--count 500]

The site is the tests' own stand-in on loopback (tests/servers), which is why it lies here. The daemon's memory is
looked at after every fifty transcripts, before the kill and after it: those of one daemon are to be alike. Of the site
it is told what was asked for more than once; only those at work when the daemon was killed may be.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil
from daemon import Home, home
from servers.videos import Clip, VideoSite

from shortsd.wire.transcripts import ListingRequest, Transcripts, TranscriptsRequest

CONFIG = """
[daemon]
min_free_mb = 20
"""
EACH = 50
"""Transcripts between two looks at the memory."""
GOAL_MB = 3.0
"""That the memory of a daemon may grow by while it writes 200 down: the caches of SQLite fill."""


@dataclass(frozen=True)
class Look:
    """What a daemon takes after so many transcripts."""

    done: int
    rss_mb: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="A channel, written down by a daemon that is killed in the middle.")
    parser.add_argument("--count", type=int, default=500, metavar="N", help="videos (default: 500)")
    count = parser.parse_args().count
    clips = [Clip(f"Video {number}", name=f"id-{number}") for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, VideoSite(*clips) as site:
        sys.stdout.write(measure(Path(folder), site, count) + "\n")


def measure(folder: Path, site: VideoSite, count: int) -> str:
    """Write a channel down; what that took, and what was asked for twice."""
    with home(folder / "h", CONFIG) as daemon:
        began = time.monotonic()
        made = _asked_for(daemon, site)
        before = _looks(daemon, made, count // 2)
        at_work = _killed(daemon)
        after = _looks(daemon, made, count)
        wall_s = time.monotonic() - began
        batch = daemon.client.batch(made.batch or 0)
        twice = {path for path, times in Counter(one.path for one in site.requests).items() if times > 1} - {"/feed"}
        strange = {path for path in twice if path.split("/")[2] not in at_work}
        written = len(list(Path(made.folder).glob("*.json"))) - 1
    flat = max(_growth(before), _growth(after)) <= GOAL_MB
    met = "ok" if flat and not strange and written == batch.done == count else "MISSED"
    return (
        f"channel  {written} of {count} written down in {wall_s:.0f} s, {batch.errors} failed; rss {_told(before)} "
        f"before a kill -9, {_told(after)} after; {len(at_work)} at work then, {len(twice)} addresses asked for twice, "
        f"{len(strange)} of them of others  <= {GOAL_MB:.0f} MB, 0  {met}"
    )


def _asked_for(daemon: Home, site: VideoSite) -> Transcripts:
    url = f"{site.address}/feed"
    found = daemon.client.channel_listing(ListingRequest(url=url))
    wanted = TranscriptsRequest(url=url, id=found.id, title=found.title, videos=found.videos)
    return daemon.client.transcripts(wanted, uuid4().hex)


def _looks(daemon: Home, made: Transcripts, until: int) -> list[Look]:
    """Look at the memory after every EACH transcripts, until there are so many or all have ended."""
    looks: list[Look] = []
    batch = daemon.client.batch(made.batch or 0)
    due = batch.done + EACH
    while batch.done < until and batch.done + batch.errors < batch.total:
        time.sleep(0.2)
        batch = daemon.client.batch(made.batch or 0)
        if batch.done >= due:
            assert daemon.process is not None
            looks.append(Look(batch.done, psutil.Process(daemon.process.pid).memory_info().rss / 1e6))
            sys.stderr.write(f"{looks[-1]}\n")
            due += EACH
    return looks


def _killed(daemon: Home) -> set[str]:
    """Kill the daemon and start another; the numbers of the videos at work then."""
    daemon.kill()
    daemon.start()
    jobs = [job for job in daemon.client.jobs(limit=1000).jobs if job.deaths]
    return {str(job.params["url"]).rpartition("/")[2] for job in jobs}


def _growth(looks: list[Look]) -> float:
    return looks[-1].rss_mb - looks[0].rss_mb if looks else 0.0


def _told(looks: list[Look]) -> str:
    return f"{looks[0].rss_mb:.1f} to {looks[-1].rss_mb:.1f} MB" if looks else "not looked at"


if __name__ == "__main__":
    main()

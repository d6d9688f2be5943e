"""A week of sixteen small shorts on services that answer after 300 ms, against the sum of its renders.

    python tests/bench_week.py [--count 16] [--latency 0.3]

The services are the tests' own stand-ins on loopback (tests/servers), which is why it lies here: a writer, a voice,
pictures, and a channel that each short is uploaded to. All that is fetched and all that is sent is to go on while
another short is rendered, so that the renderer never waits.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from channel import channel
from daemon import Home

from shortsd.wire.channel import WeekRequest

GOAL = 1.1
SMALL = """
[video]
width = 540
height = 960
fps = 30

[daemon]
min_free_mb = 20
"""
WORDS = 60
"""Of each story: some twenty seconds."""


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder:
        sys.stdout.write(measure(Path(folder), options.count, options.latency) + "\n")


def measure(folder: Path, count: int, latency_s: float) -> str:
    """Make a week, and hold the time it takes against that of its renders."""
    with channel(folder / "h", SMALL, WORDS, latency_s) as (daemon, services):
        began = time.monotonic()
        week = daemon.client.week(WeekRequest(count=count, topics=["horror"]), str(uuid4()))
        for job in week.jobs:
            while daemon.client.job(job).state not in ("succeeded", "failed", "stopped"):
                time.sleep(0.2)
        wall_s = time.monotonic() - began
        uploaded, renders_s = len(services.youtube.videos), _renders_s(daemon, week.jobs)
    ratio = wall_s / renders_s
    told = f"{ratio:.2f} x the sum of its renders, {wall_s:.0f} by {renders_s:.0f} s; {uploaded} of {count} uploaded"
    met = "ok" if ratio <= GOAL and uploaded == count else "MISSED"
    return f"week  {told}  <= {GOAL} x  {met}"


def _renders_s(daemon: Home, jobs: list[int]) -> float:
    """Seconds that the render stages of jobs took, one after the other."""
    stages = [stage for job in jobs for stage in daemon.client.job(job).stages if stage.name == "render"]
    return sum(stage.seconds or 0.0 for stage in stages)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A week against the sum of its renders.")
    parser.add_argument("--count", type=int, default=16, metavar="N", help="shorts (default: 16)")
    parser.add_argument("--latency", type=float, default=0.3, metavar="S", help="of each answer (default: 0.3)")
    return parser.parse_args()


if __name__ == "__main__":
    main()

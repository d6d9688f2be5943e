"""Whether the memory of a daemon stays flat over many jobs.

    python bench/soak.py [--jobs 1000]

The jobs are real and as small as they may be, two at a time. After every fifty, when all is quiet, the daemon is
looked at.
"""

import argparse
import time
from dataclasses import dataclass
from statistics import linear_regression

import psutil
from home import Home, home, running
from row import Row

SMALLEST = """
[video]
width = 128
height = 128
fps = 1
preset = "superfast"

[daemon]
max_parallel_jobs = 2

[children]
parallel_encoders = 2
"""
STORY = "Fog."
EACH = 50
"""Jobs between two looks."""
WARM = 600
"""Jobs until all is loaded and SQLite's caches are full (2 MB for each of two connections, a job takes 7 kB):
the slope is taken from there on."""
ALIKE = 2
"""Descriptors more or less: of connections that are just being closed."""
GOAL_MB = 5.0
"""Of growth in a thousand jobs: a year at a hundred a day is 180 MB then."""
POLL_S = 0.2


@dataclass(frozen=True)
class Look:
    """What the daemon takes after so many jobs. Sizes are in bytes."""

    jobs: int
    failed: int
    rss: int
    uss: int
    descriptors: int
    threads: int

    def __str__(self) -> str:
        sizes = f"rss {self.rss / 1e6:6.1f} MB   uss {self.uss / 1e6:6.1f} MB"
        rest = f"{self.descriptors} descriptors   {self.threads} threads   {self.failed} failed"
        return f"{self.jobs:6} jobs   {sizes}   {rest}"


def soak(jobs: int) -> list[Row]:
    """Let a daemon make so many shorts, printing each look; the row that they come to."""
    with home() as place:
        (place.folder / "config.toml").write_text(SMALLEST)
        with running(place) as process:
            begun = time.perf_counter()
            looks = [_look(place, process.pid, done + EACH) for done in range(0, jobs, EACH)]
            seconds = (time.perf_counter() - begun) / looks[-1].jobs
    return [_row(looks, seconds)]


def _look(place: Home, pid: int, jobs: int) -> Look:
    """Make EACH shorts, wait for all of them, and look at the daemon."""
    place.ask(EACH, STORY)
    while place.client.jobs(["queued", "running"], limit=1).jobs:
        time.sleep(POLL_S)
    place.client.clean()
    daemon = psutil.Process(pid)
    memory = daemon.memory_full_info()
    failed = len(place.client.jobs(["failed"], limit=1000).jobs)
    look = Look(jobs, failed, memory.rss, memory.uss, daemon.num_fds(), daemon.num_threads())
    print(look, flush=True)
    return look


def _row(looks: list[Look], seconds: float) -> Row:
    first, last = next((look for look in looks if look.jobs >= WARM), looks[0]), looks[-1]
    growth = _growth_mb([look for look in looks if look.jobs >= WARM])
    measured = (
        f"rss {first.rss / 1e6:.1f} MB after {first.jobs} jobs, {last.rss / 1e6:.1f} MB after {last.jobs}, "
        f"{growth:+.1f} MB in 1,000, {last.failed} failed, {seconds:.1f} s a job"
    )
    flat = growth <= GOAL_MB and last.descriptors <= first.descriptors + ALIKE
    return Row("memory", measured, f"<= {GOAL_MB:.0f} MB", flat)


def _growth_mb(looks: list[Look]) -> float:
    """The slope of the memory in MB for a thousand jobs; 0 for too few looks to tell.

    Of rss: which pages are the daemon's alone (uss) depends on who else uses the same libraries at the moment.
    """
    if len(looks) < 2:
        return 0.0
    return linear_regression([look.jobs for look in looks], [look.rss for look in looks]).slope * 1000 / 1e6


def main() -> None:
    """Soak and print."""
    parser = argparse.ArgumentParser(description="Let a daemon make many tiny shorts, and watch its memory.")
    parser.add_argument("--jobs", type=int, default=1000, metavar="N", help="how many (default: 1000)")
    for row in soak(parser.parse_args().jobs):
        print(row)


if __name__ == "__main__":
    main()

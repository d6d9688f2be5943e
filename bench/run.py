"""Every figure that shortsd is to keep, measured one after the other: a row for each, beside its goal.

    python bench/run.py [--only ready|ls|started|idle|submissions|listing|events|shutdown|render|memory|length|together]

What is measured, and how, says docs/BENCH.md. Nothing here fails: a missed goal is a row that says so.
"""

import argparse
import os
import platform
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import daemon
import events
import render
import scaling
import shutdown
import submissions
from row import Row, line

from shortsd.domain.errors import ShortsError

MEASURES: dict[str, tuple[Callable[[], list[Row]], int]] = {
    "ready": (daemon.ready, 15),
    "ls": (daemon.ls, 15),
    "started": (daemon.started, 15),
    "idle": (daemon.idle, 30),
    "submissions": (submissions.submissions, 60),
    "listing": (submissions.listing, 60),
    "events": (events.delivery, 60),
    "shutdown": (shutdown.shutdown, 60),
    "render": (render.speed, 165),
    "memory": (scaling.memory, 90),
    "length": (scaling.length, 240),
    "together": (scaling.together, 240),
}
"""What is measured, and the seconds it may take. What loads the machine comes last."""


class TooLong(Exception):
    """A measurement is over its time. No error of ours, or else what waits for a daemon would take it for one."""


def main() -> None:
    """Measure and print."""
    only = _options().only
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, load {load:.1f} before")
    print(line("", "measured", "goal", ""))
    for name, (measure, limit_s) in MEASURES.items():
        if only in (None, name):
            for row in _measured(name, measure, limit_s):
                print(row, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Print every figure beside its goal.")
    parser.add_argument("--only", choices=MEASURES, metavar="NAME", help=f"one of {', '.join(MEASURES)}")
    return parser.parse_args()


def _measured(name: str, measure: Callable[[], list[Row]], limit_s: int) -> list[Row]:
    """The rows of a measurement, or one that says why there are none."""
    try:
        with _at_most(limit_s):
            return measure()
    except (TooLong, ShortsError, RuntimeError, OSError, subprocess.SubprocessError) as exc:
        return [Row(name, f"not measured: {exc}", "", met=False)]


@contextmanager
def _at_most(limit_s: int) -> Iterator[None]:
    """Raise TooLong inside the block when it has taken too long."""

    def over(_signal: int, _frame: object) -> None:
        raise TooLong(f"It took more than {limit_s} s.")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(limit_s)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    main()

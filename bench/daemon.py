"""How quick the daemon and its command are, and what a daemon costs that has nothing to do."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import psutil
from home import Home, home, running
from row import Row

from shortsd.client.sse import Message
from shortsd.domain.errors import Internal, NoDaemon

STARTS, CALLS, JOBS = 5, 10, 10
READY_S, LS_S, STARTED_S = 1.0, 0.2, 0.2
IDLE_S, IDLE_PERCENT, IDLE_MB = 10.0, 0.5, 150
CTL = str(Path(sys.executable).with_name("shortsctl"))


def ready() -> list[Row]:
    """From the start of the process to the first answer that it can take work, files and database being there."""
    with home() as place:
        _, *took = [_start(place) for _ in range(STARTS + 1)]
    return [_seconds("daemon ready", took, READY_S)]


def _start(place: Home) -> float:
    begun = time.perf_counter()
    with running(place):
        return time.perf_counter() - begun


def ls() -> list[Row]:
    """The whole process of `shortsctl ls`, with some jobs to list; beside that of a Python that does nothing."""
    with home() as place, running(place):
        for job in place.ask(JOBS):
            place.client.stop(job.id)
            place.ended(job.id)
        took = _calls(place, [CTL, "ls"])
        nothing = _calls(place, [sys.executable, "-c", "pass"])
    return [_seconds("shortsctl ls", took, LS_S, f", {median(took) / median(nothing):.1f} x python -c pass")]


def _calls(place: Home, argv: Sequence[str]) -> list[float]:
    """The seconds that each of some runs of a command takes, after one that nobody counts."""
    return [_call(place, argv) for _ in range(CALLS + 1)][1:]


def _call(place: Home, argv: Sequence[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(argv, env=place.environ, check=True, capture_output=True)
    return time.perf_counter() - begun


def started() -> list[Row]:
    """From the request for a job to the event that it has started, no other job being under way."""
    with home() as place, running(place), place.client.events() as messages:
        took = [_begin(place, messages) for _ in range(JOBS)]
    return [_seconds("job started", took, STARTED_S)]


def _begin(place: Home, messages: Iterator[Message]) -> float:
    """How long a job takes to start; it is stopped then. The request has a thread so that we hear the event in time."""
    with ThreadPoolExecutor(1) as other:
        begun = time.perf_counter()
        asked = other.submit(place.ask)
        _hear(messages, "job.started")
        took = time.perf_counter() - begun
        (job,) = asked.result()
    place.client.stop(job.id)
    _hear(messages, "job.stopped")
    return took


def _hear(messages: Iterator[Message], event: str) -> None:
    """Wait for an event. Raises NoDaemon if the stream ends before."""
    if not any(message.event == event for message in messages):
        raise NoDaemon(f"The stream of events ended without {event}.")


def idle() -> list[Row]:
    """What a daemon takes that has made a short, and now waits for work."""
    with home() as place, running(place) as process:
        (job,) = place.ask()
        if (made := place.ended(job.id)).error:
            raise Internal(f"The job failed: {made.error.message}")
        daemon = psutil.Process(process.pid)
        percent = _percent(daemon)
        memory = daemon.memory_full_info()
    rss, uss = memory.rss / 1e6, memory.uss / 1e6
    return [
        Row(
            "idle, processor",
            f"{percent:.2f} % of a core over {IDLE_S:.0f} s",
            f"< {IDLE_PERCENT} %",
            percent < IDLE_PERCENT,
        ),
        Row("idle, memory", f"rss {rss:.0f} MB, uss {uss:.0f} MB", f"< {IDLE_MB} MB", rss < IDLE_MB),
    ]


def _percent(process: psutil.Process) -> float:
    """The share of a core that a process takes."""
    before = process.cpu_times()
    time.sleep(IDLE_S)
    after = process.cpu_times()
    return 100 * (after.user + after.system - before.user - before.system) / IDLE_S


def _seconds(name: str, took: Sequence[float], goal: float, more: str = "") -> Row:
    """The row of something whose median is to be below a goal."""
    middle = median(took)
    measured = f"{middle:.3f} s median, {max(took):.3f} s at most, of {len(took)}{more}"
    return Row(name, measured, f"<= {goal:.1f} s", middle <= goal)

"""What a render takes of memory, and how it grows: with the length of a short, and with a second job beside it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from home import Home, home, running
from row import Row

SENTENCE = "The keeper climbed the stairs again that night, and he counted every one of them aloud."
"""Five seconds or so, with the pause after it."""
FULL = """
[voice]
max_speech_s = 3600

[daemon]
max_parallel_jobs = {jobs}
"""
SMALL = """
[video]
width = 270
height = 480

[voice]
max_speech_s = 3600
"""
MEMORY_MB = 600
LONG = 10
"""How many times as long the longer short is."""
SLACK = 1.1
"""What a ratio that should be one may be, for the noise of a machine."""


def memory() -> list[Row]:
    """The most that daemon and children together take while a short of 30 s is made, as it comes by default."""
    with _daemon(FULL.format(jobs=1)) as (place, daemon), _watched(daemon) as peak:
        _make(place, 6)
    taken = peak[0] >> 20
    measured = f"{taken} MB, the daemon and all of its processes together (pss)"
    return [Row("render, memory", measured, f"<= {MEMORY_MB} MB", taken <= MEMORY_MB)]


def length() -> list[Row]:
    """A second of a short of ten minutes against one of a short of one minute, both small."""
    with _daemon(SMALL) as (place, _):
        short_s, long_s = (_render_s(place, 12 * times) for times in (1, LONG))
    ratio = long_s / short_s
    measured = f"{ratio:.2f} x for each second of ten minutes, of what it takes for one of one minute"
    return [Row("render, length", measured, f"<= {SLACK} x", ratio <= SLACK)]


def together() -> list[Row]:
    """Two shorts of 30 s at once against one after the other."""
    with _daemon(FULL.format(jobs=2)) as (place, _):
        began = time.perf_counter()
        _make(place, 6, jobs=2)
        at_once_s = time.perf_counter() - began
    with _daemon(FULL.format(jobs=1)) as (place, _):
        began = time.perf_counter()
        _make(place, 6, jobs=2)
        in_turn_s = time.perf_counter() - began
    ratio = at_once_s / in_turn_s
    measured = f"{ratio:.2f} x: two at once {at_once_s:.1f} s, one after the other {in_turn_s:.1f} s"
    return [Row("render, two jobs", measured, f"<= {SLACK} x", ratio <= SLACK)]


@contextmanager
def _daemon(config: str) -> Iterator[tuple[Home, psutil.Process]]:
    """A daemon with a configuration."""
    with home() as place:
        (place.folder / "config.toml").write_text(config)
        with running(place) as process:
            yield place, psutil.Process(process.pid)


def _make(place: Home, sentences: int, jobs: int = 1) -> list[int]:
    """Make shorts, and wait until they are made; their ids."""
    story = " ".join([SENTENCE] * sentences)
    numbers = [job.id for job in place.ask(jobs, story)]
    for number in numbers:
        ended = place.ended(number)
        if ended.state != "succeeded":
            raise RuntimeError(f"job {number} {ended.state}: {ended.error}")
    return numbers


def _render_s(place: Home, sentences: int) -> float:
    """Seconds that the render stage takes for a second of a short of so many sentences."""
    (number,) = _make(place, sentences)
    job = place.client.job(number)
    (took,) = (stage.seconds for stage in job.stages if stage.name == "render")
    return (took or 0.0) / float(job.result["duration_s"])


@contextmanager
def _watched(daemon: psutil.Process) -> Iterator[list[int]]:
    """Watch a process and all below it; the most bytes that they took together, each page counted once (pss)."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], sum(_pss(one) for one in [daemon, *daemon.children(recursive=True)]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0

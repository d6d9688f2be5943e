"""How long one handler of the dashboard takes at most while a key is dealt with, among many jobs.

    python bench/tui_finding.py [--jobs 10000]

Every callback of the event loop is timed: what is drawn on the screen, too. Of each key the longest callback counts.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from asyncio.events import Handle
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from multiprocessing import Event, Process
from pathlib import Path
from statistics import quantiles
from typing import Any

from textual.pilot import Pilot

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from client.standin import Send, StandIn, a_job, progress, serving

from shorts_tui.app import ShortsApp
from shorts_tui.host import Options
from shortsd.client.client import Client
from shortsd.client.transport import Transport

STATES = ("succeeded", "succeeded", "succeeded", "failed", "queued", "stopped", "review", "running")
WORDS = ("lighthouse", "keeper", "train", "never", "sleeps", "last", "winter", "harbour", "bell", "fog")
FRAME_MS = 16.0
SIZES = ((80, 24), (120, 40), (200, 60))
BEAT_S, LIFE_S = 5.0, 3600.0

SCENES: dict[str, Sequence[str]] = {
    "filter": ["slash", *"lighthouse state:fail", *["backspace"] * 21, *"b7", "escape"] * 4,
    "move": ["down"] * 120 + ["up"] * 40,
    "page": ["pagedown"] * 80 + ["pageup"] * 40,
    "edge": ["end", "home"] * 20,
    "sort": ["o", "O"] * 20,
}


class Longest:
    """Times every callback of the event loop."""

    def __init__(self) -> None:
        self.ms = 0.0

    def take(self) -> float:
        """The longest since this was last asked, in milliseconds."""
        longest, self.ms = self.ms, 0.0
        return longest


@contextmanager
def timed() -> Any:
    """The longest callback, while this lasts."""
    longest, plain = Longest(), Handle._run

    def run(handle: Handle) -> None:
        began = time.thread_time()
        plain(handle)
        longest.ms = max(longest.ms, 1000 * (time.thread_time() - began))

    Handle._run = run  # type: ignore[method-assign]
    try:
        yield longest
    finally:
        Handle._run = plain  # type: ignore[method-assign]


async def measure(client: Client, size: tuple[int, int], jobs: int, report: Callable[[str], None]) -> None:
    """Press the keys of every scene and report how long the handlers took."""
    app = ShortsApp(client, Options(images=False, motion=False))
    async with app.run_test(size=size) as pilot:
        while len(app.known.jobs) < jobs or not app.known.whole:
            await asyncio.sleep(0.05)
        await pilot.pause(0.5)
        for name, keys in SCENES.items():
            await _scene(name, keys, pilot, report)


async def _scene(name: str, keys: Sequence[str], pilot: Pilot[None], report: Callable[[str], None]) -> None:
    taken: list[float] = []
    with timed() as longest:
        for key in keys:
            longest.take()
            await pilot.press(key)
            taken.append(longest.take())
    p50, p99 = quantiles(taken, n=100)[49], quantiles(taken, n=100)[98]
    word = "" if p99 <= FRAME_MS else f"  over {FRAME_MS:.0f} ms"
    report(f"{name:8} {len(taken):4} keys  median {p50:5.1f} ms  p99 {p99:5.1f} ms  most {max(taken):5.1f} ms{word}")


def serve(socket: Path, jobs: int, ready: Event) -> None:
    """Be a daemon with so many jobs, whose stream of events stays open; a process of its own."""

    def act(send: Send) -> None:
        while True:
            time.sleep(BEAT_S)
            send("progress", progress(0, 0.0), None)

    draw = random.Random(1)
    made = {number: _job(number, draw) for number in range(1, jobs + 1)}
    with serving(socket, StandIn(jobs=made, acts=[act] * len(SIZES))):
        ready.set()
        time.sleep(LIFE_S)


def _job(number: int, draw: random.Random) -> Any:
    title = " ".join(draw.sample(WORDS, 4))
    return a_job(number, title=title, state=draw.choice(STATES), batch=number // 16, percent=draw.random() * 100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder:
        socket, ready = Path(folder) / "s", Event()
        daemon = Process(target=serve, args=(socket, options.jobs, ready), daemon=True)
        daemon.start()
        ready.wait()
        for size in SIZES:
            print(f"{options.jobs} jobs at {size[0]}x{size[1]}")
            asyncio.run(measure(Client(Transport(socket)), size, options.jobs, print))
        daemon.terminate()


if __name__ == "__main__":
    main()

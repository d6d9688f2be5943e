"""What shorts-tui costs, and how soon it shows what happens: in a real terminal, before a daemon that only tells.

    python bench/tui.py

The terminal is a pseudo-terminal of this process's own; `flood.py` is the daemon, in another process. How long the
app's event loop is kept busy by one thing (`scrolling`, `filtering`) is measured in a process of its own, headless.
"""

import asyncio
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles

import psutil
from row import Row, line

from shortsd.client.client import Client
from shortsd.client.transport import Transport

JOBS, RUNNING, RATE = 10_000, 50, 10.0
STARTS = 9
SECONDS = 15.0
WARM_S = 4.0
PATIENCE_S = 20.0
COLUMNS, LINES = 200, 60

PAINT_S, CPU, LATE_S, MEMORY_MB, HANDLER_S = 0.6, 0.25, 0.1, 150, 0.016

SAID = re.compile(rb"@(\d+\.\d{3})@")


class Terminal:
    """A pseudo-terminal with shorts-tui in it: what it wrote, and when."""

    def __init__(self, socket: Path) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        environ = {**os.environ, "SHORTSD_SOCKET": str(socket), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.begun = time.monotonic()
        argv = [sys.executable, "-m", "shorts_tui", "--no-images"]
        self.process = subprocess.Popen(argv, env=environ, stdin=slave, stdout=slave, stderr=slave, close_fds=True)
        os.close(slave)
        self.pieces: list[tuple[float, float, bytes]] = []
        """When a piece came, by the clock that only runs forward and by the one on the wall."""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with suppress(OSError):
            while piece := os.read(self.master, 1 << 16):
                self.pieces.append((time.monotonic(), time.time(), piece))

    def until(self, text: bytes) -> float:
        """Wait until some text was written; seconds since the start."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            seen = b""
            for at, _, piece in list(self.pieces):
                seen += piece
                if text in seen:
                    return at - self.begun
            time.sleep(0.002)
        raise TimeoutError(f"{text!r} was not written within {PATIENCE_S:.0f} s")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@contextmanager
def _flood(jobs: int, running: int, rate: float) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder:
        socket = Path(folder) / "sock"
        argv = [
            sys.executable,
            str(Path(__file__).with_name("flood.py")),
            str(socket),
            str(jobs),
            str(running),
            str(rate),
        ]
        with subprocess.Popen(argv, stdout=subprocess.PIPE) as daemon:
            try:
                if daemon.stdout is None or not daemon.stdout.readline():
                    raise RuntimeError("the flood did not start")
                yield socket
            finally:
                daemon.kill()


@contextmanager
def _terminal(socket: Path) -> Iterator[Terminal]:
    terminal = Terminal(socket)
    try:
        yield terminal
    finally:
        terminal.end()


def first_paint() -> Row:
    """From the start of the process to the first job on the screen."""
    with _flood(20, 0, 0) as socket:
        times = []
        for _ in range(STARTS):
            with _terminal(socket) as terminal:
                terminal.until(b"Jobs")
                times.append(terminal.until(b"room 20"))
    middle = median(times)
    return Row(
        "first paint", f"{middle:.2f} s with its jobs (median of {STARTS})", f"<= {PAINT_S} s", middle <= PAINT_S
    )


def flooded() -> list[Row]:
    """What the app costs while many jobs say how far they are, and how late the screen is."""
    with _flood(JOBS, RUNNING, RATE) as socket, _terminal(socket) as terminal:
        terminal.until(b"@")
        time.sleep(WARM_S)
        process = psutil.Process(terminal.process.pid)
        before, since = sum(process.cpu_times()[:2]), time.monotonic()
        time.sleep(SECONDS)
        busy = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - since)
        memory = process.memory_info().rss / 1e6
        lates = _lates(terminal, since)
    late = quantiles(lates, n=20)[-1]
    rate = RUNNING * RATE
    return [
        Row("processor", f"{100 * busy:.0f} % of a core at {rate:.0f} events a second", f"<= {CPU:.0%}", busy <= CPU),
        Row("lateness", f"p95 {1000 * late:.0f} ms of {len(lates)} seen", f"<= {1000 * LATE_S:.0f} ms", late <= LATE_S),
        Row("memory", f"{memory:.0f} MB with {JOBS} jobs", f"<= {MEMORY_MB} MB", memory <= MEMORY_MB),
    ]


def _lates(terminal: Terminal, since: float) -> list[float]:
    """How long after each thing was said it was first written, in seconds: what is drawn again is no news."""
    first: dict[bytes, tuple[float, float]] = {}
    for at, wall, piece in list(terminal.pieces):
        for said in SAID.findall(piece):
            first.setdefault(said, (at, wall))
    return [wall - float(said) for said, (at, wall) in first.items() if at >= since]


async def _busy(socket: Path, keys: list[str], size: tuple[int, int]) -> list[float]:
    """How long each turn of the app's loop took while keys were pressed, in seconds, those of no work left out."""
    from shorts_tui.app import ShortsApp  # noqa: PLC0415 - only this measurement loads it

    app = ShortsApp(Client(Transport(socket)))
    async with app.run_test(size=size) as pilot:
        while not app.known.whole:
            await pilot.pause(0.05)
        await pilot.pause()
        with _timed() as turns:
            for key in keys:
                await pilot.press(key)
    return turns


@contextmanager
def _timed() -> Iterator[list[float]]:
    """The seconds that each callback of the event loop takes."""
    turns: list[float] = []
    run = asyncio.Handle._run  # noqa: SLF001 - the one place through which each turn goes

    def timed(self: asyncio.Handle) -> None:
        begun = time.perf_counter()
        run(self)
        turns.append(time.perf_counter() - begun)

    asyncio.Handle._run = timed  # type: ignore[method-assign]  # noqa: SLF001 - as above; put back below
    try:
        yield turns
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]  # noqa: SLF001 - as above


def handlers(name: str, keys: list[str], size: tuple[int, int]) -> Row:
    """How long handlers take while keys are pressed over many jobs, on a screen of a size."""
    with _flood(JOBS, 0, 0) as socket:
        turns = [turn for turn in asyncio.run(_busy(socket, keys, size)) if turn > 0.0005]  # the others do nothing
    p99 = quantiles(turns, n=100)[-1]
    over = sum(1 for turn in turns if turn > HANDLER_S)
    most = f"{1000 * max(turns):.1f} ms at most, {over} of {len(turns)} over {1000 * HANDLER_S:.0f} ms"
    measured = f"p99 {1000 * p99:.1f} ms, {most}"
    return Row(f"{name} {size[0]}x{size[1]}", measured, f"<= {1000 * HANDLER_S:.0f} ms", p99 <= HANDLER_S)


def main() -> None:
    """Measure and print."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f} before")
    print(line("", "measured", "goal", ""))
    print(first_paint(), flush=True)
    for row in flooded():
        print(row, flush=True)
    scrolling = ["j"] * 200 + ["pagedown"] * 60 + ["G", "g"] * 10
    filtering = ["slash", *"lamp", "space", *"room", "space", *"99", *["backspace"] * 12]
    for size in ((120, 40), (COLUMNS, LINES)):
        print(handlers("scrolling", scrolling, size), flush=True)
        print(handlers("filtering", filtering, size), flush=True)


if __name__ == "__main__":
    main()

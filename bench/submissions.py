"""How many jobs a second are taken in from clients that ask at the same time, and how soon a long queue is listed.

Run as a program it is the clients, in a process of their own: `python bench/submissions.py SOCKET`.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

import msgspec
from home import STORY, Home
from row import Row
from standstill import cpu_s, read, standstill

from shortsd.client.transport import UnixConnection
from shortsd.wire.models import JobsPage, NewJob, NewJobs, ShortParams

CLIENTS, EACH = 16, 250
QUEUED, TOGETHER, PAGE, PAGES = 10_000, 1000, 100, 20
RATE_GOAL, PAGE_GOAL_S = 500, 0.1
PATIENCE_S = 60.0


class Taken(msgspec.Struct):
    """What the clients found: jobs taken in a second, and how long the slowest hundredth of the answers took."""

    rate: float
    p99_s: float
    jobs: int


def submissions() -> list[Row]:
    """Jobs asked for one by one, each answered when it is on the disk, by clients that keep their connections."""
    with standstill() as (place, pid):
        begun, cpu = time.perf_counter(), cpu_s(pid)
        taken = _asked(place)
        busy = (cpu_s(pid) - cpu) / (time.perf_counter() - begun)
    measured = (
        f"{taken.rate:.0f} a second, p99 {1000 * taken.p99_s:.0f} ms, of {taken.jobs} by {CLIENTS} clients, "
        f"daemon at {100 * busy:.0f} % of a core"
    )
    return [Row("submissions", measured, f">= {RATE_GOAL} a second", taken.rate >= RATE_GOAL)]


def listing() -> list[Row]:
    """The first page of a long queue, and all of it page by page."""
    with standstill() as (place, _):
        for _ in range(QUEUED // TOGETHER):
            place.ask(TOGETHER)
        with closing(UnixConnection(place.transport.socket, PATIENCE_S)) as line:
            first = [_timed(line) for _ in range(PAGES)]
            begun = time.perf_counter()
            seen = _paged(line)
            whole = time.perf_counter() - begun
    measured = (
        f"first {PAGE} in {1000 * median(first):.0f} ms median, {1000 * max(first):.0f} ms at most, of {PAGES}; "
        f"all {seen} in {whole:.1f} s"
    )
    met = median(first) <= PAGE_GOAL_S and seen > QUEUED
    return [Row("10,000 queued", measured, f"<= {PAGE_GOAL_S:.1f} s", met)]


def _timed(line: HTTPConnection) -> float:
    begun = time.perf_counter()
    _page(line, None)
    return time.perf_counter() - begun


def _paged(line: HTTPConnection) -> int:
    """How many jobs all pages have."""
    seen, cursor = 0, None
    while True:
        page = _page(line, cursor)
        seen, cursor = seen + len(page.jobs), page.next
        if cursor is None:
            return seen


def _page(line: HTTPConnection, cursor: int | None) -> JobsPage:
    line.request("GET", f"/v1/jobs?limit={PAGE}" + (f"&cursor={cursor}" if cursor else ""))
    return msgspec.json.decode(read(line), type=JobsPage)


def _asked(place: Home) -> Taken:
    """Let the clients ask, in a process of their own."""
    argv = [sys.executable, __file__, str(place.transport.socket)]
    done = subprocess.run(argv, stdout=subprocess.PIPE, check=True, timeout=PATIENCE_S)
    return msgspec.json.decode(done.stdout, type=Taken)


def _ask(socket: Path) -> list[float]:
    """What one client does; the seconds that each answer took."""
    body = msgspec.json.encode(NewJobs(jobs=[NewJob(params=ShortParams(story=STORY))]))
    took = []
    with closing(UnixConnection(socket, PATIENCE_S)) as line:
        for _ in range(EACH):
            begun = time.perf_counter()
            line.request("POST", "/v1/jobs", body, {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex})
            read(line)
            took.append(time.perf_counter() - begun)
    return took


def _clients(socket: Path) -> Taken:
    """All clients at once."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as threads:
        took = [second for one in threads.map(_ask, [socket] * CLIENTS) for second in one]
    return Taken(len(took) / (time.perf_counter() - begun), quantiles(took, n=100)[-1], len(took))


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_clients(Path(sys.argv[1]))))

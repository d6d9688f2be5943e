"""How soon events reach many readers, while many events happen.

Run as a program it is the readers, in a process of their own: `python bench/events.py SOCKET`.
"""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from statistics import quantiles

import msgspec
from home import STORY, Home
from row import Row
from standstill import cpu_s, read, standstill

from shortsd.client.transport import UnixConnection
from shortsd.domain.errors import Internal
from shortsd.wire.models import Created, NewJob, NewJobs, ShortParams

READERS, RATE, SECONDS, ASKING = 100, 200, 10, 8
EVENTS = RATE * SECONDS
GOAL_S = 0.05
PATIENCE_S = SECONDS + 10.0
"""Seconds after which the readers wait no longer for events that have not come."""

REQUEST = b"GET /v1/events HTTP/1.1\r\nHost: shortsd\r\n\r\n"
FACT = re.compile(rb'^data: \{"seq":\d+,"at":([0-9.]+),', re.MULTILINE)


class Heard(msgspec.Struct):
    """What all readers heard: how many events, and how long after each was true, in seconds."""

    events: int
    p99_s: float
    most_s: float


def delivery() -> list[Row]:
    """From the moment that an event bears to its arrival at each of the readers."""
    with standstill() as (place, pid), _readers(place) as readers:
        taken, begun = cpu_s(pid), time.perf_counter()
        _tell(place)
        seconds = time.perf_counter() - begun
        busy = (cpu_s(pid) - taken) / seconds
        heard = _heard(readers)
    rate, lost = EVENTS / seconds, READERS * EVENTS - heard.events
    measured = (
        f"p99 {1000 * heard.p99_s:.0f} ms, {1000 * heard.most_s:.0f} ms at most, {READERS} readers, "
        f"{rate:.0f} a second, {lost} lost, daemon at {100 * busy:.0f} % of a core"
    )
    met = heard.p99_s < GOAL_S and lost == 0 and rate > 0.95 * RATE
    return [Row("events", measured, f"< {1000 * GOAL_S:.0f} ms", met)]


@contextmanager
def _readers(place: Home) -> Iterator["subprocess.Popen[bytes]"]:
    """The readers, each with its snapshot; ended afterwards."""
    argv = [sys.executable, __file__, str(place.transport.socket)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as readers:
        try:
            if readers.stdout is None or not readers.stdout.readline():
                raise Internal("The readers did not get their streams.")
            yield readers
        finally:
            readers.kill()


def _heard(readers: "subprocess.Popen[bytes]") -> Heard:
    said, _ = readers.communicate(timeout=PATIENCE_S)
    return msgspec.json.decode(said, type=Heard)


def _tell(place: Home) -> None:
    """Make EVENTS happen at RATE, by some who ask by turns: one who has to wait for its answer holds no other up."""
    begun = time.perf_counter() + 0.1
    with ThreadPoolExecutor(ASKING) as threads:
        for done in [threads.submit(_ask, place, begun, first) for first in range(ASKING)]:
            done.result()


def _ask(place: Home, begun: float, first: int) -> None:
    """Every so many events: ask for a job, then stop it, which are two."""
    new = msgspec.json.encode(NewJobs(jobs=[NewJob(params=ShortParams(story=STORY, seed=1))]))
    with closing(UnixConnection(place.transport.socket, PATIENCE_S)) as line:
        for number in range(first, EVENTS, 2 * ASKING):
            _wait(begun + number / RATE)
            line.request("POST", "/v1/jobs", new, {"Content-Type": "application/json"})
            (job,) = msgspec.json.decode(read(line), type=Created).jobs
            _wait(begun + (number + ASKING) / RATE)
            line.request("POST", f"/v1/jobs/{job.id}/stop")
            read(line)


def _wait(until: float) -> None:
    time.sleep(max(0.0, until - time.perf_counter()))


class Reader(asyncio.Protocol):
    """One reader. It adds the delay of each event to `delays`, until it has heard them all."""

    def __init__(self, delays: list[float]) -> None:
        loop = asyncio.get_running_loop()
        self.begun, self.ended = loop.create_future(), loop.create_future()
        self._delays = delays
        self._awaited = EVENTS
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        now = time.time()
        whole, end, self._rest = (self._rest + data).rpartition(b"\n\n")
        if not self.begun.done() and b"event: snapshot" in whole:
            self.begun.set_result(None)
        heard = FACT.findall(whole + end)
        self._delays += [now - float(at) for at in heard]
        self._awaited -= len(heard)
        if heard and not self._awaited:
            self.ended.set_result(None)


async def _listen(socket: str) -> None:
    """Say when all readers have their snapshots, and when all events have come what was heard."""
    delays: list[float] = []
    loop = asyncio.get_running_loop()
    made = [await loop.create_unix_connection(lambda: Reader(delays), socket) for _ in range(READERS)]
    await asyncio.gather(*(reader.begun for _, reader in made))
    print("begun", flush=True)
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*(reader.ended for _, reader in made)), PATIENCE_S)
    print(msgspec.json.encode(Heard(len(delays), quantiles(delays, n=100)[-1], max(delays))).decode())


if __name__ == "__main__":
    asyncio.run(_listen(sys.argv[1]))

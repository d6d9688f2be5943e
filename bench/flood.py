"""A daemon that only tells: of many jobs, some of which run and say how far they are, each so often a second.

Run as a program it serves until it is ended: `python bench/flood.py SOCKET JOBS RUNNING RATE`. What a running job says
of itself holds the moment at which it was said, so that who reads a screen can tell how late that is.
"""

import asyncio
import sys
import time
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import msgspec

from shortsd import __version__
from shortsd.wire.models import EventView, Health, JobsPage, JobView, LogLines, Snapshot, StageView

SNAPSHOT = 1000
STEPS = 100
"""Into how many moments of telling a second is divided, at most."""


def job(number: int, running: int, jobs: int) -> JobView:
    """One of the jobs: the newest ones run."""
    runs = number > jobs - running
    return JobView(
        id=number, kind="short", title=f"The lamp that burned in room {number}", priority=0, batch=number // 16 or None,
        state="running" if runs else ("succeeded", "failed", "queued")[number % 3], created_at=1.7e9 + number,
        moved_at=1.7e9, started_at=1.7e9, ended_at=None, attempt=1, reason="", percent=40.0 if runs else 0.0,
        eta_s=30.0 if runs else None, stage="render" if runs else None, message="", error=None,
        params={"story": "It came at night."}, result={},
        stages=[
            *(StageView(name=name, state="done") for name in ("story", "voice", "images")),
            StageView(name="render", state="running" if runs else "done"),
        ],
    )  # fmt: skip


class Flood:
    """Answers what shorts-tui asks."""

    def __init__(self, jobs: int, running: int, rate: float) -> None:
        self.jobs = jobs
        self.running = running
        self.rate = rate

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            url = urlsplit(head.split(" ", 2)[1])
            query = parse_qs(url.query)
            if url.path == "/v1/events":
                await self._tell(writer)
            else:
                self._say(writer, self._answer(url.path, query))
                await writer.drain()
        writer.close()

    def _answer(self, path: str, query: dict[str, list[str]]) -> object:
        if path == "/health/live":
            return Health(ok=True, version=__version__, pid=1)
        if path == "/v1/jobs":
            return self._page(int(query.get("cursor", [str(self.jobs + 1)])[0]))
        if path.endswith("/log"):
            return LogLines(lines=["[story] done"])
        if path.startswith("/v1/jobs/"):
            return job(int(path.split("/")[3]), self.running, self.jobs)
        return {}

    def _page(self, cursor: int) -> JobsPage:
        last = max(cursor - SNAPSHOT, 1)
        found = [job(number, self.running, self.jobs) for number in range(cursor - 1, last - 1, -1)]
        return JobsPage(jobs=found, next=last if last > 1 else None)

    def _say(self, writer: asyncio.StreamWriter, body: object) -> None:
        text = msgspec.json.encode(body)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        writer.write(head.encode() + text)

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        writer.write(_event("snapshot", Snapshot(seq=1, jobs=self._page(self.jobs + 1).jobs)))
        await writer.drain()
        if not self.running * self.rate:
            await asyncio.Event().wait()
        begun, told = time.monotonic(), 0
        while True:
            await asyncio.sleep(1 / STEPS)
            due = int((time.monotonic() - begun) * self.running * self.rate)
            for count in range(told, due):
                writer.write(self._sample(count))
            told = due
            await writer.drain()

    def _sample(self, count: int) -> bytes:
        """How far the next of the running jobs is: each in turn, so that each speaks `rate` times a second."""
        done = count // self.running
        data = {
            "percent": min(99.0, 40 + done / 100),
            "eta_s": 30.0,
            "stage": "render",
            "stage_percent": float(done % 100),
            "message": f"{done % 900} of 900 frames @{time.time():.3f}@",
        }
        number = self.jobs - count % self.running
        return _event("progress", EventView(seq=None, at=time.time(), type="progress", job=number, data=data))


def _event(kind: str, data: object) -> bytes:
    return b"event: " + kind.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"


async def main() -> None:
    """Serve."""
    socket, jobs, running, rate = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    flood = Flood(jobs, running, rate)
    async with await asyncio.start_unix_server(flood.answer, socket) as server:
        print("ready", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

"""Makes a database of the version that this is run with, and says beside it what is in it; see README.md."""

import asyncio
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from shortsd.domain.errors import Code
from shortsd.domain.job import JobError, Move
from shortsd.domain.process import ChildRecord
from shortsd.store.children import ChildRecords
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request
from shortsd.store.selection import Selection
from shortsd.store.stages import StageRuns

SEED = 300
"""Instead of one drawn at random, so that the file comes out the same each time."""


def request(words: str, priority: int = 0) -> Request:
    """A job with all that a plan has."""
    plan: dict[str, Any] = {"topic": None, "story": words, "title": None, "voice": "en-us", "images": None}
    plan |= {"music": None, "fps": 30, "width": 1080, "height": 1920, "seed": 7, "max_speech_s": 180.0}
    return Request("short", plan, words, priority)


async def fill(jobs: Jobs, runs: StageRuns, children: ChildRecords) -> None:
    """A job in each state that a killed daemon leaves, a batch, a key, stages, a child, a job that is gone."""
    for words in ("It succeeded. 🎃", "It failed.", "It was stopped.", "It is gone."):
        await jobs.create([request(words)])
    await jobs.create([request("One of two."), request("Two of two.")], "a key", "a digest")
    await jobs.create([request("It is being stopped."), request("It runs.", 5)])
    ends: dict[int, Callable[[int], Awaitable[object]]] = {
        8: lambda _: children.add(ChildRecord(4194304, 4194304, 1, 8, "render", "ffmpeg", ("ffmpeg", "-version"), 2.0)),
        1: lambda job: jobs.move(job, Move.SUCCEED, result={"video": "/out/1-it.mp4", "title": "It"}, percent=100.0),
        2: lambda job: jobs.move(job, Move.FAIL, error=JobError(Code.TIMED_OUT, "It stalled.", "Again.", "voice")),
    }
    for job, end in ends.items():
        started = await jobs.claim()
        assert started is not None
        assert started.id == job
        run = await runs.start(job, 1, "story", "0123456789abcdef")
        await runs.finish(run, "done")
        await runs.start(job, 1, "voice", "fedcba9876543210")
        await end(job)
    await jobs.entitle(1, "It Succeeded")
    await jobs.stop(3)
    await jobs.stop(4)
    await jobs.delete(4)
    await jobs.claim()
    await jobs.stop(5)
    await jobs.stop(6)
    await jobs.move(3, Move.RETRY, reason="retried")


async def make(file: Path) -> None:
    """Write the database and, as JSON, its jobs and events."""
    ticks = count(1_790_000_000)
    database = await Database.open(file, lambda _: None)
    jobs, runs = Jobs(database, lambda: float(next(ticks))), StageRuns(database, lambda: float(next(ticks)))
    await fill(jobs, runs, ChildRecords(database))
    said = {"jobs": await jobs.select(Selection()), "events": await jobs.events_after(0, 1000)}
    await database.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE home SET seed = ?", (SEED,))
    connection.close()
    file.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(said)) + b"\n")


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))

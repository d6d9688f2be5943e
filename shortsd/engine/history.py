"""What was published: for who asks, and in a file for other tools."""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from shortsd.domain import durable
from shortsd.domain.errors import ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.job import Job
from shortsd.store.calendar import CalendarStore
from shortsd.wire.channel import History, Shown

FILE = "history.json"
PAGE = 200
"""Jobs that are read at a time."""
REST = 20.0
"""Times what writing took, for so long it is not done again: of thousands of jobs it would take most of the time."""
AT_ONCE_S = 1.0
"""Rests that are shorter are not kept: what few shorts there are is in the file as soon as another one is."""

logger = logging.getLogger("shortsd.history")


class Published:
    """The shorts that there are. `folder` gets FILE, whole, when there is another one, or soon after."""

    def __init__(self, store: CalendarStore, folder: Path, timer: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._folder = folder
        self._timer = timer
        self._writing = asyncio.Lock()
        self._asked, self._written = 1, 0
        """How often there was something to write, and up to which of these the file has it."""
        self._rests_until = -math.inf

    async def page(self, before: int | None, limit: int) -> History:
        """A page of them, newest first. Raises Unavailable."""
        jobs = await self._store.published(before, limit + 1)
        page = jobs[:limit]
        after = page[-1].id if len(jobs) > len(page) else None
        return History(shorts=[_shown(job) for job in page], next=after)

    async def keep(self) -> None:
        """Write all of them into the file, oldest first, or leave it to `catch_up` if that was done just now.

        That writing fails is told, and harms nothing.
        """
        self._asked += 1
        if self._timer() >= self._rests_until:
            await self.catch_up()

    async def catch_up(self) -> None:
        """Write the file if it may lack something: the last daemon may have died before it could."""
        async with self._writing:
            if self._written < self._asked:
                began = self._timer()
                await self._write()
                rest = REST * (self._timer() - began)
                self._rests_until = self._timer() + (rest if rest > AT_ONCE_S else 0.0)

    async def close(self) -> None:
        """Write what a rest has kept back: nobody catches up while there is no daemon."""
        if self._asked > 1:
            await self.catch_up()

    async def _write(self) -> None:
        asked = self._asked
        try:
            content = msgspec.json.format(msgspec.json.encode(await self._all())) + b"\n"
            await in_thread(durable.write, self._folder / FILE, content)
            self._written = asked
        except (ShortsError, OSError) as exc:
            logger.warning("the history could not be written", extra={"why": str(exc)})

    async def _all(self) -> list[Shown]:
        """All of them, oldest first, read in pages: a channel's thousands are not in memory at once, story and all."""
        shown: list[Shown] = []
        before: int | None = None
        while jobs := await self._store.published(before, PAGE):
            shown += map(_shown, jobs)
            before = jobs[-1].id
        return shown[::-1]


def sweep(folder: Path) -> None:
    """Remove what a daemon that was killed left of the file it was writing. That this fails harms nothing."""
    with contextlib.suppress(OSError):
        for part in folder.glob(f".{FILE}.*"):
            part.unlink(missing_ok=True)


def _shown(job: Job) -> Shown:
    made = job.result
    return Shown(
        job=job.id,
        kind=job.kind,
        title=str(made.get("title", job.title)),
        made_at=job.ended_at or job.moved_at,
        publish_at=job.publish_at,
        batch=job.batch,
        duration_s=made.get("duration_s"),
        video=str(made.get("video", "")),
        link=str(made.get("link", "")),
        file=str(made.get("file", "")),
    )

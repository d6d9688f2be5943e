"""Previews: frames of shorts that are not rendered yet, or of what may become one."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from weakref import WeakValueDictionary

from shortsd.domain.errors import BadInput, BadRequest, ShortsError
from shortsd.domain.finish import in_thread
from shortsd.engine.readiness import Readiness
from shortsd.engine.storage import Storage
from shortsd.stages.groundwork import Groundwork
from shortsd.stages.kinds import kind_of
from shortsd.stages.plan import Plan, plan
from shortsd.stages.preview import Finder, Shown, Unheard, draw, shown, subject
from shortsd.stages.runner import Runner, of_system
from shortsd.stages.tools import Tools
from shortsd.stages.workspace import Workspace
from shortsd.store.jobs import Jobs
from shortsd.wire.models import ShortParams

AT_ONCE = 2
"""Previews that are drawn at the same time; and as many whose voice and pictures are made."""


class Previews:
    """Draws them. What those of no job are made of lies under `folder`, to be removed as the cache is."""

    def __init__(
        self,
        tools: Callable[[], Tools],
        jobs: Jobs,
        storage: Storage,
        readiness: Readiness,
        preflight: Callable[[Plan], Awaitable[None]],
        folder: Path,
    ) -> None:
        self._tools = tools
        self._jobs = jobs
        self._storage = storage
        self._readiness = readiness
        self._preflight = preflight
        self._folder = folder
        self._drawing = asyncio.Semaphore(AT_ONCE)
        self._making = asyncio.Semaphore(AT_ONCE)
        self._one_by_one: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def of_job(self, number: int, at_s: float | None) -> bytes:
        """A frame of a job's short as a PNG, or a contact sheet if no time is given.

        Raises NotFound, WrongState (what it is drawn of is not there), BadInput, ChildFailed, TimedOut, DiskFull.
        """
        job = await self._jobs.get(number)
        find = kind_of(job.kind).ground
        if find is None:
            raise BadInput(f"There are no previews of jobs of the kind {job.kind}.", "Look at what it made.")
        ground = find(job.params, self._tools(), Finder(job, self._storage.workspace(number)))
        short = await shown(ground)
        try:
            return await self._drawn(short, at_s)
        except ShortsError:
            await shown(ground)  # if somebody has cleaned up meanwhile, that is what went wrong
            raise

    async def of_params(self, params: ShortParams, at_s: float | None) -> bytes:
        """As `of_job`, of what may become a job; its voice and pictures are made, unless they were before.

        Raises also what taking in a job raises, and what making them does.
        """
        self._readiness.require_open()
        await self._readiness.require_means()
        wanted = plan(params, self._readiness.settings, 0)
        await self._preflight(wanted)
        mark = subject(wanted)
        async with self._one_by_one.setdefault(mark, asyncio.Lock()):
            return await self._drawn(await self._made(wanted, self._folder / mark), at_s)

    async def _made(self, wanted: Plan, folder: Path) -> Shown:
        least = self._readiness.settings.daemon.min_free_mb << 20
        async with self._making:
            short = await shown(Groundwork(wanted, self._tools(), Runner(0, Workspace(folder), Unheard(), least)))
        await in_thread(_touch, folder)
        self._storage.changed()
        return short

    async def _drawn(self, short: Shown, at_s: float | None) -> bytes:
        async with self._drawing:
            try:
                return await draw(short, at_s, self._tools())
            except OSError as exc:
                raise of_system(exc, "The preview") from exc


def moment(at: float | None, strip: bool) -> float | None:
    """The time of the frame that is asked for, None for a contact sheet. Raises BadRequest for neither and for both."""
    if strip == (at is not None):
        raise BadRequest("A preview is of one moment, or a strip of the whole short.", "Give `at` or `strip`.")
    return at


def _touch(folder: Path) -> None:
    """Let everything in a folder count as used now, also where the file system does not note who reads."""
    for file in folder.rglob("*"):
        with suppress(OSError):
            os.utime(file)

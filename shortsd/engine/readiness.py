"""Whether the daemon takes new work, and works at what it has, and why not."""

import asyncio
import logging
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from shortsd import __version__
from shortsd.config.settings import Settings
from shortsd.domain.errors import ShortsError, Unavailable
from shortsd.engine.storage import Storage
from shortsd.stages.runner import require_room
from shortsd.store.jobs import Jobs
from shortsd.wire.models import Health

GOOD_S = 1.0
"""How long it is good that work can be done: to look takes longer than to take a job in."""

ANSWER_S = 2.0
"""How long a disk may take to answer."""

logger = logging.getLogger("shortsd.readiness")


class Readiness:
    """What has to hold for work to be done: FFmpeg is there, `folders` can be written, as much is free as has to be.

    For new work the daemon must not be about to end, either, and no more may be taken of the disk than is allowed.
    """

    def __init__(self, settings: Settings, jobs: Jobs, storage: Storage, folders: Sequence[Path], ffmpeg: str) -> None:
        self.settings = settings
        self.closing = asyncio.Event()
        """Set once the daemon is to end."""
        self.draining = False
        """Whether it ends when the jobs that run have ended."""
        self.blocked: ShortsError | None = None
        """Why no work can be done, when that was last looked at."""
        self.misconfigured: ShortsError | None = None
        """Why the configuration, as it stands now, is not the one that counts."""
        self._jobs = jobs
        self._storage = storage
        self._folders = folders
        self._ffmpeg = ffmpeg
        self._good_until = float("-inf")
        self._looking: asyncio.Task[None] | None = None

    async def require_all(self) -> None:
        """See that new work can be taken, as far as one job is like another. Raises DiskFull, Unavailable."""
        self.require_open()
        await self.require_means()
        await self._storage.require_room()

    def require_open(self) -> None:
        """Raises Unavailable if the daemon is to end."""
        if self.closing.is_set():
            raise Unavailable("The daemon is shutting down.", "Ask again when it has started anew.")
        if self.draining:
            raise Unavailable("The daemon ends when the jobs that run have ended.", "Ask again when it runs anew.")

    async def require_means(self) -> None:
        """See that work can be done at all, if it was not seen a moment ago. Raises DiskFull, Unavailable."""
        if asyncio.get_running_loop().time() >= self._good_until:
            await self._see()

    async def can_work(self) -> bool:
        """Whether work can be done now. A job that is started when it cannot would fail, and the next one after it."""
        with suppress(ShortsError):
            await self._see()
            return True
        return False

    async def _see(self) -> None:
        try:
            await self._answered()
        except ShortsError as exc:
            self._good_until = float("-inf")
            self._tell(exc)
            raise
        self._good_until = asyncio.get_running_loop().time() + GOOD_S
        self._tell(None)

    def hindrances(self) -> list[str]:
        """Why new work is refused, so far as is known; nothing is looked at for it."""
        reasons = [self.blocked.message] if self.blocked else []
        for check in (self.require_open, self._storage.check):
            try:
                check()
            except ShortsError as exc:
                reasons.append(exc.message)
        return reasons

    def notes(self) -> list[str]:
        """What somebody should know, and is no reason not to take work."""
        refused = self.misconfigured
        return [f"The configuration was refused, and the one before counts. {refused.message}"] if refused else []

    def live(self) -> Health:
        """The daemon answers."""
        return Health(ok=True, version=__version__, pid=os.getpid(), notes=self.notes())

    async def ready(self) -> Health:
        """Whether the daemon can take work, and why not."""
        with suppress(ShortsError):  # it is told among the others
            await self._storage.look()
        await self.can_work()
        reasons = self.hindrances()
        try:
            await self._jobs.writable()
        except ShortsError as exc:
            reasons.append(exc.message)
        return Health(ok=not reasons, version=__version__, pid=os.getpid(), reasons=reasons, notes=self.notes())

    async def _answered(self) -> None:
        """Look, but do not wait for ever: a disk that hangs keeps one thread, and nobody else. As `_look` raises."""
        looking = self._looking
        if looking is None or looking.done():
            looking = self._looking = asyncio.create_task(asyncio.to_thread(self._look))
            looking.add_done_callback(asyncio.Task.exception)  # that it failed late is nobody's news
        done, _ = await asyncio.wait({looking}, timeout=ANSWER_S)
        if not done:
            places = " and ".join(map(str, self._folders))
            raise Unavailable(f"The disk of {places} does not answer.", "The kernel's log (`dmesg`) tells more.")
        looking.result()

    def _look(self) -> None:
        if shutil.which(self._ffmpeg) is None:
            raise Unavailable(f"FFmpeg cannot be run: {self._ffmpeg}.", "`shortsctl doctor` says what to do.")
        for folder in self._folders:
            require_room(folder, self.settings.daemon.min_free_mb << 20)

    def _tell(self, blocked: ShortsError | None) -> None:
        """Remember what was found, and log it when it has changed."""
        before, self.blocked = self.blocked, blocked
        if blocked is not None and before is None:
            logger.warning("no work can be done", extra={"why": blocked.message, "hint": blocked.hint})
        elif blocked is None and before is not None:
            logger.info("work can be done again")

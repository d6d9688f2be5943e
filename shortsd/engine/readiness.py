"""Whether the daemon takes new work, and why not."""

import asyncio
import os
import shutil
import time
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

ROOM_S = 1.0
"""How long there is room on the disk once it has been seen: to look takes longer than to take a job in."""


class Readiness:
    """What has to hold for new work to be taken: it does not end, FFmpeg is there, there is room, the store is written.

    `folders` are those that work is written to.
    """

    def __init__(self, settings: Settings, jobs: Jobs, storage: Storage, folders: Sequence[Path], ffmpeg: str) -> None:
        self.settings = settings
        self.closing = asyncio.Event()
        """Set once the daemon is to end."""
        self.draining = False
        """Whether it ends when the jobs that run have ended."""
        self._jobs = jobs
        self._storage = storage
        self._folders = folders
        self._ffmpeg = ffmpeg
        self._room_until = float("-inf")

    def require_open(self) -> None:
        """Raises Unavailable if the daemon is to end."""
        if self.closing.is_set():
            raise Unavailable("The daemon is shutting down.", "Ask again when it has started anew.")
        if self.draining:
            raise Unavailable("The daemon ends when the jobs that run have ended.", "Ask again when it runs anew.")

    def require_disk(self) -> None:
        """See that work can be written, and that as much is free as has to be. Raises DiskFull, Unavailable."""
        now = time.monotonic()
        if now < self._room_until:
            return
        for folder in self._folders:
            require_room(folder, self.settings.daemon.min_free_mb << 20)
        self._room_until = now + ROOM_S

    async def require_all(self) -> None:
        """See that new work can be taken, so far as one job is like another. Raises DiskFull, Unavailable."""
        self.require_open()
        self.require_disk()
        await self._storage.require_room()

    def hindrances(self) -> list[str]:
        """Why new work is refused, as far as can be told without the store."""
        reasons: list[str] = []
        for check in (self.require_open, self._require_ffmpeg, self.require_disk, self._storage.check):
            try:
                check()
            except ShortsError as exc:
                reasons.append(exc.message)
        return reasons

    def live(self) -> Health:
        """The daemon answers."""
        return Health(ok=True, version=__version__, pid=os.getpid())

    async def ready(self) -> Health:
        """Whether the daemon can take work, and why not."""
        with suppress(ShortsError):  # it is told among the others
            await self._storage.require_room()
        reasons = self.hindrances()
        try:
            await self._jobs.writable()
        except ShortsError as exc:
            reasons.append(exc.message)
        return Health(ok=not reasons, version=__version__, pid=os.getpid(), reasons=reasons)

    def _require_ffmpeg(self) -> None:
        if shutil.which(self._ffmpeg) is None:
            raise Unavailable(f"FFmpeg cannot be run: {self._ffmpeg}.", "`shortsctl doctor` says what to do.")

"""Wakes who waits for changes in folders: at once where the kernel tells of them, in any case after a while."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from watchfiles import awatch

STEP_MS = 250
"""How often the thread that waits for the kernel looks up: a change is told after one of these without another one,
and the thread ends within one. Two of these threads cost less than 0.1 % of a core."""

Identity = tuple[int, int]
"""Device and inode: what a folder is, whatever it is called."""

logger = logging.getLogger("shortsd.watching")


class Watch:
    """Folders that are watched, without those in them, for as long as it is entered.

    What the kernel cannot tell of (a disk elsewhere, too many watches, a folder that is not there yet) is for who waits
    to find: `wait` comes back after a while in any case.
    """

    def __init__(self, folders: Callable[[], Iterable[Path]]) -> None:
        self._folders = folders
        self._changed = asyncio.Event()
        self._watched: dict[Path, Identity] = {}
        self._task: asyncio.Task[None] | None = None
        self._end = asyncio.Event()
        self._told = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._drop()

    async def wait(self, within_s: float) -> bool:
        """Wait until something changes in a folder, or it is another one; whether it did so in so many seconds.

        The first time it comes back at once: what was changed before nobody watched is to be looked for.
        """
        await self._renew()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(within_s, 0)):
                await self._changed.wait()
        changed = self._changed.is_set()
        self._changed.clear()
        return changed

    async def _renew(self) -> None:
        """Watch what the folders are now, if that is not what is watched: one may be removed, and made anew."""
        found = await asyncio.to_thread(_identities, self._folders)
        if found == self._watched and (self._task is None or not self._task.done()):
            return
        await self._drop()
        if found:
            self._end = asyncio.Event()
            self._task = asyncio.create_task(self._listen(list(found), self._end), name="watch")
            await asyncio.sleep(0)  # the watch stands once the task waits: who looks after that misses nothing
        if found != self._watched:
            self._changed.set()
        self._watched = found

    async def _drop(self) -> None:
        """Watch no more."""
        if self._task is not None:
            self._end.set()
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _listen(self, folders: list[Path], end: asyncio.Event) -> None:
        changes = awatch(*folders, watch_filter=None, step=STEP_MS, rust_timeout=0, stop_event=end, recursive=False)
        try:
            async for _ in changes:
                self._changed.set()
        except (OSError, RuntimeError) as exc:
            self._tell(str(exc), folders)

    def _tell(self, why: str, folders: list[Path]) -> None:
        """Say once that changes are found late from now on."""
        if why != self._told:
            logger.warning(
                "changes are not told by the kernel, and found a little later",
                extra={"why": why, "folders": ", ".join(map(str, folders))},
            )
        self._told = why


def _identities(folders: Callable[[], Iterable[Path]]) -> dict[Path, Identity]:
    """The folders that are there, and what they are."""
    found = {}
    for folder in folders():
        with suppress(OSError):
            stat = folder.stat()
            found[folder] = (stat.st_dev, stat.st_ino)
    return found

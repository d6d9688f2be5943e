"""The configuration, read again while the daemon works: when it is asked to, and when the file has changed."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path

from shortsd.app import Daemon
from shortsd.config.load import load
from shortsd.config.logs import set_up
from shortsd.config.places import Places
from shortsd.domain.errors import ShortsError
from shortsd.engine.watching import Watch
from shortsd.systemd.manager import ServiceManager

SETTLE_S = 0.3
"""For how long a file has to stay as it is: an editor may empty it before it writes it."""
RESCAN_S = 30.0
"""After which the file is looked at in any case."""

logger = logging.getLogger("shortsd")

State = tuple[int, ...] | None
"""What changes with a file's content; None if it is not there."""


class Reloading:
    """Has a daemon work with what its file says. One that cannot be used changes nothing, and everybody is told."""

    def __init__(self, running: Daemon, places: Places, manager: ServiceManager) -> None:
        self._running = running
        self._file = places.config_file
        self._manager = manager
        self._read: bytes | None = None
        """What stood in the file when that was looked at last."""

    def __call__(self) -> None:
        """Read it now, be it changed or not."""
        self._read = _content(self._file)
        self._reload()

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Read it whenever its content has changed, for as long as the block takes."""
        task = asyncio.create_task(self._watch(), name="configuration")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _watch(self) -> None:
        async with Watch(lambda: _folders(self._file)) as watch:
            state = await asyncio.to_thread(_state, self._file)
            self._read = await asyncio.to_thread(_content, self._file)
            if await asyncio.to_thread(self._differs):
                self()
            while True:
                await watch.wait(RESCAN_S)
                before, state = state, await self._settled()
                if state != before:
                    await self._look()

    def _differs(self) -> bool:
        """Whether the file has become another one while the daemon started."""
        try:
            return load(self._file) != self._running.works.readiness.settings
        except ShortsError:
            return True

    async def _settled(self) -> State:
        """How the file stands once it stays so."""
        state = await asyncio.to_thread(_state, self._file)
        while True:
            before = state
            await asyncio.sleep(SETTLE_S)
            state = await asyncio.to_thread(_state, self._file)
            if state == before:
                return state

    async def _look(self) -> None:
        before, self._read = self._read, await asyncio.to_thread(_content, self._file)
        if self._read == before:
            return
        try:
            self._reload()
        except Exception:  # the next change is looked at all the same
            logger.exception("the configuration could not be worked with")

    def _reload(self) -> None:
        self._manager.notifier.reloading()
        try:
            self._use()
        finally:
            self._manager.notifier.ready()

    def _use(self) -> None:
        service = self._running.service
        try:
            settings = load(self._file)
            later = self._running.use(settings)
        except ShortsError as exc:
            logger.error("the configuration stays as it was", extra={"why": exc.message, "hint": exc.hint})  # noqa: TRY400 - a person's mistake has no traceback
            service.misconfigured(exc)
        else:
            set_up(settings.daemon.log_level)
            logger.info(
                "the configuration was read again", extra={"counts_from_next_start": ", ".join(later) or "nothing"}
            )
            service.configured(later)


def _folders(file: Path) -> set[Path]:
    """Where something happens when a file changes, or what it is a link to."""
    return {file.parent, Path(os.path.realpath(file)).parent}  # resolve() raises for links that go round


def _state(file: Path) -> State:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _content(file: Path) -> bytes | None:
    """What stands in a file; None if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError:
        return None

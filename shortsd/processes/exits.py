"""Hearing of a child's exit without reaping it."""

import asyncio
import os
import subprocess
from collections.abc import Callable

ASK_EVERY_S = 0.1


class ExitWatch:
    """Calls `gone` once when a child exits, unless closed before.

    Linux tells it by a pidfd and leaves the child a zombie, which keeps its number (its group's too) from being given
    away. Where there is no pidfd, or no descriptor left for one, the child is asked, and thereby reaped.

    asyncio's own subprocesses are not used: their `wait` does not return while a grandchild holds a stream open.
    """

    def __init__(self, popen: subprocess.Popen[bytes], gone: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._gone = gone
        self._handle = _pidfd(popen.pid)
        self._asking: asyncio.Task[None] | None = None
        if self._handle is None:
            self._asking = self._loop.create_task(self._ask(popen))
        else:
            self._loop.add_reader(self._handle, self._seen)

    def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        if self._handle is not None:
            self._loop.remove_reader(self._handle)
            os.close(self._handle)
            self._handle = None

    def _seen(self) -> None:
        self.close()
        self._gone()

    async def _ask(self, popen: subprocess.Popen[bytes]) -> None:
        while popen.poll() is None:  # noqa: ASYNC110 - there is nobody to set an event
            await asyncio.sleep(ASK_EVERY_S)
        self._gone()


def _pidfd(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None

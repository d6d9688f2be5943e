"""The service manager, seen from the daemon: what it wants to hear, from READY to STOPPING."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Self

from shortsd.domain.errors import ShortsError
from shortsd.systemd.notify import Notifier
from shortsd.systemd.watchdog import Alive, take_limit_s, watch

STATUS_S = 1.0
"""Between two status lines, in seconds."""

Describe = Callable[[], Awaitable[str]]
"""What the daemon is doing, in a line."""


@dataclass(frozen=True, slots=True)
class ServiceManager:
    """systemd, or nobody."""

    notifier: Notifier
    limit_s: float | None = None
    """The watchdog's."""

    @classmethod
    def take(cls, environ: MutableMapping[str, str] = os.environ) -> Self:
        """The manager that started this process; what it said in the environment is taken out of it."""
        return cls(Notifier.take(environ), take_limit_s(environ))

    @contextlib.asynccontextmanager
    async def supervised(self, describe: Describe, alive: Alive) -> AsyncIterator[None]:
        """Say READY, then status lines and that we are alive for as long as the block takes, at its end STOPPING."""
        self.notifier.ready()
        tasks = [asyncio.create_task(one, name="systemd") for one in self._work(describe, alive)]
        try:
            yield
        finally:
            self.notifier.stopping()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _work(self, describe: Describe, alive: Alive) -> Iterator[Coroutine[None, None, None]]:
        if self.notifier:
            yield tell(self.notifier, describe)
        if self.notifier and self.limit_s is not None:
            yield watch(self.notifier, self.limit_s, alive)


async def tell(notifier: Notifier, describe: Describe, every_s: float = STATUS_S) -> None:
    """Say what the daemon is doing whenever that has changed, at most once in `every_s`. Goes on until cancelled."""
    said = ""
    while True:
        text = await _described(describe)
        if text != said:
            notifier.status(text)
            said = text
        await asyncio.sleep(every_s)


async def _described(describe: Describe) -> str:
    try:
        return await describe()
    except ShortsError as exc:
        return exc.message

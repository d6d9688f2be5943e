"""Every minute: what should not be is found and put right."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from shortsd.domain.errors import ShortsError

EVERY_S = 60.0

Step = Callable[[], Awaitable[object]]

logger = logging.getLogger("shortsd.housekeeping")


class Housekeeping:
    """Named steps, done one after the other, again and again. One that fails is told, and keeps no other back."""

    def __init__(self, steps: Mapping[str, Step], every_s: float = EVERY_S) -> None:
        self._steps = dict(steps)
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def add(self, name: str, step: Step) -> None:
        """Do one more step from the next round on."""
        self._steps[name] = step

    def start(self) -> None:
        self._task = asyncio.create_task(self._work(), name="housekeeping")

    async def close(self) -> None:
        """Do no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def round(self) -> None:
        """Do each step once."""
        for name, step in list(self._steps.items()):
            try:
                await step()
            except ShortsError as exc:
                logger.warning("housekeeping is not done", extra={"step": name, "why": exc.message})
            except Exception:
                logger.exception("housekeeping broke", extra={"step": name})

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await self.round()

"""Turns at what takes all of a machine: as many jobs at a time as it bears, the most urgent first."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class Turns:
    """Lets so many pieces of work go on at the same time. `places` may change while they do."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._taken = 0
        self._waiting: list[tuple[int, int, int, asyncio.Future[None]]] = []
        self._arrivals = count()
        """Tells apart those of the same job: one may have given up while the other waits."""

    @property
    def places(self) -> int:
        return self._places

    @places.setter
    def places(self, places: int) -> None:
        self._places = places
        self._call()

    @property
    def free(self) -> bool:
        """Whether nobody would have to wait."""
        return self._taken < self._places

    @asynccontextmanager
    async def take(self, priority: int, job: int) -> AsyncIterator[None]:
        """Wait for a turn, the higher priority first, then the older job; it lasts for the block."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (-priority, job, next(self._arrivals), turn))
        self._call()
        try:
            await turn
            yield
        finally:
            if turn.done() and not turn.cancelled():
                self._taken -= 1
            turn.cancel()
            self._call()

    def _call(self) -> None:
        """Give free places to those who wait."""
        while self._waiting and self.free:
            turn = heapq.heappop(self._waiting)[-1]
            if not turn.done():  # who was cancelled waits no more
                self._taken += 1
                turn.set_result(None)

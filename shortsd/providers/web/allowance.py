"""So many requests an hour: what a service gives away, beside how fast it may be asked."""

import asyncio
from dataclasses import dataclass

from aiolimiter import AsyncLimiter

from shortsd.domain.errors import ServiceFailed

HOUR_S = 3600.0


@dataclass(slots=True)
class Allowance:
    """Requests that a service answers in an hour: as many at once, and each further one when its time has come."""

    name: str
    per_hour: int
    longest_wait_s: float = 60.0
    _pace: AsyncLimiter | None = None

    async def take(self) -> None:
        """Wait for the next request. Raises ServiceFailed if that would take too long."""
        if self._pace is None:
            self._pace = AsyncLimiter(self.per_hour, HOUR_S)
        try:
            async with asyncio.timeout(self.longest_wait_s):
                await self._pace.acquire()
        except TimeoutError:
            raise ServiceFailed(
                f"The {self.per_hour} requests that {self.name} answers in an hour are used up.",
                "Try again later, or ask the service for more.",
                retry_after_s=HOUR_S / self.per_hour,
            ) from None

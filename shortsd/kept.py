"""What outlives that the configuration is read again: whom services know us as, and who waits for whom."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from shortsd.providers.web.service import Service

T = TypeVar("T")


class Kept:
    """Parts of providers, by their name and by what they are made of: asked for again, each is the one from before.

    A service's limits, its circuit and its connections are its own, so that who is built anew with the same address and
    key goes on within them.
    """

    def __init__(self) -> None:
        self._parts: dict[tuple[Hashable, ...], Any] = {}
        self._services: dict[tuple[Hashable, ...], Service] = {}
        self._wanted: set[tuple[Hashable, ...]] = set()
        """Services that providers of now have; others are of settings from before."""

    def part(self, name: str, *made_of: Hashable, make: Callable[[], T]) -> T:
        """What holds no connections."""
        key = (name, *made_of)
        if key not in self._parts:
            self._parts[key] = make()
        part: T = self._parts[key]
        return part

    def service(self, name: str, *made_of: Hashable, make: Callable[[], "Service"]) -> "Service":
        """A service elsewhere."""
        key = (name, *made_of)
        if key not in self._services:
            self._services[key] = make()
        self._wanted.add(key)
        return self._services[key]

    @contextmanager
    def anew(self) -> Iterator[None]:
        """Providers are built anew in the block: what they do not ask for is wanted no more, unless that fails."""
        before, self._wanted = self._wanted, set()
        try:
            yield
        except BaseException:
            self._wanted = before
            raise

    async def rest(self) -> None:
        """Let go of the connections of services that are wanted no more, but for those that a job still asks."""
        for key, service in list(self._services.items()):
            if key not in self._wanted:
                await service.rest()

    async def close(self) -> None:
        """Let go of all connections."""
        for service in self._services.values():
            await service.close()

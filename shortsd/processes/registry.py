"""Where children are written down, so that a daemon finds what the one before it left behind."""

from typing import Protocol

from shortsd.domain.process import ChildRecord


class Registry(Protocol):
    """Remembers children beyond the daemon's death. Its methods raise ShortsError."""

    async def add(self, record: ChildRecord) -> None:
        """Remember a child; it runs only after this returned."""
        ...

    async def remove(self, pid: int) -> None:
        """Forget a child that is gone; one that is not known is no error."""
        ...

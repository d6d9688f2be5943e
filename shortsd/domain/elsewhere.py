"""Ports to where work is elsewhere: files in storages, and executions that make something of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from shortsd.domain.ports import Desk


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in a storage."""

    path: str
    """From the storage's root on, its parts joined by slashes."""
    size: int
    mark: str
    """Is another one once the content is: a service's ETag, a file's time."""


class Storage(Protocol):
    """A tree of files here or elsewhere. No path leads out of its root. Methods raise ShortsError."""

    @property
    def url(self) -> str:
        """Its root as a user writes it, without secrets."""
        ...

    def whole(self, path: str) -> str:
        """Where a file of it is, for people: a path on this machine, or an address."""
        ...

    async def files(self, folder: str, most: int) -> Sequence[Stored]:
        """All files below a folder, however deep; none if there is no such folder.

        Raises BadInput for more than `most` files, and for a link that leads out; ServiceFailed, ServiceRefused.
        """
        ...

    async def find(self, path: str) -> Stored | None:
        """A file, if it is there."""
        ...

    async def fetch(self, stored: Stored, to: Path) -> None:
        """Bring a file's content into the file `to`, as it was when it was listed.

        Raises BadInput if it has become another one since, ServiceFailed, ServiceRefused, OSError for `to`.
        """
        ...

    async def expect(self, path: str) -> None:
        """See that a file could be stored at `path`, as far as that is told without storing one.

        Raises BadInput if something else is there, ServiceRefused if nothing may be written.
        """
        ...

    async def store(self, file: Path, path: str, desk: Desk) -> None:
        """Make a file's content the content at `path`: whole or not at all, and looked at once it is there.

        Whoever does so at the same time does no harm. Progress counts bytes. Raises ServiceFailed, ServiceRefused.
        """
        ...


class Ran(StrEnum):
    """How an execution elsewhere stands."""

    UNDER_WAY = "under way"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    GONE = "gone"
    """Nobody knows of it any more."""


class Executions(Protocol):
    """Runs tasks of ours elsewhere."""

    async def start(self, words: Sequence[str]) -> str:
        """Start a task with these words on its command line; the execution's name.

        Raises ServiceFailed, ServiceRefused.
        """
        ...

    async def look(self, name: str) -> tuple[Ran, str]:
        """How an execution stands, and why it failed. Raises ServiceFailed, ServiceRefused."""
        ...

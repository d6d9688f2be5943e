"""What is remembered of jobs, also of those that are no more (stories, pictures, uploads), and ports to remember it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shortsd.domain.story import Picture


@dataclass(frozen=True, slots=True)
class Told:
    """A story that a job came to have."""

    job: int
    title: str
    text: str


class ToldStories(Protocol):
    """Remembers all stories that jobs came to have, also those of jobs that are no more."""

    async def others(self, job: int) -> Sequence[Told]:
        """Those of all other jobs, and users' own that wait to be told."""
        ...

    async def tell(self, told: Told) -> None:
        """Keep the story of a job, in the place of the one it had."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture that a job shows."""

    source: str
    id: str


class PictureLedger(Protocol):
    """Remembers which pictures from elsewhere jobs have shown."""

    async def seen(self, shorts: int, job: int) -> frozenset[Seen]:
        """Those of the last so many other jobs that had any."""
        ...

    async def show(self, job: int, pictures: Sequence[Picture]) -> None:
        """Keep that a job shows these, in the place of those it showed."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """How far a job's short has come to a channel. Times are in seconds since the epoch."""

    job: int
    mark: str
    """What the job's video carries, there and nowhere else."""
    session: str = ""
    """The address to which its bytes go, while they do."""
    size: int = 0
    """Bytes in all, once begun."""
    video: str = ""
    """Its id there, once that is known."""
    captions: bool = False
    thumbnail: bool = False
    begun_at: float = 0.0
    done_at: float = 0.0
    """When all bytes were there; 0 before."""


class Uploads(Protocol):
    """Remembers uploads to a channel, durably, before and after each step; and what they take of a day's quota."""

    async def get(self, job: int) -> Upload | None: ...

    async def put(self, upload: Upload) -> None:
        """Keep how far an upload is. On the disk when this returns."""
        ...

    async def spend(self, day: str, units: int) -> int:
        """Count units of a day ("2026-11-28", of the service's own calendar); what that day has spent now."""
        ...

    async def spent(self, day: str) -> int: ...

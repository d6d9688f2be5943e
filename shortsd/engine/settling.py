"""What was taken from an inbox becomes a job, or is refused: once, whatever dies when."""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from shortsd.domain.errors import Conflict, DiskFull, ShortsError, Unavailable
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Clock
from shortsd.domain.witness import NOBODY, Witness
from shortsd.engine import parcels
from shortsd.engine.inboxes import Inboxes, real
from shortsd.engine.taken import Taken, called
from shortsd.wire.models import Created, NewJob

RESCAN_S = 30.0
"""After which an inbox is looked at in any case, and what could not be done is tried again."""

logger = logging.getLogger("shortsd.inbox")


@dataclass(frozen=True, slots=True)
class Means:
    """What an inbox works with."""

    create: Callable[[Sequence[NewJob], str], Awaitable[Created]]
    """Takes jobs in; with the same key twice, once. Raises as `Service.create` does."""
    require: Callable[[], Awaitable[None]]
    """Raises DiskFull or Unavailable if no work can be taken now."""
    told: Callable[[int, str], None]
    """Writes a line into a job's log."""
    usual: Path
    """The folder, if no other one is named."""
    apart: Sequence[Path]
    """What must not lie in the folder: it would be taken for stories."""
    inboxes: Inboxes
    clock: Clock = time.time
    steady: Callable[[], float] = time.monotonic
    """A clock that nobody puts, in seconds."""
    witness: Witness = NOBODY


@dataclass(slots=True)
class Complaints:
    """What was last said of entries that make trouble, so that it is said once for as long as that is so."""

    _said: dict[str, str] = field(default_factory=dict)

    def say(self, name: str, exc: ShortsError) -> None:
        """Say what keeps an entry from being taken, or with no name all of them."""
        if self._said.get(name) != exc.message:
            logger.warning("the inbox waits", extra={"why": exc.message, "hint": exc.hint})
        self._said[name] = exc.message

    def forget(self, name: str) -> None:
        """It makes no trouble any more."""
        self._said.pop(name, None)


class Settling:
    """Makes jobs of what was taken from one folder. What fails and may pass is tried again after a while."""

    def __init__(self, means: Means, folder: Path, complaints: Complaints) -> None:
        self.folder = folder
        self.taken = Taken(folder, means.clock, means.witness)
        self._means = means
        self._complaints = complaints
        self._open: dict[Path, float] = {}
        """What was taken and is still to become a job, with when that is to be tried."""

    @property
    def over(self) -> bool:
        """Whether nothing that is known of is to become a job."""
        return not self._open

    async def find(self) -> None:
        """Find what was taken and not settled. Raises Unavailable."""
        now = self._means.steady()
        self._open = {entry: self._open.get(entry, now) for entry in await in_thread(self.taken.open)}

    def due(self) -> list[Path]:
        """What was taken before, and is to be tried now."""
        now = self._means.steady()
        return [entry for entry, at in self._open.items() if at <= now]

    async def make(self, entry: Path) -> None:
        """Make a job of what was taken, or refuse it."""
        self._open.pop(entry, None)
        try:
            await self._settle(entry)
        except ShortsError as exc:
            self._complaints.say(entry.name, exc)
            if await asyncio.to_thread(os.path.lexists, entry):
                self._open[entry] = self._means.steady() + RESCAN_S
        except Exception:  # the next start tries it again
            logger.exception("the inbox broke over an entry", extra={"entry": entry.name})

    async def _settle(self, entry: Path) -> None:
        try:
            job = await self._created(entry)
        except (DiskFull, Unavailable):
            raise
        except ShortsError as exc:
            await self._refuse(entry, exc)
        else:
            await in_thread(self.taken.settle, entry, job)
            logger.info("a job was made of inbox/%s", called(entry), extra={"job": job})
        self._complaints.forget(entry.name)

    async def _created(self, entry: Path) -> int | None:
        """The job that is made of an entry, be it now or before; None if it was made of what the entry was then."""
        try:
            new = await asyncio.to_thread(parcels.read, entry)
        except OSError as exc:
            raise Unavailable(f"{called(entry)} cannot be read: {exc.strerror}.", f"See {entry}.") from exc
        try:
            created = await self._means.create([new], _key(entry))
        except Conflict:
            return None
        job = created.jobs[0].id
        self._means.told(job, f"made of inbox/{called(entry)}, which is {entry} now")
        return job

    async def _refuse(self, entry: Path, why: ShortsError) -> None:
        place = await in_thread(self.taken.refuse, entry, why)
        logger.warning(
            "inbox/%s was refused", called(entry), extra={"why": why.message, "hint": why.hint, "now": place}
        )


def _key(entry: Path) -> str:
    """What makes one job of an entry, however often it is asked for; another inbox may have one of the same name."""
    path = os.fsencode(real(entry.parent) / entry.name)
    return f"inbox-{blake2b(path, digest_size=16).hexdigest()}"

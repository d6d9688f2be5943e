"""The inbox: a file or a folder that is put there, and has come to rest, becomes a job; once, whatever dies when."""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from shortsd.config.settings import Inbox as Settings
from shortsd.domain.errors import BadInput, Conflict, DiskFull, ShortsError, Unavailable
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Clock
from shortsd.domain.witness import NOBODY, Witness
from shortsd.engine import parcels
from shortsd.engine.arrivals import Arrivals
from shortsd.engine.taken import Taken, called
from shortsd.engine.watching import Watch
from shortsd.wire.models import Created, NewJob

RESCAN_S = 30.0
"""After which an inbox is looked at in any case, and what could not be done is tried again."""
AT_ONCE = 50
"""Entries that are taken between two looks."""

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
    clock: Clock = time.time
    steady: Callable[[], float] = time.monotonic
    """A clock that nobody puts, in seconds."""
    witness: Witness = NOBODY


class Inbox:
    """Watches the folder for as long as the settings want it. It may be given others at any time."""

    def __init__(self, means: Means, settings: Settings) -> None:
        self._means = means
        self._settings = settings
        self._task: asyncio.Task[None] | None = None

    @property
    def folder(self) -> Path:
        """Where stories are put."""
        return folder(self._settings, self._means.usual)

    def start(self) -> None:
        if self._settings.watch:
            self._task = asyncio.create_task(self._work(self._task), name="inbox")

    def use(self, settings: Settings) -> None:
        """Watch as other settings want it from now on."""
        if settings != self._settings:
            self._settings = settings
            if self._task is not None:
                self._task.cancel()
            self.start()

    async def close(self) -> None:
        """Watch no more; what is under way is left to the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _work(self, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait([before])
        rounds = Rounds(self._means, self.folder, self._settings.settle_s)
        async with Watch(lambda: [rounds.folder]) as watch:
            while True:
                await watch.wait(await rounds.go())


class Rounds:
    """Looks into a folder, again and again."""

    def __init__(self, means: Means, folder: Path, settle_s: float) -> None:
        self.folder = folder
        self._means = means
        self._arrivals = Arrivals(folder, settle_s, means.steady)
        self._taken = Taken(folder, means.clock, means.witness)
        self._begun = False
        self._open: dict[Path, float] = {}
        """What was taken and is still to become a job, with when that is to be tried."""
        self._told: dict[str, str] = {}
        """What was last said of entries that make trouble."""

    async def go(self) -> float:
        """Take what has come to rest, if work can be taken; the seconds after which the next look is due."""
        try:
            await self._begin()
            rested, before = await self._look(), self._due()
            if before or rested:
                await self._means.require()
                for entry in before:
                    await self._make(entry)
                await self._take(rested[:AT_ONCE])
        except ShortsError as exc:
            self._tell("", exc)
            return RESCAN_S
        except Exception:  # it goes on, whatever that was
            logger.exception("the inbox broke")
            return RESCAN_S
        self._told.pop("", None)
        return max(0.0, min(RESCAN_S, self._arrivals.due_s()))

    async def _begin(self) -> None:
        """Make the folder, and find what the last daemon took and did not settle."""
        if not self._begun:
            await in_thread(_prepare, self.folder, self._means.apart)
            self._open = dict.fromkeys(await in_thread(self._taken.open), self._means.steady())
            self._begun = True

    async def _look(self) -> list[Path]:
        try:
            return await in_thread(self._arrivals.rested)
        except OSError as exc:
            raise Unavailable(
                f"The inbox {self.folder} cannot be read: {exc.strerror}.", "It is looked for again and again."
            ) from exc

    def _due(self) -> list[Path]:
        """What was taken before, and is to be tried now."""
        now = self._means.steady()
        return [entry for entry, at in self._open.items() if at <= now]

    async def _take(self, rested: list[Path]) -> None:
        """Take what has rested, and make jobs of it."""
        for entry in rested:
            try:
                taken = await in_thread(self._taken.take, entry)
            except ShortsError as exc:
                self._arrivals.put_off(entry, RESCAN_S)
                self._tell(entry.name, exc)
            else:
                self._told.pop(entry.name, None)
                if taken is not None:
                    await self._make(taken)

    async def _make(self, entry: Path) -> None:
        """Make a job of what was taken, or refuse it. What may pass is tried again after a while."""
        self._open.pop(entry, None)
        try:
            await self._settle(entry)
        except ShortsError as exc:
            self._tell(entry.name, exc)
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
            await in_thread(self._taken.settle, entry, job)
            logger.info("a job was made of inbox/%s", called(entry), extra={"job": job})
        self._told.pop(entry.name, None)

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
        place = await in_thread(self._taken.refuse, entry, why)
        logger.warning(
            "inbox/%s was refused", called(entry), extra={"why": why.message, "hint": why.hint, "now": place}
        )

    def _tell(self, name: str, exc: ShortsError) -> None:
        """Say what keeps an entry from being taken, or with no name all of them; once for as long as that is so."""
        if self._told.get(name) != exc.message:
            logger.warning("the inbox waits", extra={"why": exc.message, "hint": exc.hint})
        self._told[name] = exc.message


def folder(settings: Settings, usual: Path) -> Path:
    """Where stories are put."""
    return Path(settings.folder).expanduser() if settings.folder else usual


def _prepare(folder: Path, apart: Sequence[Path]) -> None:
    """Make the folder, for its user alone. Raises BadInput if something of ours lies in it, Unavailable."""
    inside = next((place for place in apart if place.resolve().is_relative_to(folder.resolve())), None)
    if inside is not None:
        raise BadInput(f"The inbox {folder} has {inside} in it.", "Name a folder of its own in inbox.folder.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise Unavailable(
            f"The inbox {folder} cannot be made: {exc.strerror}.", "Make it, or name another one in inbox.folder."
        ) from exc


def _key(entry: Path) -> str:
    """What makes one job of an entry, however often it is asked for."""
    return f"inbox-{blake2b(entry.name.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"

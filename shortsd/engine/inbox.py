"""The inbox: a file or a folder that is put there, and has come to rest, becomes a job; once, whatever dies when."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from shortsd.config.settings import Inbox as Settings
from shortsd.domain.errors import BadInput, ShortsError, Unavailable
from shortsd.domain.finish import in_thread
from shortsd.engine.arrivals import Arrivals
from shortsd.engine.settling import RESCAN_S, Complaints, Means, Settling
from shortsd.engine.watching import Watch

AT_ONCE = 50
"""Entries that are taken between two looks."""

logger = logging.getLogger("shortsd.inbox")


class Inbox:
    """Watches the folder for as long as the settings want it. It may be given others at any time."""

    def __init__(self, means: Means, settings: Settings) -> None:
        self._means = means
        self._settings = settings
        self._task: asyncio.Task[None] | None = None
        self._alone = asyncio.Lock()
        """Held by who works: one that was told to end finishes its move of a file before the next one looks."""

    @property
    def folder(self) -> Path:
        """Where stories are put."""
        return folder(self._settings, self._means.usual)

    def start(self) -> None:
        if self._settings.watch:
            self._task = asyncio.create_task(self._work(), name="inbox")

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
        async with self._alone:  # one before it may still be winding up
            self._task = None

    async def _work(self) -> None:
        async with self._alone:
            rounds = Rounds(self._means, self.folder, self._settings.settle_s)
            async with Watch(lambda: [rounds.folder]) as watch:
                while True:
                    await watch.wait(await rounds.go())


class Rounds:
    """Looks into a folder, again and again; and after what was taken from folders that were the inbox before."""

    def __init__(self, means: Means, folder: Path, settle_s: float) -> None:
        self.folder = folder
        self._means = means
        self._arrivals = Arrivals(folder, settle_s, means.steady)
        self._complaints = Complaints()
        self._own = Settling(means, folder, self._complaints)
        self._former: list[Settling] = []
        self._begun = False

    async def go(self) -> float:
        """Take what has come to rest, if work can be taken; the seconds after which the next look is due."""
        try:
            await self._begin()
            await self._look_after_former()
            rested = await self._look()
            if rested or self._own.due():
                await self._means.require()
                await _make(self._own)
                await self._take(rested[:AT_ONCE])
        except ShortsError as exc:
            self._complaints.say("", exc)
            return RESCAN_S
        except Exception:  # it goes on, whatever that was
            logger.exception("the inbox broke")
            return RESCAN_S
        self._complaints.forget("")
        return max(0.0, min(RESCAN_S, self._arrivals.due_s()))

    async def _begin(self) -> None:
        """Make the folder, and find what the last daemon took and did not settle, here or elsewhere."""
        if not self._begun:
            await in_thread(_prepare, self.folder, self._means.apart)
            former = await in_thread(self._means.inboxes.enter, self.folder)
            await self._own.find()
            self._former = [Settling(self._means, each, self._complaints) for each in former]
            self._begun = True

    async def _look_after_former(self) -> None:
        """Make jobs of what was taken from other folders. One that is not there may be on a disk that comes back."""
        for former in list(self._former):
            try:
                if await asyncio.to_thread(former.folder.is_dir) and await self._over(former):
                    await in_thread(self._means.inboxes.leave, former.folder)
                    self._former.remove(former)
            except ShortsError as exc:
                self._complaints.say(str(former.folder), exc)

    async def _over(self, former: Settling) -> bool:
        """Whether a folder has nothing left that is to become a job."""
        await former.find()
        if former.due():
            await self._means.require()
            await _make(former)
            await former.find()
        return former.over

    async def _look(self) -> list[Path]:
        try:
            return await in_thread(self._arrivals.rested)
        except OSError as exc:
            raise Unavailable(
                f"The inbox {self.folder} cannot be read: {exc.strerror}.", "It is looked for again and again."
            ) from exc

    async def _take(self, rested: list[Path]) -> None:
        """Take what has rested, and make jobs of it."""
        for entry in rested:
            try:
                taken = await in_thread(self._own.taken.take, entry)
            except ShortsError as exc:
                self._arrivals.put_off(entry, RESCAN_S)
                self._complaints.say(entry.name, exc)
            else:
                self._complaints.forget(entry.name)
                if taken is not None:
                    await self._own.make(taken)


async def _make(settling: Settling) -> None:
    """Make jobs of what was taken before and is to be tried now."""
    for entry in settling.due():
        await settling.make(entry)


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

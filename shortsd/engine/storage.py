"""Keeps a home within its limits: what nobody needs any more goes, what somebody may come back to stays."""

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_ISREG

from shortsd.config.places import Places
from shortsd.config.settings import Storage as Limits
from shortsd.domain.errors import DiskFull, ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.job import AT_WORK, ENDED, State
from shortsd.domain.ports import Clock
from shortsd.engine.joblog import JobLogs
from shortsd.engine.usage import Usage, above, least_recently_used, measure, refusals
from shortsd.stages.workspace import PART, Workspace
from shortsd.store.retention import Retention, Standing
from shortsd.store.stages import StageRuns

FRESH_S = 55.0
"""How long a figure is good: whoever asks every minute gets a new one."""
IDLE_S = 600.0
"""How long it is good where no job runs: nothing but people changes anything then."""
HOUR_S = 3600.0
DAY_S = 86400.0
KEYS_S = 7 * DAY_S
"""How long an idempotency key is remembered."""
EVENTS = 100_000
"""The newest events, which are kept: those of some 5,000 shorts."""

logger = logging.getLogger("shortsd.storage")


class Storage:
    """What lies on the disk for jobs. `files` is held by who takes artifacts away, and by who counts on them."""

    def __init__(
        self, places: Places, limits: Limits, runs: StageRuns, retention: Retention, logs: JobLogs, clock: Clock
    ) -> None:
        self._places = places
        self.limits = limits
        self._runs = runs
        self._retention = retention
        self._logs = logs
        self._clock = clock
        self.files = asyncio.Lock()
        self.used: Usage | None = None
        """The latest figure, if there is one yet."""
        self._changes = 0
        """How often something was made or removed that counts at once."""
        self._counted = 0
        """How often it had been when the latest figure was begun."""
        self._measuring = asyncio.Lock()
        self._shrinking = asyncio.Lock()
        self._judged: tuple[Usage, Limits] | None = None
        self._refusals: list[DiskFull] = []
        self._forgot_at: float | None = None
        self._stuck: set[Path] = set()
        """Files that could not be removed, and were told of."""

    def workspace(self, number: int) -> Workspace:
        """Where a job's artifacts lie."""
        return Workspace(self._places.work / str(number))

    async def usage(self, fresh_s: float = FRESH_S) -> Usage:
        """The bytes that are taken, as they were at most so many seconds ago."""
        if self.used is not None and self._good(self.used, fresh_s):
            return self.used
        async with self._measuring:
            if self.used is None or not self._good(self.used, fresh_s):
                changes = self._changes
                self.used = await asyncio.to_thread(measure, self._places, self._clock())
                self._counted = changes
            return self.used

    def _good(self, used: Usage, fresh_s: float) -> bool:
        return self._counted == self._changes and abs(self._clock() - used.at) < fresh_s

    def changed(self) -> None:
        """Something was made or removed: the figure is no longer good."""
        self._changes += 1

    async def require_room(self) -> None:
        """See that no more is taken than may be. What can be removed for that goes first. Raises DiskFull."""
        used = await self.usage()
        if (used, self.limits) != self._judged:
            if above(used.work, self.limits.work_mb):
                await self._shrink_work()
            await self._judge()
        self.check()

    async def look(self) -> None:
        """Find out whether `require_room` would refuse, and remove nothing for that; `check` tells then.

        Raises ShortsError if the store cannot be asked.
        """
        used = await self.usage()
        if (used, self.limits) != self._judged:
            spare = await self._spare() if above(used.work, self.limits.work_mb) else 0
            self._refusals = refusals(used, self.limits, self._places, spare)

    async def _spare(self) -> int:
        """Bytes of working files that go as soon as room is needed."""
        spaces = [self.workspace(number) for number in _succeeded(await self.kept())]
        return await asyncio.to_thread(lambda: sum(space.size() for space in spaces))

    def check(self) -> None:
        """As `require_room`, by how it was found last. Raises DiskFull."""
        for error in self._refusals:
            raise DiskFull(error.message, error.hint)

    async def _judge(self) -> None:
        used, limits = await self.usage(IDLE_S), self.limits
        self._judged, self._refusals = (used, limits), refusals(used, limits, self._places)

    async def kept(self) -> dict[int, Standing]:
        """How the jobs stand that have artifacts here. Those that this database knows nothing of are not among them."""
        # The folders are looked at before the store is: who has a folder by then has had a row before.
        return await self._retention.standing(await asyncio.to_thread(_numbers, self._places.work, ""))

    async def prune(self) -> None:
        """Remove what has had its time, then what is too much. Raises ShortsError if the store cannot be asked.

        Never an artifact of a job that has not succeeded, since it may be retried, and never a finished short.
        """
        kept = await self.kept()
        await self._remove_unneeded(kept)
        busy = any(job.state in AT_WORK for job in kept.values())
        used = await self.usage(FRESH_S if busy else IDLE_S)
        if above(used.work, self.limits.work_mb):
            await self._shrink_work()
        if over := above(used.cache, self.limits.cache_mb):
            await self._shrink_cache(over)
        await self._remove_leftovers()
        await self._judge()
        await self._retention.forget_events(EVENTS)
        await self._forget_now_and_then()

    async def _remove_unneeded(self, kept: dict[int, Standing]) -> None:
        days = self.limits.keep_days
        for number, job in kept.items():
            if job.state is None:
                await self._remove_deleted(number)
            elif _succeeded_before(job, self._clock() - days * DAY_S):
                await self._remove(number, f"it succeeded more than {days:g} days ago (storage.keep_days)")
            elif job.state in ENDED and (self.workspace(number).root / PART).exists():
                await self._remove_half_made(number)

    async def _remove_deleted(self, number: int) -> None:
        """What was left when the daemon died between forgetting a job and removing its files."""
        if freed := await in_thread(self.workspace(number).remove):
            self.changed()
            logger.info("working files of a deleted job were removed", extra={"job": number, "bytes": freed})

    async def _remove_half_made(self, number: int) -> None:
        async with self.files:
            if await self._state(number) in ENDED:
                await in_thread(self.workspace(number).sweep)
                self.changed()

    async def _remove(self, number: int, why: str) -> int:
        """Remove the artifacts of a job, if it is still one that succeeded; the bytes that were freed."""
        async with self.files:
            if await self._state(number) is not State.SUCCEEDED:
                return 0
            freed = await in_thread(self.workspace(number).remove)
        if freed:
            self.changed()
            self._logs.write(number, f"its working files were removed: {why}; a retry begins anew")
            logger.info("working files were removed", extra={"job": number, "bytes": freed, "why": why})
        return freed

    async def _state(self, number: int) -> State | None:
        found = await self._retention.standing([number])
        return found[number].state if number in found else None

    async def _shrink_work(self) -> None:
        """Remove the artifacts of succeeded jobs, oldest first, until there is no more than may be."""
        async with self._shrinking:  # who comes second counts what the first one has left
            over = above((await self.usage(IDLE_S)).work, self.limits.work_mb)
            why = f"all of them take more than {self.limits.work_mb} MB (storage.work_mb)"
            for number in _succeeded(await self.kept()) if over else ():
                over -= await self._remove(number, why)
                if over <= 0:
                    return

    async def _shrink_cache(self, over: int) -> None:
        """Remove what can be made again, but not the fonts: they are in use."""
        files = await asyncio.to_thread(least_recently_used, self._places.cache, self._places.cache / "fonts")
        freed: list[int] = []
        for file, size in files:
            if sum(freed) >= over:
                break
            if await self._unlinked(file):
                freed.append(size)
        if freed:
            self.changed()
            logger.info("the cache was too large (storage.cache_mb)", extra={"files": len(freed), "bytes": sum(freed)})

    async def _unlinked(self, file: Path) -> bool:
        """Remove a file. One that cannot be is told of once, and keeps nothing else from being removed."""
        try:
            await in_thread(file.unlink, missing_ok=True)
        except OSError as exc:
            if file not in self._stuck:
                logger.warning("a file cannot be removed", extra={"file": str(file), "why": exc.strerror})
            self._stuck.add(file)
            return False
        self._stuck.discard(file)
        return True

    async def _remove_leftovers(self) -> None:
        """Remove what a daemon that died left where no stage and no publisher comes by again."""
        before = self._clock() - HOUR_S
        parts = await asyncio.to_thread(lambda: dict(_half_published(self._places.output, before)))
        states = await self._retention.standing(parts.values())
        left = [part for part, number in parts.items() if number in states and states[number].state not in AT_WORK]
        tried = await asyncio.to_thread(
            lambda: [*_tried(self._places.work, before), *_tried(self._places.output, before)]
        )
        for file in (*left, *tried):
            await self._unlinked(file)

    async def _forget_now_and_then(self) -> None:
        """At a start, and every hour: forget old idempotency keys, and the logs of jobs that were deleted."""
        now = self._clock()
        if self._forgot_at is not None and abs(now - self._forgot_at) < HOUR_S:
            return
        await self._retention.forget_keys(now - KEYS_S)
        logs = await asyncio.to_thread(_numbers, self._places.logs, ".log")
        for number, job in (await self._retention.standing(logs)).items():
            if job.state is None:
                self._logs.remove(number)
        self._forgot_at = now

    async def tidy(self, number: int) -> None:
        """Remove what a job that has just ended needs no more: if it succeeded, what its attempts before have made."""
        self.changed()
        try:
            async with self.files:
                if await self._state(number) is not State.SUCCEEDED:
                    return
                runs = await self._runs.of(number)
                last = max((run.attempt for run in runs), default=0)
                marks = {run.stage: run.fingerprint for run in runs if run.attempt == last}
                if freed := await in_thread(self.workspace(number).tidy, marks):
                    self.changed()
                    logger.info("working files of earlier attempts were removed", extra={"job": number, "bytes": freed})
        except ShortsError as exc:
            logger.warning("a job could not be tidied up", extra={"job": number, "why": exc.message})


def _succeeded(kept: Mapping[int, Standing]) -> list[int]:
    """The jobs that succeeded, by when they did."""
    succeeded = [number for number, job in kept.items() if job.state is State.SUCCEEDED]
    return sorted(succeeded, key=lambda number: kept[number].ended_at or 0.0)


def _succeeded_before(job: Standing, at: float) -> bool:
    return job.state is State.SUCCEEDED and job.ended_at is not None and job.ended_at <= at


def _numbers(folder: Path, suffix: str) -> list[int]:
    """The numbers that entries of a folder are named with, before a suffix."""
    names = (entry.name for entry in folder.iterdir()) if folder.is_dir() else ()
    return [int(name.removesuffix(suffix)) for name in names if re.fullmatch(rf"[1-9][0-9]{{0,17}}{suffix}", name)]


def _half_published(folder: Path, before: float) -> Iterator[tuple[Path, int]]:
    """Files that were being published, with the number of their job, and that nobody wrote to since then."""
    for file in folder.glob(".*.part"):
        info = file.lstat()
        named = re.match(r"\.([1-9][0-9]{0,17})-", file.name)
        if named and S_ISREG(info.st_mode) and info.st_mtime < before:
            yield file, int(named[1])


def _tried(folder: Path, before: float) -> list[Path]:
    """Empty files from which it was seen that a folder can be written, before that time."""
    found = [(file, file.lstat()) for file in folder.glob(".try-*")]
    return [file for file, info in found if S_ISREG(info.st_mode) and info.st_size == 0 and info.st_mtime < before]

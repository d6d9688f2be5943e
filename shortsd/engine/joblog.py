"""A log file for each job, which can be followed while it is written."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from weakref import WeakValueDictionary

from shortsd.domain.errors import Unavailable
from shortsd.domain.ports import Clock

LIMIT = 32 * 2**20
"""Bytes of a job's log after which nothing more is written to it: a babbling child must not fill the disk."""

CHUNK = 2**15
"""Bytes of a log that are on their way to a follower at once: there may be hundreds who do not read."""

_SHOWN = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))}
"""Control characters as their codes: who looks at a log by `cat` is not to have the terminal obey a story."""

logger = logging.getLogger("shortsd.joblog")


def _nobody(message: str) -> None:
    """Nobody needs to hear."""
    del message


@dataclass(frozen=True, slots=True)
class StageLog:
    """A job's log as one stage writes it (domain.ports.Log)."""

    write: Callable[[str], None]
    stage: str
    warned: Callable[[str], None] = _nobody
    """Hears warnings, too."""

    def info(self, message: str) -> None:
        self.write(f"[{self.stage}] {message}")

    def warning(self, message: str) -> None:
        self.write(f"[{self.stage}] warning: {message}")
        self.warned(f"{self.stage}: {message}")

    def output(self, source: str, *lines: str) -> None:
        self.write("\n".join(f"[{self.stage}] {source}: {line}" for line in lines))


class JobLogs:
    """The logs of all jobs, as `ID.log` in one folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._news: WeakValueDictionary[int, asyncio.Event] = WeakValueDictionary()
        """What the followers of a job wait for; gone with the last of them, however it goes."""
        self._full: set[int] = set()
        self._unwritable: set[int] = set()
        """The jobs whose log could not be written when it was last tried."""

    def file(self, job: int) -> Path:
        return self._folder / f"{job}.log"

    def write(self, job: int, text: str) -> None:
        """Add lines, each with the time in UTC. A log that cannot be written is a warning, never a failed job."""
        if job in self._full:
            return
        stamp = datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        lines = "".join(f"{stamp} {line.translate(_SHOWN)}\n" for line in text.splitlines() or [""])
        try:
            self._append(job, lines.encode("utf-8", "replace"), stamp)
        except OSError as exc:
            self._warn(job, exc)
        else:
            self._unwritable.discard(job)
        self._wake(job)

    def _append(self, job: int, lines: bytes, stamp: str) -> None:
        with self._opened(job) as file:
            room = max(LIMIT - file.tell(), 0)
            if len(lines) <= room:
                file.write(lines)
                return
            last = f"{stamp} the log ends here: it has reached {LIMIT >> 20} MB\n"
            file.write(lines[: lines.rfind(b"\n", 0, room) + 1] + last.encode())
        self._full.add(job)

    def _opened(self, job: int) -> BinaryIO:
        """A log, to be added to; somebody may have removed its folder."""
        try:
            return self.file(job).open("ab")
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return self.file(job).open("ab")

    def _warn(self, job: int, exc: OSError) -> None:
        """Warn of a log that cannot be written, once until it can be."""
        if job not in self._unwritable:
            logger.warning("the log of a job cannot be written", extra={"job": job, "why": str(exc)})
        self._unwritable.add(job)

    def stage(self, job: int, stage: str, warned: Callable[[str], None] = _nobody) -> StageLog:
        """The log of a job for one of its stages; `warned` hears warnings, too."""
        return StageLog(lambda text: self.write(job, text), stage, warned)

    def tail(self, job: int, lines: int) -> list[str]:
        """The last lines of a job's log, oldest first; none if it has no log. Raises Unavailable."""
        with self._read_from(job) as file:
            return [line.decode("utf-8", "replace").rstrip("\n") for line in deque(file, maxlen=lines)]

    async def follow(
        self, job: int, lines: int | None, going: Callable[[], Awaitable[bool]], quiet_s: float
    ) -> AsyncGenerator[list[str]]:
        """The last `lines` lines of a job's log (all if None), and all that are written while `going()` is true.

        They come together as they are found, or none when nothing was written for `quiet_s` seconds. Raises
        Unavailable if the log cannot be read, before anything is told of it.
        """
        at = await asyncio.to_thread(self._start_of_tail, job, lines)
        return self._from(job, at, going, quiet_s)

    async def _from(
        self, job: int, at: int, going: Callable[[], Awaitable[bool]], quiet_s: float
    ) -> AsyncGenerator[list[str]]:
        rest = b""
        while True:
            news = self._news.setdefault(job, asyncio.Event())
            last = not await going()
            chunk = await asyncio.to_thread(self._read, job, at)
            at += len(chunk)
            *whole, rest = (rest + chunk).split(b"\n")
            if whole:
                yield [line.decode("utf-8", "replace") for line in whole]
            if not chunk:
                if last:
                    break
                if not await _within(news, quiet_s):
                    yield []
        if rest:
            yield [rest.decode("utf-8", "replace")]

    def look(self, job: int) -> None:
        """Let followers see whether the job still goes on."""
        self._wake(job)

    def close(self) -> None:
        """Wake all followers."""
        for job in list(self._news):
            self._wake(job)

    def remove(self, job: int) -> None:
        """Delete a job's log. One that cannot be deleted is a warning."""
        try:
            self.file(job).unlink(missing_ok=True)
        except OSError as exc:
            logger.warning("the log of a job cannot be deleted", extra={"job": job, "why": str(exc)})
        self._full.discard(job)
        self._unwritable.discard(job)
        self._wake(job)

    def _start_of_tail(self, job: int, lines: int | None) -> int:
        """Where the last lines of a log begin, in bytes from its start."""
        with self._read_from(job) as file:
            if lines is None:
                return 0
            last = deque((len(line) for line in file), maxlen=lines)
            return file.tell() - sum(last)

    def _read(self, job: int, at: int) -> bytes:
        with self._read_from(job) as file:
            file.seek(at)
            return file.read(CHUNK)

    @contextlib.contextmanager
    def _read_from(self, job: int) -> Iterator[BinaryIO]:
        """A log, to be read; an empty one if there is none. Raises Unavailable."""
        try:
            with self._existing(job) as file:
                yield file
        except OSError as exc:
            message = f"The log of job {job} cannot be read: {exc.strerror}."
            raise Unavailable(message, f"See what {self.file(job)} is and whose it is.", retryable=False) from exc

    def _existing(self, job: int) -> BinaryIO:
        try:
            return self.file(job).open("rb")
        except FileNotFoundError:
            return BytesIO()

    def _wake(self, job: int) -> None:
        """Wake the followers of a job; they look for themselves, so one event serves all."""
        news = self._news.pop(job, None)
        if news is not None:
            news.set()


async def _within(news: asyncio.Event, limit_s: float) -> bool:
    """Whether an event comes in time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            await news.wait()
    return news.is_set()

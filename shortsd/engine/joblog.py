"""A log file for each job, which can be followed while it is written."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakValueDictionary

from shortsd.domain.ports import Clock

LIMIT = 32 * 2**20
"""Bytes of a job's log after which nothing more is written to it: a babbling child must not fill the disk."""

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

    def output(self, source: str, line: str) -> None:
        self.write(f"[{self.stage}] {source}: {line}")


class JobLogs:
    """The logs of all jobs, as `ID.log` in one folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._news: WeakValueDictionary[int, asyncio.Event] = WeakValueDictionary()
        """What the followers of a job wait for; gone with the last of them, however it goes."""
        self._full: set[int] = set()

    def file(self, job: int) -> Path:
        return self._folder / f"{job}.log"

    def write(self, job: int, text: str) -> None:
        """Add lines, each with the time in UTC. A log that cannot be written is a warning, never a failed job."""
        stamp = datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        lines = "".join(f"{stamp} {line.translate(_SHOWN)}\n" for line in text.splitlines() or [""])
        try:
            with self.file(job).open("a", encoding="utf-8", errors="replace") as file:
                file.write(self._bounded(job, file.tell(), lines, stamp))
        except OSError as exc:
            logger.warning("the log of a job cannot be written", extra={"job": job, "why": str(exc)})
        self._wake(job)

    def _bounded(self, job: int, at: int, lines: str, stamp: str) -> str:
        """The lines, or that there will be no more, or nothing after that."""
        if job in self._full:
            return ""
        if at + len(lines) <= LIMIT:
            return lines
        self._full.add(job)
        return f"{stamp} the log ends here: it has reached {LIMIT >> 20} MB\n"

    def stage(self, job: int, stage: str, warned: Callable[[str], None] = _nobody) -> StageLog:
        """The log of a job for one of its stages; `warned` hears warnings, too."""
        return StageLog(lambda text: self.write(job, text), stage, warned)

    def tail(self, job: int, lines: int) -> list[str]:
        """The last lines of a job's log, oldest first; none if it has no log."""
        try:
            with self.file(job).open(encoding="utf-8", errors="replace") as file:
                return [line.rstrip("\n") for line in deque(file, maxlen=lines)]
        except FileNotFoundError:
            return []

    async def follow(
        self, job: int, lines: int | None, going: Callable[[], Awaitable[bool]], quiet_s: float
    ) -> AsyncGenerator[list[str]]:
        """The last `lines` lines of a job's log (all if None), and all that are written while `going()` is true.

        They come together as they are found, or none when nothing was written for `quiet_s` seconds.
        """
        at = await asyncio.to_thread(self._start_of_tail, job, lines)
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
        """Delete a job's log."""
        self.file(job).unlink(missing_ok=True)
        self._full.discard(job)
        self._wake(job)

    def _start_of_tail(self, job: int, lines: int | None) -> int:
        """Where the last lines of a log begin, in bytes from its start."""
        if lines is None:
            return 0
        try:
            with self.file(job).open("rb") as file:
                last = deque((len(line) for line in file), maxlen=lines)
                return file.tell() - sum(last)
        except FileNotFoundError:
            return 0

    def _read(self, job: int, at: int) -> bytes:
        try:
            with self.file(job).open("rb") as file:
                file.seek(at)
                return file.read(2**18)
        except FileNotFoundError:
            return b""

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

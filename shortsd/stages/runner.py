"""Runs a stage: not at all if its artifacts are there already, else wholly or without a trace."""

import asyncio
import errno
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from shortsd.domain.errors import DiskFull, Internal, NotYet, ShortsError, Unavailable
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Log, Progress
from shortsd.domain.stage import StageName
from shortsd.domain.witness import NOBODY, Witness
from shortsd.stages.pieces import Pieces
from shortsd.stages.workspace import Workspace, fingerprint

R = TypeVar("R")

VERSIONS: Mapping[str, int] = {
    StageName.VOICE: 2,
    StageName.IMAGES: 2,
    StageName.CAPTIONS: 2,
    StageName.RENDER: 6,
    StageName.CHECK: 2,
    StageName.PUBLISH: 2,
}
"""Raised when a stage of ours comes to make something else of the same inputs; 1 of those that never did."""


def mark_of(stage: str, inputs: Mapping[str, Any]) -> str:
    """The fingerprint of what a stage makes of `inputs`."""
    return fingerprint(stage, {"version": VERSIONS.get(stage, 1), **inputs})


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage has at hand: a Desk, and the folder it writes its artifacts into."""

    job: int
    stage: str
    folder: Path
    log: Log
    progress: Progress
    pieces: Pieces
    """What it may keep of what it has half done."""


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """A finished stage: what it returned, where its artifacts lie, and its fingerprint."""

    result: R
    folder: Path
    mark: str


class Journal(Protocol):
    """Keeps and tells what happens to a job's stages."""

    async def started(self, stage: str, mark: str) -> None: ...
    async def finished(self, stage: str, outcome: str) -> None: ...
    def progressed(self, stage: str, done: float, total: float, message: str) -> None: ...
    def log(self, stage: str) -> Log: ...


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs the stages of one attempt at a job."""

    job: int
    workspace: Workspace
    journal: Journal
    min_free_bytes: int
    witness: Witness = NOBODY

    async def run(
        self,
        stage: str,
        inputs: Mapping[str, Any],
        kind: type[R],
        work: Callable[[Work], Awaitable[R]],
        files: Sequence[str] = (),
    ) -> Done[R]:
        """Do a stage whose result depends on `inputs` alone, or reuse what it made before. It has to write `files`.

        Raises the ShortsError that the stage raised; DiskFull and Internal for what was no ShortsError.
        """
        mark = mark_of(stage, inputs)
        log = self.journal.log(stage)
        try:
            await self.journal.started(stage, mark)
            done, outcome = await self._reuse_or_do(stage, mark, kind, work, files)
        except asyncio.CancelledError:
            await in_thread(self.workspace.sweep)
            await self._say(stage, "stopped", log)
            raise
        except Exception as exc:
            # What is half made goes first: on a full disk, even to say so takes space.
            await in_thread(self.workspace.sweep)
            await self._say(stage, "stopped" if isinstance(exc, NotYet) else "failed", log)
            error = _ours(exc, stage)
            if error is exc:
                raise
            raise error from exc
        await self.journal.finished(stage, outcome)
        return done

    async def has(self, stage: StageName, inputs: Mapping[str, Any], kind: type[R], files: Sequence[str] = ()) -> bool:
        """Whether `run` would find the stage's artifacts there already."""
        return await in_thread(self.workspace.find, stage, mark_of(stage, inputs), kind, files) is not None

    async def _reuse_or_do(
        self,
        stage: str,
        mark: str,
        kind: type[R],
        work: Callable[[Work], Awaitable[R]],
        files: Sequence[str],
    ) -> tuple[Done[R], str]:
        """The stage's result, and whether it was `reused` or `done`."""
        log = self.journal.log(stage)
        known = await in_thread(self.workspace.find, stage, mark, kind, files)
        if known is not None:
            log.info(f"reused: made before with the same inputs (fingerprint {mark})")
            return Done(known, self.workspace.folder(stage, mark), mark), "reused"
        log.info(f"begins (fingerprint {mark})")
        return await self._do(stage, mark, log, work, files), "done"

    async def _do(
        self, stage: str, mark: str, log: Log, work: Callable[[Work], Awaitable[R]], files: Sequence[str]
    ) -> Done[R]:
        folder = await in_thread(self.workspace.begin, stage, mark)
        require_room(folder, self.min_free_bytes)
        await self.witness.entered(stage)

        def progress(done: float, total: float, message: str = "") -> None:
            self.journal.progressed(stage, done, total, message)

        result = await work(Work(self.job, stage, folder, log, progress, self.workspace.pieces(stage)))
        final = await in_thread(self.workspace.finish, stage, mark, result, files)
        return Done(result, final, mark)

    async def _say(self, stage: str, outcome: str, log: Log) -> None:
        """Record how a stage ended early. That this could not be written must not hide why it ended."""
        try:
            await self.journal.finished(stage, outcome)
        except ShortsError as exc:
            log.warning(f"that it {outcome} could not be recorded: {exc.message}")


def require_room(folder: Path, bytes_: int) -> None:
    """Make a folder if it is not there, and see that it can be written and has so many bytes free.

    Raises Unavailable, DiskFull.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".try-"):
            free = shutil.disk_usage(folder).free
    except OSError as exc:
        raise of_system(exc, f"{folder}") from exc
    if free < bytes_:
        raise DiskFull(
            f"Only {free >> 20} MB are free where shorts are made ({folder}); {bytes_ >> 20} MB are needed.",
            "Free some space (`shortsctl clean` helps), or lower daemon.min_free_mb.",
        )


def of_system(exc: OSError, what: str) -> ShortsError:
    """What the system refused, as an error for people; `what` was to be read or written."""
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"The disk is full: {what} could not be written.", "Free some space, then retry.")
    if exc.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
        return Unavailable(f"{what} cannot be written: {exc.strerror}.", "See whose it is and who may write there.")
    if exc.errno in (errno.EIO, errno.ESTALE, errno.ENXIO):
        return Unavailable(f"The disk failed at {what}: {exc.strerror}.", "The kernel's log (`dmesg`) tells more.")
    if exc.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN):
        return Unavailable(f"The system has no room to open {what}: {exc.strerror}.", "Run fewer jobs at once.")
    return Internal(f"{what} could not be read or written: {exc.strerror or exc}.", "Look at the job's log.")


def _ours(exc: Exception, stage: str) -> ShortsError:
    """An exception of a stage as one for people, which knows its stage."""
    error = _told(exc, stage)
    error.stage = stage
    return error


def _told(exc: Exception, stage: str) -> ShortsError:
    if isinstance(exc, ShortsError):
        return exc
    if isinstance(exc, OSError):
        return of_system(exc, str(exc.filename or f"A file of the stage {stage}"))
    return Internal(f"The stage {stage} failed in a way it should not: {exc!r}.", "The job's log has the traceback.")

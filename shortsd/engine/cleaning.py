"""Frees the space that ended jobs take, because somebody asked for it."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from shortsd.domain.errors import BadRequest, Unavailable, WrongState
from shortsd.domain.finish import in_thread
from shortsd.domain.ids import Chosen
from shortsd.domain.job import ENDED, Job, State
from shortsd.domain.ports import Clock, Publisher
from shortsd.engine.joblog import JobLogs
from shortsd.engine.storage import Storage
from shortsd.stages.slides.file import ScriptFile
from shortsd.store.jobs import Jobs
from shortsd.store.selection import EVERYTHING, Selection
from shortsd.wire.models import Cleaned

FILES = ("video", "thumbnail", "srt", "vtt", "metadata")
"""What names the files of a finished short in a job's result."""
SCRIPT = "script"
"""What names the file there in which people edit what is told."""

logger = logging.getLogger("shortsd.cleaning")


@dataclass(frozen=True, slots=True)
class Freed:
    """What was freed of a job, in bytes, and which files of its result stay."""

    work: int = 0
    output: int = 0
    left: tuple[str, ...] = ()
    """Those that could not be told to be its own."""
    yours: tuple[str, ...] = ()
    """Those that are the user's: edited, or elsewhere than among the finished shorts."""


class Cleaning:
    """Removes artifacts, and finished shorts where that is asked for by name."""

    def __init__(
        self, storage: Storage, jobs: Jobs, logs: JobLogs, publisher: Publisher, output: Path, clock: Clock
    ) -> None:
        self._storage = storage
        self._jobs = jobs
        self._logs = logs
        self._publisher = publisher
        self._output = output
        self._clock = clock

    async def __call__(self, chosen: Chosen | None, *, outputs: bool = False, dry_run: bool = False) -> Cleaned:
        """Remove the artifacts of ended jobs: of those named, or of all that succeeded.

        With `outputs` also what those named have published; a dry run only says what would be freed. Raises NotFound,
        WrongState, BadRequest (no job is named), Unavailable (what was published cannot be removed).
        """
        if outputs and chosen is None:
            raise BadRequest("Finished shorts are removed only where jobs are named.", "Name them: `4 7-9 b3`.")
        freed: dict[int, Freed] = {}
        try:
            for number in await self._which(chosen):
                freed[number] = await self._clean(number, outputs=outputs, dry_run=dry_run)
        finally:
            if freed and not dry_run:
                self._storage.changed()
        return _cleaned(freed, dry_run=dry_run)

    async def _which(self, chosen: Chosen | None) -> list[int]:
        if chosen is None:
            kept = await self._storage.kept()
            return sorted(number for number, job in kept.items() if job.state is State.SUCCEEDED)
        named = {first for first, last in chosen.ranges if first == last}
        found = await self._jobs.select(Selection(chosen.ranges, chosen.batches, limit=EVERYTHING))
        numbers = sorted(named | {job.id for job in found})
        for number in numbers:
            require_ended(await self._jobs.get(number))
        return numbers

    async def _clean(self, number: int, *, outputs: bool, dry_run: bool) -> Freed:
        """Clean a job, unless somebody has retried it by now."""
        async with self._storage.files:
            job = await self._jobs.get(number)
            if job.state not in ENDED:
                return Freed()
            workspace = self._storage.workspace(number)
            work = await in_thread(workspace.size if dry_run else workspace.remove)
            if not outputs:
                return Freed(work)
            return await (self._would_withdraw if dry_run else self._withdraw)(job, work)

    async def _would_withdraw(self, job: Job, work: int) -> Freed:
        found = await in_thread(self._files, job)
        return Freed(work, found.size, yours=tuple(found.yours.values()))

    async def _withdraw(self, job: Job, work: int) -> Freed:
        """Take back what a job published, and have its result name no file that is gone."""
        before = await in_thread(self._files, job)
        try:
            await self._publisher.withdraw(job.id, job.created_at)
        except Unavailable as exc:
            if "link" not in job.result:  # what is on a channel is not on this disk
                raise
            self._logs.write(job.id, f"warning: {exc.message} {exc.hint}")
        await in_thread(self._remove_script, job)
        after = await in_thread(self._files, job)
        if gone := {*FILES, SCRIPT} & job.result.keys() - {*after.own, *after.yours}:
            rest = {name: value for name, value in job.result.items() if name not in gone}
            await self._jobs.amend(job.id, {**rest, "removed_at": self._clock()})
            self._logs.write(job.id, "its finished short was removed, as was asked for")
            logger.info("a finished short was removed", extra={"job": job.id})
        return Freed(work, before.size - after.size, tuple(after.own.values()), tuple(after.yours.values()))

    def _files(self, job: Job) -> "_Files":
        """The files that a job's result names and that are there."""
        found = _Files()
        for name in (*FILES, SCRIPT):
            file = Path(job.result.get(name, ""))
            if name not in job.result or not file.exists():
                continue
            mine = self._script(job).own() if name == SCRIPT else file.resolve().parent == self._output.resolve()
            if mine:
                found.own[name] = str(file)
                found.size += file.stat().st_size if file.is_file() else 0
            else:
                found.yours[name] = str(file)
        return found

    def _script(self, job: Job) -> ScriptFile:
        return ScriptFile(Path(job.result[SCRIPT]), job.id)

    def _remove_script(self, job: Job) -> None:
        """Raises Unavailable."""
        if SCRIPT not in job.result or not self._script(job).own():
            return
        try:
            self._script(job).path.unlink(missing_ok=True)
        except OSError as exc:
            raise Unavailable(f"The script of job {job.id} could not be removed: {exc}.", "Remove it by hand.") from exc


@dataclass(slots=True)
class _Files:
    """Files of a job's result by their names there, and the bytes of those that it may be rid of."""

    own: dict[str, str] = field(default_factory=dict)
    yours: dict[str, str] = field(default_factory=dict)
    size: int = 0


def require_ended(job: Job) -> Job:
    """A job whose files nobody works with. Raises WrongState."""
    if job.state not in ENDED:
        raise WrongState(f"job {job.id} is {job.state}; its files are needed.", f"`shortsctl stop {job.id}` first.")
    return job


def require_resting(job: Job) -> Job:
    """A job that has ended, or waits for somebody to look at it. Raises WrongState."""
    return job if job.state is State.REVIEW else require_ended(job)


def _cleaned(freed: dict[int, Freed], *, dry_run: bool) -> Cleaned:
    work, output = sum(one.work for one in freed.values()), sum(one.output for one in freed.values())
    return Cleaned(
        jobs=[number for number, one in freed.items() if one.work or one.output],
        freed_bytes=work + output,
        work_bytes=work,
        output_bytes=output,
        left=[file for one in freed.values() for file in one.left],
        yours=[file for one in freed.values() for file in one.yours],
        dry_run=dry_run,
    )

"""`python -m shortsd.task ID --storage URL`: renders one creation to its end, in the foreground, without a daemon.

For a container job. What happens is said on standard output, a JSON object a line; the log goes to standard error. The
exit code is 0 if the video is there, 1 if it failed (2 for bad usage and for pages that nothing can be made of), and
143 or 130 if it was ended by TERM or INT: then its processes are ended, and nothing of a video is left.
"""

import argparse
import asyncio
import fcntl
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from shortsd.config.load import load
from shortsd.config.logs import set_up
from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, Internal, ShortsError
from shortsd.domain.job import Job, State
from shortsd.domain.ports import Log
from shortsd.domain.process import ChildRecord
from shortsd.engine.tracker import Tracker
from shortsd.kit import child_processes, forgetful, tools
from shortsd.processes.children import ChildProcesses
from shortsd.stages.kind import Attempt, Planned
from shortsd.stages.kinds.creation import CREATION
from shortsd.stages.runner import Runner
from shortsd.stages.turns import Turns
from shortsd.stages.workspace import Workspace
from shortsd.wire.creations import CreationParams
from shortsd.wire.errors import TABLE

JOB = 1
"""The number of the only job there is."""
PREFIX = "shortsd-task-"
"""Of the names of folders that tasks work in."""
DEAD_S = 86_400.0
"""Age of such a folder, in seconds, from which on it is removed if nobody holds its lock: some file systems that
several machines share keep locks on each machine alone, and no task takes a day."""
INTERVAL_S = 1.0
"""Between two lines of progress."""
ENDING_S = 8.0
"""From a signal until the process is gone in any case: Cloud Run and Kubernetes kill what is there 10 s later."""
OPTIONS = ("voice", "music", "title", "size", "shape", "fps", "captions", "cuts", "fit", "silent_s")


def main(argv: Sequence[str] | None = None) -> int:
    """Render a creation; the exit code."""
    _open()
    args = _parser().parse_args(argv)
    try:
        settings = load(args.config or Places.find().config_file)
        set_up(settings.daemon.log_level)
        return asyncio.run(_run(args, settings))
    except ShortsError as exc:
        return _failed(exc)


def _open() -> None:
    """Have an output and a log, also where they were closed before we began."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115 - it is open for as long as we are
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115 - it is open for as long as we are


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    """Render until it is done or a signal comes."""
    rendering = asyncio.create_task(_render(args, settings), name="render")
    ended = _Ended(rendering)
    try:
        result = await rendering
    except asyncio.CancelledError:
        say(event="stopped", signal=ended.number)
        return 128 + ended.number
    say(event="completed", **{key: value for key, value in result.items() if key != "checks"})
    return 0


class _Ended:
    """Has a signal end the work in order, and the process in any case a little later."""

    def __init__(self, work: asyncio.Task[Any]) -> None:
        self.number = 0
        self._work = work
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._end, number)

    def _end(self, number: int) -> None:
        if not self.number:  # once more says nothing new
            self.number = number
            limit = threading.Timer(ENDING_S, os._exit, (128 + number,))
            limit.daemon = True
            limit.start()
            self._work.cancel()


async def _render(args: argparse.Namespace, settings: Settings) -> Mapping[str, Any]:
    """Render in a folder of its own, which goes in any case. Raises ShortsError."""
    storage = args.storage if "://" in args.storage else str(Path(args.storage).absolute())  # noqa: ASYNC240 - it asks where we are, and nobody waits meanwhile
    given = {name: getattr(args, name) for name in OPTIONS}
    planned = CREATION.plan(CreationParams(creation=args.creation, storage=storage, **given), settings)
    with _workplace(args.work) as folder:
        home = Path(folder)
        places = replace(Places.find(), state=home, cache=home / "cache", output=home / "output")
        secrets = Secrets.take(os.environ, places.config_file.parent)
        children = child_processes(settings, f"task-{os.getpid()}", _Unrecorded())
        try:
            return await _attempt(planned, settings, places, secrets, children)
        finally:
            await children.end_all()


@contextmanager
def _workplace(within: Path | None) -> Iterator[str]:
    """A folder that goes when it is left, and is locked until then. Raises BadInput."""
    try:
        if within:
            within.mkdir(parents=True, exist_ok=True)
            _forget_dead(within)
        made = tempfile.TemporaryDirectory(prefix=PREFIX, dir=within)
    except OSError as exc:
        where = within or "the folder of temporary files"
        raise BadInput(f"Nothing can be written to {where}: {exc.strerror}.", "Name another one by --work.") from None
    with made as folder:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield folder
        finally:
            os.close(lock)


def _forget_dead(within: Path) -> None:
    """Remove the folders of tasks that were killed: old enough to have been locked, and locked by nobody."""
    for folder in within.glob(f"{PREFIX}*"):
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if folder.stat().st_mtime < time.time() - DEAD_S:
                    shutil.rmtree(folder)
            finally:
                os.close(lock)


async def _attempt(
    planned: Planned, settings: Settings, places: Places, secrets: Secrets, children: ChildProcesses
) -> Mapping[str, Any]:
    kit = await asyncio.to_thread(tools, settings, places, secrets, children, forgetful())
    await CREATION.examine(planned.plan, kit)
    now = time.time()
    job = Job(JOB, CREATION.name, planned.params, State.RUNNING, now, now, title=planned.title, attempt=1)
    journal = _Told(Tracker({}, time.time, CREATION.stages))
    runner = Runner(JOB, Workspace(places.work / str(JOB)), journal, settings.daemon.min_free_mb << 20)
    made = await CREATION.make(Attempt(job, kit, runner, Turns(1), _untold, places.output))
    return {**made, "warnings": journal.warnings}


class _Told:
    """A journal (stages.runner.Journal) whose facts are lines on standard output."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._said = float("-inf")
        self.warnings: list[str] = []

    async def started(self, stage: str, mark: str) -> None:
        del mark
        self._tracker.started(stage)
        say(event="stage", stage=stage, state="running", percent=round(self._tracker.percent, 1))

    async def finished(self, stage: str, outcome: str) -> None:
        self._tracker.finished(whole=outcome in ("done", "reused"))
        say(event="stage", stage=stage, state=outcome, percent=round(self._tracker.percent, 1))

    def progressed(self, stage: str, done: float, total: float, message: str) -> None:
        self._tracker.progressed(done, total, message)
        now = time.monotonic()
        if now - self._said >= INTERVAL_S:
            self._said = now
            tracker = self._tracker
            say(
                event="progress",
                stage=stage,
                percent=round(tracker.percent, 1),
                eta_s=round(tracker.eta_s(), 1),
                message=tracker.message,
            )

    def log(self, stage: str) -> Log:
        return _Lines(stage, self.warnings.append)


class _Lines:
    """A log of a stage: warnings are said, what children write is kept for who reads the log."""

    def __init__(self, stage: str, warned: Callable[[str], None]) -> None:
        self._stage = stage
        self._warned = warned

    def info(self, message: str) -> None:
        _log(f"[{self._stage}] {message}\n")

    def warning(self, message: str) -> None:
        self._warned(message)
        say(event="warning", stage=self._stage, message=message)

    def output(self, source: str, *lines: str) -> None:
        _log(*(f"[{self._stage}] {source}: {line}\n" for line in lines))


class _Unrecorded:
    """A registry for children that do not outlive us (processes.registry.Registry)."""

    async def add(self, record: ChildRecord) -> None:
        del record

    async def remove(self, pid: int) -> None:
        del pid


async def _untold(title: str) -> None:
    del title


def say(**facts: Any) -> None:
    """Say something on standard output, a JSON object a line. Where nobody can hear it the work goes on."""
    try:
        sys.stdout.write(msgspec.json.encode({"at": round(time.time(), 3), **facts}).decode() + "\n")
        sys.stdout.flush()
    except OSError:  # a reader that has gone, or a full disk
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - it is open for as long as we are


def _log(*lines: str) -> None:
    """Write to the log as long as it can be written to."""
    with suppress(OSError):
        sys.stderr.writelines(lines)


def _failed(exc: ShortsError) -> int:
    """Say why it failed; the exit code."""
    say(event="failed", code=exc.code, stage=exc.stage, message=exc.message, hint=exc.hint)
    if isinstance(exc, Internal) and exc.__cause__ is not None:
        _log(*traceback.format_exception(exc.__cause__))
    return TABLE[exc.code].exit


def _there(name: str) -> Path:
    """A configuration that was named must be there."""
    if not Path(name).is_file():
        raise argparse.ArgumentTypeError(f"there is no configuration {name}")
    return Path(name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shortsd.task",
        description="Render one creation to its end, without a daemon: ID/assets/1/image.png, 1/1.txt … to"
        " ID/assets/video.mp4. Progress is said on standard output, a JSON object a line.",
        epilog="exit codes: 0 done, 1 it failed, 2 bad usage or pages of which nothing can be made, 143 ended by TERM",
    )
    parser.add_argument("creation", metavar="ID", help="the creation: a folder in the storage")
    parser.add_argument(
        "--storage", required=True, metavar="URL", help="a folder, s3://bucket/…, gs://bucket/… or az://container/…"
    )
    parser.add_argument("--config", type=_there, metavar="FILE", help="read this configuration")
    parser.add_argument("--work", type=Path, metavar="FOLDER", help="work in here (default: where temporary files go)")
    for name in OPTIONS:
        kind = {"fps": int, "silent_s": float}.get(name, str)
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, help="as of `shortsctl creation render`")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""Processes that carry our mark, wherever they are, and ending them one by one."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import psutil

from shortsd.domain.process import ChildRecord
from shortsd.processes.groups import end
from shortsd.processes.identity import KEY, kernel_start_time, marked_job

ROUNDS = 3
"""How often to look again: what is being ended may just have started something."""


class Found(Protocol):
    """A living process that was looked for."""

    @property
    def process(self) -> psutil.Process: ...


F = TypeVar("F", bound=Found)


@dataclass(frozen=True, slots=True)
class Marked:
    """A living process that carries the mark of a home."""

    process: psutil.Process
    record: ChildRecord
    """What can be told of it by looking at it."""
    key: str
    """The key of the child that it is, or that it descends from."""


def marked(home: str, spared: Collection[int] = ()) -> Sequence[Marked]:
    """All processes with the mark of `home`, but for those with a pid in `spared`, this process and its ancestors.

    Reads the whole process table, 45 µs for each process on it: a thing to do in a thread. Raises OSError if no
    descriptor is left to read it with.
    """
    me = psutil.Process()
    left_out = {*spared, me.pid, *(one.pid for one in me.parents())}
    found = (_recognise(process, home) for process in psutil.process_iter() if process.pid not in left_out)
    return [one for one in found if one is not None]


def _recognise(process: psutil.Process, home: str) -> Marked | None:
    try:
        environment = process.environ()
        job = marked_job(environment, home)
        if job is None or not lives(process):
            return None
        start, group = kernel_start_time(process.pid), os.getpgid(process.pid)
        name, argv, began = process.name(), tuple(process.cmdline()), process.create_time()
    except (psutil.Error, OSError):  # gone meanwhile, or another user's
        return None
    record = ChildRecord(process.pid, group, start, job, "", name, argv, began)
    return Marked(process, record, environment.get(KEY, ""))


def lives(process: psutil.Process) -> bool:
    """Whether it is there, the very one, and no zombie."""
    with contextlib.suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


async def end_all_found(look: Callable[[], Awaitable[Sequence[F]]], grace_s: float) -> Sequence[F]:
    """End what `look` finds, and what that has started meanwhile; all that was found, each of them once.

    One by one and not by group: a group's number may be another's as soon as its last process is gone. One that would
    not die is not waited for again.
    """
    found: dict[psutil.Process, F] = {}
    for _ in range(ROUNDS):
        finds = await look()
        found |= {one.process: one for one in finds}
        ended = await asyncio.gather(*(end_process(one.process, grace_s) for one in finds))
        if not finds or not all(ended):
            break
    return list(found.values())


async def end_process(process: psutil.Process, grace_s: float) -> bool:
    """End one process, as `groups.end` does."""

    def send(number: int) -> None:
        # psutil compares start times first, so that a reused pid is not hit.
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)

    return await end(lambda: [process.pid] if lives(process) else [], send, grace_s)

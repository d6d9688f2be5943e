"""Real children for tests, and waiting for what happens to them."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from support import TestDesk

from shortsd.domain.errors import Unavailable
from shortsd.domain.ports import Command, Output
from shortsd.domain.process import ChildRecord
from shortsd.processes.children import ChildProcesses

MakeChildren = Callable[..., ChildProcesses]
"""Makes ChildProcesses with the given limits."""

Leave = Callable[..., list[int]]
"""Leaves a process behind as a dead daemon does; its pids, and others that it makes, as they tell them."""

STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
SAY_PID = "import os, time; os.write(1, b'%d\\n' % os.getpid());"
"""In one write, so that two who say it at once do not mix."""
REST = "time.sleep(60)"


@dataclass
class MemoryRegistry:
    """A registry that remembers what it was ever told."""

    records: dict[int, ChildRecord] = field(default_factory=dict)
    ever: list[ChildRecord] = field(default_factory=list)

    async def add(self, record: ChildRecord) -> None:
        self.records[record.pid] = record
        self.ever.append(record)

    async def remove(self, pid: int) -> None:
        self.records.pop(pid, None)

    async def all(self) -> list[ChildRecord]:
        return list(self.records.values())


@dataclass
class FailingRegistry(MemoryRegistry):
    """A registry of which nothing can be struck off while it is `full`."""

    full: bool = True

    async def remove(self, pid: int) -> None:
        if self.full:
            raise Unavailable("The database cannot be written.")
        await super().remove(pid)


class BrokenRegistry(MemoryRegistry):
    """A registry on a full disk."""

    async def add(self, record: ChildRecord) -> None:
        await super().add(record)
        raise Unavailable("The database cannot be written.")


def python(*code: str, name: str = "child", stdin: bytes = b"") -> Command:
    return Command(name, (sys.executable, "-c", "\n".join(code)), stdin)


def alive(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def all_gone(pids: Iterable[int]) -> bool:
    return not any(alive(pid) for pid in pids)


async def until(condition: Callable[[], object], limit_s: float = 10) -> None:
    """Wait for a condition; fails when it takes too long."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        await asyncio.sleep(0.01)


@dataclass
class Started:
    """A command that is being run, and the lines it has written."""

    task: asyncio.Task[Output]
    lines: list[str]

    @property
    def pids(self) -> list[int]:
        return [int(line) for line in self.lines]


async def start(children: ChildProcesses, command: Command, desk: TestDesk, lines: int = 1) -> Started:
    """Begin to run a command, and wait until it has written that many lines."""
    heard: list[str] = []
    task = asyncio.create_task(children.run(command, desk, heard.append))
    await until(lambda: len(heard) >= lines or task.done())
    return Started(task, heard)

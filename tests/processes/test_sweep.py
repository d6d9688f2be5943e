import os
from dataclasses import replace

import pytest
from processes.children_support import (
    REST,
    SAY_PID,
    STUBBORN,
    Leave,
    MemoryRegistry,
    alive,
    all_gone,
    python,
    start,
    until,
)
from support import TestDesk

from shortsd.domain.errors import Unavailable
from shortsd.domain.process import ChildRecord
from shortsd.processes.children import ChildProcesses
from shortsd.processes.identity import kernel_start_time, mark
from shortsd.processes.sweep import sweep

BARE = f"os.execve(sys.executable, [sys.executable, '-c', {SAY_PID + REST!r}], {{}})"
PAIR = ("import os, sys", f"os.fork() or {BARE}", SAY_PID, REST)
"""A leader that has the mark and a process in its group that has not."""


def record(pid: int) -> ChildRecord:
    return ChildRecord(pid, os.getpgid(pid), kernel_start_time(pid), 7, "render", "ffmpeg", ("ffmpeg",), 0.0)


async def test_recorded_leftover(leave: Leave, home: str) -> None:
    """A stubborn child of the last daemon is ended, and told by its record."""
    (pid,) = leave(STUBBORN, SAY_PID, REST)
    was = record(pid)
    assert await sweep([was], home, grace_s=0.1) == [was]
    assert all_gone([pid])


async def test_whole_group_of_a_recorded_leftover(leave: Leave, home: str) -> None:
    """With a proven leader goes its whole group, also one that threw off the mark."""
    pids = leave(*PAIR, pids=2)
    leader = next(pid for pid in pids if os.getpgid(pid) == pid)
    await sweep([record(leader)], home, grace_s=0.1)
    assert all_gone(pids)


async def test_unrecorded_leftover(leave: Leave, home: str) -> None:
    """A process that carries our mark is ended though nobody recorded it; its job is known by the mark."""
    (pid,) = leave(SAY_PID, REST)
    (found,) = await sweep([], home, grace_s=0.1)
    assert (found.pid, found.job) == (pid, 7)
    assert all_gone([pid])


async def test_leader_is_gone(leave: Leave, home: str) -> None:
    """What is left of a group whose leader is gone, and what left for a session of its own, are ended."""
    pids = leave("import os", SAY_PID, "if os.fork(): os._exit(0)", "os.fork() or os.setsid()", SAY_PID, REST, pids=3)
    leader, *others = pids
    await until(lambda: not alive(leader))
    assert all(map(alive, others))
    await sweep([], home, grace_s=0.1)
    assert all_gone(others)


async def test_reused_pid(leave: Leave, home: str) -> None:
    """A process that has a recorded pid, but not the mark, is another's and lives on."""
    (pid,) = leave(SAY_PID, REST, marks={})
    assert await sweep([record(pid)], home, grace_s=0.1) == []
    assert alive(pid)


async def test_reused_pid_by_start_time(leave: Leave, home: str) -> None:
    """A record whose start time is another's proves nothing: the group is not ended on its account."""
    pids = leave(*PAIR, pids=2)
    leader = next(pid for pid in pids if os.getpgid(pid) == pid)
    (mate,) = (pid for pid in pids if pid != leader)
    await sweep([replace(record(leader), kernel_start_time=1)], home, grace_s=0.1)
    assert alive(mate)


async def test_other_homes(leave: Leave, home: str) -> None:
    """Children of another home's daemon, be its id ever so alike, live on."""
    pids = [leave(SAY_PID, REST, marks=mark(other, 7))[0] for other in (home + "0", home[:-1], f"{home}:1")]
    assert await sweep([], home, grace_s=0.1) == []
    assert all(map(alive, pids))


async def test_living_children(children: ChildProcesses, registry: MemoryRegistry, home: str, desk: TestDesk) -> None:
    """A sweep while the daemon works spares its own children, recorded as they are."""
    started = await start(children, python(SAY_PID, REST), desk)
    assert await sweep(await registry.all(), home, grace_s=0.1) == []
    assert alive(started.pids[0])
    await children.end_all()
    with pytest.raises(Unavailable):
        await started.task

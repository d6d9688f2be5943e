import asyncio
from contextlib import suppress

import pytest
from processes.children_support import REST, SAY_PID, STUBBORN, MakeChildren, MemoryRegistry, all_gone, python, start
from support import TestDesk

from shortsd.domain.errors import Unavailable
from shortsd.domain.ports import Command
from shortsd.processes.children import ChildProcesses

FORK = "import os; child = os.fork();"
"""From here on there are two processes in the group."""


async def test_cancelled(children: ChildProcesses, registry: MemoryRegistry, desk: TestDesk) -> None:
    """A cancelled call ends its child before it returns."""
    started = await start(children, python(SAY_PID, REST), desk)
    started.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await started.task
    assert all_gone(started.pids)
    assert registry.records == {}


async def test_cancelled_twice(children: ChildProcesses, desk: TestDesk) -> None:
    """A second cancellation, while a stubborn child is being ended, does not leave it behind."""
    started = await start(children, python(STUBBORN, SAY_PID, REST), desk)
    for _ in range(3):
        started.task.cancel()
        await asyncio.wait([started.task], timeout=0.02)
    with pytest.raises(asyncio.CancelledError):
        await started.task
    assert all_gone(started.pids)


async def test_cancelled_at_once(children: ChildProcesses, registry: MemoryRegistry, desk: TestDesk) -> None:
    """A call that is cancelled at any step of its start leaves nobody."""
    for steps in range(12):
        task = asyncio.create_task(children.run(python("import time", REST), desk))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert all_gone(record.pid for record in registry.ever)
    assert registry.records == {}


async def test_stubborn_child(make_children: MakeChildren, desk: TestDesk) -> None:
    """A child that ignores TERM is killed."""
    started = await start(make_children(stall_s=0.3), python(STUBBORN, SAY_PID, REST), desk)
    await asyncio.wait([started.task])
    assert all_gone(started.pids)
    assert started.task.exception() is not None


async def test_child_that_tidies_up(make_children: MakeChildren, desk: TestDesk) -> None:
    """A child that is asked to end has its grace, and its last words are heard."""
    tidy = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: (print('tidy'), sys.exit()))"
    started = await start(make_children(grace_s=10), python(tidy, SAY_PID, REST), desk)
    started.task.cancel()
    with suppress(asyncio.CancelledError):
        await started.task
    assert started.lines[-1] == "tidy"


async def test_grandchild(children: ChildProcesses, desk: TestDesk) -> None:
    """A grandchild in the group ends with the child, though it ignores TERM."""
    started = await start(children, python(STUBBORN, FORK, SAY_PID, REST), desk, lines=2)
    started.task.cancel()
    with suppress(asyncio.CancelledError):
        await started.task
    assert len(set(started.pids)) == 2
    assert all_gone(started.pids)


async def test_leader_leaves_first(children: ChildProcesses, desk: TestDesk) -> None:
    """A stubborn grandchild that holds the streams open when the leader leaves is ended; the leader did well."""
    heard: list[str] = []
    leave = "child or time.sleep(60)"
    await children.run(python(STUBBORN, FORK, SAY_PID, leave), desk, heard.append)
    assert len(heard) == 2
    assert all_gone(map(int, heard))


async def test_kill_all(make_children: MakeChildren, registry: MemoryRegistry, desk: TestDesk) -> None:
    """In a hurry nobody has a grace, and who awaits a child learns why it ended."""
    children = make_children(grace_s=600)
    started = [await start(children, python(STUBBORN, SAY_PID, REST), desk) for _ in range(2)]
    ending = asyncio.create_task(children.end_all())
    await asyncio.sleep(0)
    children.kill()
    await ending
    for one in started:
        with pytest.raises(Unavailable):
            await one.task
    assert all_gone(one.pids[0] for one in started)
    assert registry.records == {}
    with pytest.raises(Unavailable):
        await children.run(Command("true", ("true",)), desk)


async def test_end_all(children: ChildProcesses, desk: TestDesk) -> None:
    """At shutdown all children are ended, who awaits them learns why, and no more are taken."""
    started = [await start(children, python(STUBBORN, SAY_PID, REST), desk) for _ in range(3)]
    assert {record.pid for record in children.running()} == {one.pids[0] for one in started}
    await children.end_all()
    assert all_gone(one.pids[0] for one in started)
    for one in started:
        with pytest.raises(Unavailable):
            await one.task
    with pytest.raises(Unavailable):
        await children.run(Command("true", ("true",)), desk)


async def test_end_all_during_starts(children: ChildProcesses, registry: MemoryRegistry, desk: TestDesk) -> None:
    """Children at any step of their start are ended, too."""
    tasks = []
    for steps in range(8):
        tasks.append(asyncio.create_task(children.run(python("import time", REST), desk)))
        for _ in range(steps % 3):
            await asyncio.sleep(0)
    await children.end_all()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(result) for result in results} == {Unavailable}
    assert all_gone(record.pid for record in registry.ever)

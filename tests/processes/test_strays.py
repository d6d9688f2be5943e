import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from processes.children_support import (
    REST,
    SAY_PID,
    STUBBORN,
    FailingRegistry,
    Leave,
    MemoryRegistry,
    alive,
    all_gone,
    python,
    start,
)
from support import TestDesk

from shortsd.domain.errors import Internal, Unavailable
from shortsd.domain.ports import Command
from shortsd.processes.children import ChildProcesses
from shortsd.processes.identity import mark

SESSION = "import os; said, say = os.pipe()\nif os.fork() == 0: os.setsid();"
"""From here on to the line's end: a grandchild in a session of its own."""
SAY_ALL = SAY_PID + "os.write(say, b'.');"
HEAR = "os.read(said, 1)"
DAEMON = f"""
import os; said, say = os.pipe()
if os.fork() == 0:
  os.setsid()
  if os.fork(): os._exit(0)
  {SAY_ALL}
  nothing = os.open('/dev/null', os.O_RDWR)
  for stream in range(3): os.dup2(nothing, stream)
  {REST}
{HEAR}
"""
"""Leaves a grandchild that has made itself a daemon and said its pid."""


async def test_grandchild_that_holds_the_streams(children: ChildProcesses, desk: TestDesk) -> None:
    """One in a session of its own, stubborn, that keeps the streams open, ends with the child; the log names it."""
    heard: list[str] = []
    await children.run(python(f"{SESSION} {STUBBORN} {SAY_ALL} {REST}", HEAR), desk, heard.append)
    assert len(heard) == 1
    assert all_gone(map(int, heard))
    (line,) = desk.log.lines
    assert "left processes behind, which were ended: " in line


async def test_grandchild_that_is_a_daemon(children: ChildProcesses, desk: TestDesk) -> None:
    """One that nobody waits for, and that has closed all streams, ends with the child, too."""
    heard: list[str] = []
    await children.run(python(DAEMON), desk, heard.append)
    assert len(heard) == 1
    assert all_gone(map(int, heard))


async def test_grandchildren_of_others(children: ChildProcesses, desk: TestDesk) -> None:
    """What another child of the same job has started lives on."""
    other = await start(children, python(f"{SESSION} {SAY_PID} {REST}", SAY_PID, "import time", REST), desk, lines=2)
    await children.run(Command("true", ("true",)), desk)
    assert all(map(alive, other.pids))
    other.task.cancel()
    await asyncio.wait([other.task])
    assert all_gone(other.pids)


async def test_sweep_ends_children_without_a_job(
    children: ChildProcesses, registry: MemoryRegistry, desk: TestDesk
) -> None:
    """A child whose job nobody works at is ended; who awaits it, if anybody does, learns why."""
    started = await start(children, python(STUBBORN, SAY_PID, REST), desk)
    (found,) = await children.sweep({2, 3})
    assert (found.pid, found.job) == (started.pids[0], 1)
    assert all_gone(started.pids)
    assert registry.records == {}
    with pytest.raises(Internal, match="nobody works at job 1"):
        await started.task


@pytest.mark.parametrize("job", [1, 0])
async def test_sweep_spares_those_at_work(children: ChildProcesses, job: int) -> None:
    """A child whose job is being worked at, and one that works for no job, live on, and what they started."""
    code = f"{SESSION} {SAY_PID} {REST}", SAY_PID, "import time", REST
    started = await start(children, python(*code), TestDesk(job=job), lines=2)
    assert await children.sweep({1}) == []
    assert all(map(alive, started.pids))
    await children.end_all()
    with pytest.raises(Unavailable):
        await started.task


async def test_sweep_ends_what_a_child_left(children: ChildProcesses, leave: Leave, home: str) -> None:
    """A process with the mark of this home whose child is gone is ended; one of another home is not."""
    (ours,) = leave(SAY_PID, REST, marks=mark(home, 7, "a child that has ended"))
    (other,) = leave(SAY_PID, REST, marks=mark("elsewhere", 7, "a child that has ended"))
    (found,) = await children.sweep({7})
    assert found.pid == ours
    assert not alive(ours)
    assert alive(other)


async def test_sweep_corrects_the_register(home: str, desk: TestDesk) -> None:
    """A child that could not be struck off when it ended is struck off as soon as that can be done."""
    registry = FailingRegistry()
    children = ChildProcesses(registry, home)
    assert (await children.run(Command("echo", ("echo", "well")), desk)).stdout == "well\n"
    await children.sweep(set())
    assert len(registry.records) == 1
    registry.full = False
    await children.sweep(set())
    assert registry.records == {}


INIT = """
import asyncio, ctypes, sys
import psutil
from processes.children_support import MemoryRegistry, start, python, until
from support import TestDesk
from shortsd.processes.children import ChildProcesses

PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)

def adopted(children):
    ours = [record.pid for record in children.running()]
    return [child for child in psutil.Process().children() if child.pid not in ours]

async def main():
    children = ChildProcesses(MemoryRegistry(), "a home")
    await children.run(python("import os", "if os.fork() == 0: os.setsid(); os.fork(); os._exit(0)"), TestDesk())
    await until(lambda: adopted(children) and all(one.status() == "zombie" for one in adopted(children)))
    rest = await start(children, python("import time; print(1, flush=True); time.sleep(60)"), TestDesk())
    await children.sweep({1})
    assert not adopted(children), adopted(children)
    rest.task.cancel()
    await asyncio.wait([rest.task])

asyncio.run(main())
"""


def test_the_dead_that_became_ours_are_reaped() -> None:
    """A daemon that is init to its children's children, as in a container, leaves no zombies."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    ran = subprocess.run([sys.executable, "-c", INIT], capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stderr

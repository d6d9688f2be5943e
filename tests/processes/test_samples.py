import asyncio
import os

import psutil
from processes.children_support import REST, SAY_PID, python, start, until
from support import TestDesk

from shortsd.processes.children import ChildProcesses
from shortsd.processes.samples import Sampler

BUSY = "while True: pass"
FORK = "os.fork();"


async def test_a_family(children: ChildProcesses, desk: TestDesk) -> None:
    """A busy child and what it started are found below this process, with what they take."""
    started = await start(children, python("import os", FORK, SAY_PID, BUSY), desk, lines=2)
    samples = {one.pid: one for one in await Sampler()()}
    child = next(pid for pid in started.pids if os.getpgid(pid) == pid)
    (grandchild,) = set(started.pids) - {child}
    assert (samples[child].parent, samples[grandchild].parent) == (os.getpid(), child)
    assert samples[child].cpu_percent > 0
    assert samples[child].memory_bytes > 1 << 20
    assert samples[child].started_at >= samples[os.getpid()].started_at == psutil.Process().create_time()
    started.task.cancel()
    await asyncio.wait([started.task])


async def test_the_last_time(children: ChildProcesses, desk: TestDesk) -> None:
    """Asked again, it tells the share since it was asked last; a child that came meanwhile has one, too."""
    sampler = Sampler()
    await sampler()
    started = await start(children, python(SAY_PID, BUSY), desk)
    samples = {one.pid: one for one in await sampler()}
    assert samples[started.pids[0]].cpu_percent > 0
    again = {one.pid: one for one in await sampler()}
    assert again[started.pids[0]].cpu_percent > 0
    started.task.cancel()
    await asyncio.wait([started.task])
    assert started.pids[0] not in {one.pid for one in await sampler()}


async def test_signs_of_life(children: ChildProcesses, desk: TestDesk) -> None:
    """How long a child has been quiet is known while it lives."""
    started = await start(children, python(SAY_PID, REST), desk)
    quiet_s = children.quiet_s(started.pids[0])
    assert quiet_s is not None
    await until(lambda: (children.quiet_s(started.pids[0]) or 0) > quiet_s)
    started.task.cancel()
    await asyncio.wait([started.task])
    assert children.quiet_s(started.pids[0]) is None

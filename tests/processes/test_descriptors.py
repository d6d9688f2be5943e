import os
import subprocess
import sys
from pathlib import Path

DAEMON = """
import asyncio, os, resource
import psutil
from processes.children_support import MemoryRegistry
from support import TestDesk
from shortsd.domain.errors import ChildFailed
from shortsd.domain.ports import Command
from shortsd.processes.limits import Limits
from shortsd.processes.children import ChildProcesses

def descriptors():
    return len(os.listdir("/proc/self/fd"))

def allow(number):
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

async def attempt(work):
    try:
        return (await work).stdout
    except ChildFailed as exc:
        return exc.message

async def main():
    registry, desk = MemoryRegistry(), TestDesk()
    children = ChildProcesses(registry, "a home", Limits(grace_s=0.05))
    echo, cat = Command("echo", ("echo", "well")), Command("cat", ("cat",))
    await children.run(echo, desk)
    before = descriptors()
    for limit in range(before - 2, before + 16, 2):
        allow(limit)
        print((await attempt(children.run(echo, desk))).strip())
        print((await attempt(children.pipe(echo, cat, desk))).strip())
        allow(1024)
        assert (descriptors(), psutil.Process().children(), registry.records) == (before, [], {})

asyncio.run(main())
"""


def test_full_table_of_descriptors() -> None:
    """With any number of descriptors too few, calls fail with the cause, and leave neither descriptor nor child."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    argv = [sys.executable, "-W", "error", "-c", DAEMON]
    told = subprocess.run(argv, capture_output=True, text=True, check=True, env=environment).stdout.splitlines()
    assert all(line == "well" or "Too many open files" in line for line in told)
    assert "Too many" in told[0]
    assert told[-1] == "well"

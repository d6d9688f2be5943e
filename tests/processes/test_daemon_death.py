import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from processes.children_support import all_gone, until

from shortsd.processes.spawn import LAUNCHER

DAEMON = """
import asyncio, sys
from processes.children_support import BrokenRegistry, MemoryRegistry
from support import TestDesk
from shortsd.domain.ports import Command
from shortsd.processes.children import ChildProcesses

class SlowRegistry(MemoryRegistry):
    async def add(self, record):
        print(record.pid, flush=True)
        await asyncio.Event().wait()

registry = SlowRegistry() if sys.argv[1] == "slow" else MemoryRegistry()
children = ChildProcesses(registry, "a home")
command = Command("child", ("sh", "-c", sys.argv[2]))
asyncio.run(children.run(command, TestDesk(), lambda line: print(line, flush=True)))
"""


def daemon(registry: str, script: str) -> subprocess.Popen[str]:
    """A process that runs a child as the daemon does."""
    return subprocess.Popen(
        [sys.executable, "-c", DAEMON, registry, script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )


async def kill_once_it_speaks(process: subprocess.Popen[str]) -> int:
    """Kill a daemon that has told its child's pid; the pid."""
    with process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert not all_gone([pid])
        process.kill()
    return pid


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a parent-death signal")
async def test_child_dies_with_the_daemon() -> None:
    """A killed daemon takes its running child along, though that ignores all it can."""
    pid = await kill_once_it_speaks(daemon("quick", "trap '' TERM HUP PIPE; echo $$; while :; do sleep 1; done"))
    await until(lambda: all_gone([pid]))


async def test_child_that_was_not_recorded(tmp_path: Path) -> None:
    """A daemon killed before it could record its child leaves no child, and the command never ran."""
    ran = tmp_path / "ran"
    pid = await kill_once_it_speaks(daemon("slow", f"touch '{ran}'"))
    await until(lambda: all_gone([pid]))
    assert not ran.exists()


def launch(parent: int, gate: socket.socket, ours: socket.socket, ran: Path) -> int:
    """Run the launcher by itself and close our end of its gate; its exit code."""
    argv = [sys.executable, "-I", "-S", LAUNCHER, str(parent), str(gate.fileno()), "0", "touch", str(ran)]
    with gate, subprocess.Popen(argv, pass_fds=(gate.fileno(),)) as process:
        gate.close()
        ours.close()
        return process.wait()


def test_gate_closed(tmp_path: Path) -> None:
    """A gate that closes without a word lets nobody through, whatever the parent-death signal does."""
    ours, theirs = socket.socketpair()
    assert launch(os.getpid(), theirs, ours, tmp_path / "ran") == 125
    assert not (tmp_path / "ran").exists()


def test_parent_died_too_early(tmp_path: Path) -> None:
    """A launcher whose parent is another than it should be goes no further, though the gate is open."""
    ours, theirs = socket.socketpair()
    ours.send(b"1")
    assert launch(os.getpid() + 1, theirs, ours, tmp_path / "ran") == 125
    assert not (tmp_path / "ran").exists()


def test_broken_pipes_kill_again() -> None:
    """The command has the signals of a fresh process: SIGPIPE is not ignored, as it is in Python."""
    ours, theirs = socket.socketpair()
    ours.send(b"1")
    argv = [sys.executable, "-I", "-S", LAUNCHER, str(os.getpid()), str(theirs.fileno()), "0"]
    argv += ["sh", "-c", "kill -PIPE $$"]
    with ours, theirs, subprocess.Popen(argv, pass_fds=(theirs.fileno(),)) as process:
        assert process.wait() == -signal.SIGPIPE

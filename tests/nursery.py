"""Daemons that are born grown up: forked from a process that has imported all that they import.

A daemon's start is for nine tenths its imports, and the suite starts hundreds. `born` gives what `python -m MODULE`
would, as a process of its own with an environment, a folder and a standard error of its own; how a daemon starts from
nothing is for the tests of the command, of units and of the lab.
"""

import atexit
import importlib
import json
import math
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

MOST_BYTES = 1 << 20
"""Of a message to the nursery, or from it."""
IMPORTED = ("shortsd.__main__", "held", "crashing")
"""What brings along all that daemons import; they are not run by that."""


class Born:
    """A process that was forked, with what is used here of a Popen."""

    def __init__(self, nursery: "_Nursery", pid: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        if self._code is None:
            self._code = self._nursery.ask({"ended": self.pid})
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; its exit code."""
        end = time.monotonic() + (math.inf if timeout is None else timeout)
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class _Nursery:
    """The process that forks, seen from who asks it to."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._turn = threading.Lock()
        argv = [sys.executable, __file__, str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),))
        atexit.register(self._close)

    def ask(self, what: Mapping[str, object], stderr: int | None = None) -> int | None:
        with self._turn:
            socket.send_fds(self._line, [json.dumps(what).encode()], [] if stderr is None else [stderr])
            answer: int | None = json.loads(self._line.recv(MOST_BYTES))
        return answer

    def _close(self) -> None:
        self._line.close()
        self._process.wait()


@cache
def _nursery() -> _Nursery:
    """That of this process of pytest."""
    return _Nursery()


def born(module: str, environ: Mapping[str, str], stderr: int) -> Born:
    """Start a module as a program."""
    nursery = _nursery()
    pid = nursery.ask({"module": module, "environ": dict(environ), "cwd": str(Path.cwd())}, stderr)
    assert pid is not None
    return Born(nursery, pid)


def _serve(line: socket.socket) -> str | None:
    """Fork whenever asked; returns the module to run in who was forked, and nothing when nobody asks any more.

    Who is left then is told to end: whoever started it was cut short, and nobody else would.
    """
    living: set[int] = set()
    while True:
        message, files, _, _ = socket.recv_fds(line, MOST_BYTES, 1)
        if not message:
            for pid in living:
                os.kill(pid, signal.SIGTERM)
            return None
        asked = json.loads(message)
        if "ended" in asked:
            code = _ended(asked["ended"])
            living -= set() if code is None else {asked["ended"]}
            line.send(json.dumps(code).encode())
        elif pid := os.fork():
            os.close(files[0])
            living.add(pid)
            line.send(json.dumps(pid).encode())
        else:
            line.close()
            _become(asked["environ"], asked["cwd"], files[0])
            return str(asked["module"])


def _ended(pid: int) -> int | None:
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def _become(environ: Mapping[str, str], cwd: str, stderr: int) -> None:
    """Take on what is a process's own."""
    os.environ.clear()
    os.environ.update(environ)
    sys.path[:0] = [one for one in environ.get("PYTHONPATH", "").split(os.pathsep) if one and one not in sys.path]
    os.chdir(cwd)
    os.dup2(stderr, 2)
    os.close(stderr)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for pytest, which ends this by hanging up
    for module in IMPORTED:
        importlib.import_module(module)
    with socket.socket(fileno=int(sys.argv[1])) as line:
        program = _serve(line)
    if program:
        sys.argv = [program]
        runpy.run_module(program, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

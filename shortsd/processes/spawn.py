"""Starting a child behind its gate."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shortsd.domain.errors import ChildFailed
from shortsd.domain.ports import Command
from shortsd.processes.failures import not_started
from shortsd.processes.identity import kernel_start_time

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""For NumPy and its like, which start a thread for each processor when they are imported, for work that none of our
children has. It costs each as much as all the rest of its start, and jobs run beside one another."""

LAUNCHER = str(Path(__file__).with_name("launcher.py"))


@dataclass(frozen=True, slots=True)
class Spawned:
    """A child that waits behind its gate, leader of a session and group of its own; stderr is a pipe."""

    popen: subprocess.Popen[bytes]
    gate: socket.socket
    """A byte sent into it lets the child through; closing it ends the child."""
    kernel_start_time: int

    def let_through(self) -> None:
        # A launcher that died meanwhile is noticed by its exit.
        with contextlib.suppress(OSError):
            self.gate.send(b"1")

    def refusal(self) -> int | None:
        """The errno for which the command could not be executed, known once the child is gone."""
        with contextlib.suppress(OSError):
            return int(self.gate.recv(16) or b"0") or None
        return None

    def reap(self, patience_s: float) -> None:
        """Close everything and take the dead child off the process table. One that lives is left to subprocess."""
        self.gate.close()
        for pipe in (self.popen.stdout, self.popen.stderr):
            if pipe is not None:
                pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(patience_s)


def spawn(
    command: Command, environment: Mapping[str, str], nice: int, stdin: int | None, stdout: int | None
) -> Spawned:
    """Start the launcher of a command.

    `stdin` and `stdout` are file descriptors; without them stdin holds the command's own bytes and stdout is a pipe.
    Raises ChildFailed.
    """
    try:
        ours, theirs = socket.socketpair()
        try:
            with theirs, _file_of(command.stdin) as given:
                popen = subprocess.Popen(
                    [*_launcher(theirs.fileno(), nice), *command.argv],
                    stdin=given if stdin is None else stdin,
                    stdout=subprocess.PIPE if stdout is None else stdout,
                    stderr=subprocess.PIPE,
                    bufsize=0,
                    env=environment,
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
            ours.setblocking(False)
            return Spawned(popen, ours, _start_time(popen))
        except BaseException:
            ours.close()
            raise
    except OSError as exc:
        raise not_started(command.name, exc.errno or 0) from exc
    except ValueError as exc:
        raise ChildFailed(f"{command.name} could not be started: {exc}.") from exc


def _launcher(gate: int, nice: int) -> list[str]:
    return [sys.executable, "-I", "-S", LAUNCHER, str(os.getpid()), str(gate), str(nice)]


def _file_of(data: bytes) -> IO[bytes]:
    """An open file that holds what a child is to read: unlike a pipe it needs nobody to write into it meanwhile."""
    if not data:
        return Path(os.devnull).open("rb")
    if sys.platform == "linux":
        file: IO[bytes] = os.fdopen(os.memfd_create("stdin"), "w+b")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    file.write(data)
    file.seek(0)
    return file


def _start_time(popen: subprocess.Popen[bytes]) -> int:
    try:
        return kernel_start_time(popen.pid)
    except OSError:
        popen.kill()
        popen.communicate()
        raise

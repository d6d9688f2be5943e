"""What a child may take of the machine, and how the kernel is told."""

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 1 << 20
LOWEST = 7
"""Of the eight priorities in the I/O class "best-effort", see ioprio_set(2)."""
OOM_SCORE = 500
"""How much more likely than the daemon a child is to be killed for want of memory, of 1000 that are the most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take."""

    stall_s: float = 120.0
    """Seconds without a byte on stdout or stderr."""
    time_s: float = 3600.0
    """Seconds from start to end."""
    grace_s: float = 2.0
    """Seconds between TERM and KILL."""
    nice: int = 5
    io_class: str = "best-effort"
    """`none` (as the daemon's), `best-effort` (the lowest priority of it) or `idle`."""
    memory_mb: int = 4096
    """Mebibytes of data; 0 for no limit."""


def impose(pid: int, limits: Limits) -> None:
    """Tell the kernel, while a child waits behind its gate: what it becomes and what it starts inherit all of it.

    What the kernel does not grant is left: a machine without I/O classes renders, too.
    """
    if sys.platform != "linux":
        return
    for step in (_set_io_class, _set_badness, _set_memory):
        with contextlib.suppress(psutil.Error, OSError, OverflowError, ValueError):
            step(pid, limits)


def _set_io_class(pid: int, limits: Limits) -> None:
    if limits.io_class == "idle":
        psutil.Process(pid).ionice(psutil.IOPRIO_CLASS_IDLE)
    elif limits.io_class == "best-effort":
        psutil.Process(pid).ionice(psutil.IOPRIO_CLASS_BE, LOWEST)


def _set_badness(pid: int, limits: Limits) -> None:  # noqa: ARG001 - each step takes the same
    """See proc_pid_oom_score_adj(5)."""
    ours = int(Path("/proc/self/oom_score_adj").read_text("ascii"))
    Path(f"/proc/{pid}/oom_score_adj").write_text(str(min(1000, ours + OOM_SCORE)), "ascii")


def _set_memory(pid: int, limits: Limits) -> None:
    """Limit the data of a process, which since Linux 4.7 are all private writable mappings (setrlimit(2)).

    Not its address space (RLIMIT_AS): that counts mapped files, too, and what is only reserved, such as the 64 MiB
    that malloc sets aside for each thread. Not its resident memory (RLIMIT_RSS): Linux does not heed that.
    """
    if limits.memory_mb:
        most = limits.memory_mb * MIB
        psutil.Process(pid).rlimit(psutil.RLIMIT_DATA, (most, most))

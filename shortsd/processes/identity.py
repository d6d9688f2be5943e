"""How a process is known for one of ours: by the moment it started and by the marks in its environment."""

import sys
from collections.abc import Mapping
from pathlib import Path

import psutil

MARKER = "SHORTSD_CHILD"
"""The variable that every child, and whatever it starts in turn, has in its environment: `<home id>:<job>`."""
KEY = "SHORTSD_CHILD_KEY"
"""Another one, which differs from child to child, so that what one of them left is told from what another one needs."""


def mark(home: str, job: int, key: str = "") -> dict[str, str]:
    """The environment variables that mark a child of the daemon of `home`, and all that it starts."""
    return {MARKER: f"{home}:{job}", KEY: key}


def marked_job(environment: Mapping[str, str], home: str) -> int | None:
    """The job that a process works for, or None if it is no child of a daemon of this home."""
    owner, _, job = environment.get(MARKER, "").rpartition(":")
    return int(job) if owner == home and job.isdecimal() else None


def kernel_start_time(pid: int) -> int:
    """When a process started, by the kernel's count.

    Linux: clock ticks since boot, field 22 of /proc/PID/stat, see proc_pid_stat(5). Elsewhere: 1/100 s since the epoch.
    Raises OSError or psutil.Error if there is no such process.
    """
    if sys.platform != "linux":
        return round(psutil.Process(pid).create_time() * 100)
    stat = Path(f"/proc/{pid}/stat").read_bytes()
    # The second field is the name in parentheses, which may hold anything; the third comes after the last of them.
    return int(stat[stat.rindex(b")") + 1 :].split()[22 - 3])

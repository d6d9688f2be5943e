"""`shortsctl shutdown`: ends the daemon and waits until it is gone."""

import argparse
import math
import time
from pathlib import Path

from shortsd.cli import daemon, ids, output
from shortsd.client.client import Client
from shortsd.domain.errors import NoDaemon, TimedOut, Unavailable

EXAMPLES = """
shortsctl shutdown
shortsctl shutdown --drain      lets the jobs that run come to their end first
"""

_WAIT_S = 10.0
"""Twice what the daemon promises to need, in seconds (DESIGN section 7)."""

_POLL_S = 0.05
_KERNEL_TELLS = Path("/proc/self/stat").exists()
_GONE = ("Z", "X")
"""States of a process that has ended, proc_pid_stat(5)."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """How: there is one daemon."""
    parser.description = (
        "End the daemon and wait until it is gone. Jobs that run go back into the queue, and go on when it runs again."
    )
    parser.add_argument(
        "--drain",
        action="store_true",
        help="take no more work, finish the jobs that run, then end; `shortsctl shutdown` meanwhile ends it at once",
    )


def run(args: argparse.Namespace) -> int:
    """Ask it to end, and wait."""
    client = daemon.client()
    running, waiting = _ids(client, "running", "stopping"), _ids(client, "queued")
    pid = client.shutdown(drain=args.drain).pid
    if args.drain and running:
        output.say(f"waiting for {ids.written(running)}; Ctrl-C does not keep the daemon from ending then.")
    _await_end(client, pid, math.inf if args.drain else _WAIT_S)
    left = len(waiting) + (0 if args.drain else len(running))
    rest = f" {left} {'job goes' if left == 1 else 'jobs go'} on when it runs again." if left else ""
    output.say(f"the daemon has ended.{rest}")
    return 0


def _ids(client: Client, *states: str) -> list[int]:
    return [job.id for job in client.jobs(states, limit=1000).jobs]


def _await_end(client: Client, pid: int, limit_s: float) -> None:
    """Wait until the daemon is gone. Raises TimedOut.

    Where the kernel tells, the daemon itself is not asked: systemd would start another to answer.
    """
    limit = time.monotonic() + limit_s
    while _alive(pid) if _KERNEL_TELLS else _answers(client):
        if time.monotonic() > limit:
            raise TimedOut(
                f"The daemon (process {pid}) is still there after {limit_s:.0f} s.", f"`kill {pid}` asks it again."
            )
        time.sleep(_POLL_S)


def _answers(client: Client) -> bool:
    try:
        client.live()
    except NoDaemon:
        return False
    except Unavailable:
        return True
    return True


def _alive(pid: int) -> bool:
    """Whether a process runs. One that ended and that its parent has not yet asked after does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in _GONE

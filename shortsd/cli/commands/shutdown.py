"""`shortsctl shutdown`: ends the daemon and waits until it is gone."""

import argparse
import time
from pathlib import Path

from shortsd.cli import daemon, output
from shortsd.client.client import Client
from shortsd.domain.errors import NoDaemon, TimedOut, Unavailable

EXAMPLES = """
shortsctl shutdown
"""

_WAIT_S = 10.0
"""Twice what the daemon promises to need, in seconds (DESIGN section 7)."""

_POLL_S = 0.05
_GONE = ("Z", "X")
"""States of a process that has ended, proc_pid_stat(5)."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: there is one daemon."""
    parser.description = (
        "End the daemon and wait until it is gone. Jobs that run go back into the queue, and go on when it runs again."
    )


def run(_args: argparse.Namespace) -> int:
    """Ask it to end, and wait."""
    client = daemon.client()
    waiting = len(client.jobs(["queued", "running"], limit=1000).jobs)
    pid = client.shutdown().pid
    limit = time.monotonic() + _WAIT_S
    while _answers(client) or _alive(pid):
        if time.monotonic() > limit:
            raise TimedOut(
                f"The daemon (process {pid}) is still there after {_WAIT_S:.0f} s.", f"`kill {pid}` asks it again."
            )
        time.sleep(_POLL_S)
    rest = f" {waiting} {'job goes' if waiting == 1 else 'jobs go'} on when it runs again." if waiting else ""
    output.say(f"the daemon has ended.{rest}")
    return 0


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

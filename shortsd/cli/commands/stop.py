"""`shortsctl stop`: stops jobs and waits until their processes are gone."""

import argparse
import time

from shortsd.cli import daemon, ids
from shortsd.cli.each import each
from shortsd.client.client import Client
from shortsd.wire.models import JobView

EXAMPLES = """
shortsctl stop 7
shortsctl stop 4 7-9 b3
"""

_WAIT_S = 6.0
"""The daemon promises 3 s for a job's processes; twice that before we stop waiting for it, in seconds."""

_POLL_S = 0.05


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs."""
    parser.description = "Stop jobs. What is finished of them stays, and `shortsctl retry` goes on from there."
    parser.add_argument("id", nargs="+", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")


def run(args: argparse.Namespace) -> int:
    """Stop each of them."""
    client = daemon.client()
    return each(ids.numbers(client, args.id), lambda number: _stopped(client, number))


def _stopped(client: Client, number: int) -> JobView:
    job = client.stop(number)
    limit = time.monotonic() + _WAIT_S
    while job.state == "stopping" and time.monotonic() < limit:
        time.sleep(_POLL_S)
        job = client.job(number)
    return job

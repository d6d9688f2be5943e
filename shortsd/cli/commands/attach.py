"""`shortsctl attach`: follows jobs that are under way."""

import argparse

from shortsd.cli import daemon, ids
from shortsd.cli.follow import follow

EXAMPLES = """
shortsctl attach 7
shortsctl attach b3         a whole batch
shortsctl attach 4 7-9
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs."""
    parser.add_argument("id", nargs="+", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")
    parser.add_argument("--json", action="store_true", help="print the jobs as JSON when they have ended")


def run(args: argparse.Namespace) -> int:
    """Follow them to their end, as make does."""
    client = daemon.client()
    numbers = ids.numbers(client, args.id)
    for number in numbers:
        client.job(number)  # a daemon or a job that is not there is an error now, and to be waited for later
    return follow(client, numbers, as_json=args.json)

"""`shortsctl priority`: lets jobs be made before others, or after."""

import argparse

from shortsd.cli import daemon, ids
from shortsd.cli.each import each

EXAMPLES = """
shortsctl priority 7 10           job 7 is made before those with less
shortsctl priority 4 7-9 b3 -5    these are made after all others
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs, and which priority."""
    parser.description = (
        "Give jobs that have not ended another priority: the higher are made first, then the older. One that runs "
        "is not interrupted."
    )
    parser.add_argument("id", nargs="+", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")
    parser.add_argument("priority", type=int, metavar="N", help="-1000 to 1000; 0 is what jobs have unless told")


def run(args: argparse.Namespace) -> int:
    """Give it to each of them."""
    client = daemon.client()
    return each(ids.numbers(client, args.id), lambda number: client.prioritize(number, args.priority))

"""`shortsctl approve`: lets jobs in review go on."""

import argparse

from shortsd.cli import daemon, ids
from shortsd.cli.each import each

EXAMPLES = """
shortsctl approve 7
shortsctl approve b3
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs."""
    parser.add_argument("id", nargs="+", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")


def run(args: argparse.Namespace) -> int:
    """Approve each of them."""
    client = daemon.client()
    return each(ids.numbers(client, args.id), client.approve)

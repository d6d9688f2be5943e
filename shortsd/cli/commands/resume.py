"""`shortsctl resume`: starts jobs again."""

import argparse

from shortsd.cli import daemon, ids, output
from shortsd.cli.each import each
from shortsd.client.client import Client

EXAMPLES = """
shortsctl resume            jobs are started again after `shortsctl pause`
shortsctl resume b3         what was stopped of a batch goes on
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs, if only some."""
    parser.description = "Start jobs again after `pause`; or go on with those of the given ones that were stopped."
    parser.add_argument("id", nargs="*", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")


def run(args: argparse.Namespace) -> int:
    """Let jobs be started, or put stopped ones back into the queue."""
    client = daemon.client()
    if args.id:
        return each(_stopped(client, ids.numbers(client, args.id)), client.retry)
    client.resume()
    output.say("jobs are started again.")
    return 0


def _stopped(client: Client, numbers: tuple[int, ...]) -> list[int]:
    """Those that were stopped."""
    return [number for number in numbers if client.job(number).state == "stopped"]

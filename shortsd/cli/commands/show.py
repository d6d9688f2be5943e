"""`shortsctl show`: all there is about a job."""

import argparse
import time

from shortsd.cli import card, daemon, ids, output

EXAMPLES = """
shortsctl show 7
shortsctl show 4 7-9
shortsctl show 7 --json | jq .result.checks
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs."""
    parser.add_argument("id", nargs="+", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")
    parser.add_argument("--json", action="store_true", help="print JSON: an object for one id, a list for several")


def run(args: argparse.Namespace) -> int:
    """Print them, in the order asked for."""
    client = daemon.client()
    jobs = [client.job(number) for number in ids.numbers(client, args.id)]
    if args.json:
        single = len(args.id) == 1 and args.id[0].isdecimal()
        output.json(jobs[0] if single else jobs)
        return 0
    for at, job in enumerate(jobs):
        for line in (*([""] if at else []), *card.lines(job, time.time())):
            output.result(line)
    return 0

"""`shortsctl ls`: lists jobs."""

import argparse
import time
from functools import partial

from shortsd.cli import daemon, output, pages, table
from shortsd.client.text import shown
from shortsd.domain.job import State

EXAMPLES = """
shortsctl ls
shortsctl ls --state failed --state stopped
shortsctl ls --json | jq '.[].result.video'
"""

_LIMIT = 30


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs, and how many."""
    parser.add_argument(
        "--state",
        action="append",
        default=[],
        choices=[str(state) for state in State],
        metavar="STATE",
        help=f"only those in this state, may be given again: {', '.join(State)}",
    )
    parser.add_argument(
        "--limit", type=int, default=_LIMIT, metavar="N", help="so many of the newest, 0 for all (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print a list in JSON")


def run(args: argparse.Namespace) -> int:
    """Print the newest jobs, newest first."""
    jobs, last = pages.newest(partial(daemon.client().jobs, args.state), lambda page: page.jobs, args.limit)
    if args.json:
        output.json(jobs)
        return 0
    paper = table.Paper(output.columns(), output.colours())
    for line in table.lines(jobs, time.time(), paper):
        output.result(line)
    for why in dict.fromkeys(job.message for job in jobs if job.state == "queued" and job.message):
        output.say(shown(f"what is queued {why}"))
    if not jobs:
        output.say("no jobs." if args.state else 'no jobs yet; `shortsctl make "a topic"` makes the first.')
    elif last.next is not None:
        output.say(f"there may be older ones; `--limit {2 * args.limit}` shows more.")
    return 0

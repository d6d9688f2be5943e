"""`shortsctl ls`: lists jobs."""

import argparse
import time

from shortsd.cli import daemon, output, table
from shortsd.cli.text import shown
from shortsd.client.client import Client
from shortsd.domain.job import State
from shortsd.wire.models import JobsPage, JobView

EXAMPLES = """
shortsctl ls
shortsctl ls --state failed --state stopped
shortsctl ls --json | jq '.[].result.video'
"""

_LIMIT = 30
_PAGE = 1000
"""Jobs that the daemon gives at a time, at most."""


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
    page = _newest(daemon.client(), args.state, args.limit)
    if args.json:
        output.json(page.jobs)
        return 0
    paper = table.Paper(output.columns(), output.colours())
    for line in table.lines(page.jobs, time.time(), paper):
        output.result(line)
    for why in dict.fromkeys(job.message for job in page.jobs if job.state == "queued" and job.message):
        output.say(shown(f"what is queued {why}"))
    if not page.jobs:
        output.say("no jobs." if args.state else 'no jobs yet; `shortsctl make "a topic"` makes the first.')
    elif page.next is not None:
        output.say(f"there may be older ones; `--limit {2 * args.limit}` shows more.")
    return 0


def _newest(client: Client, states: list[str], limit: int) -> JobsPage:
    """The `limit` newest jobs in one page; all there are if it is 0 or less."""
    jobs: list[JobView] = []
    cursor = None
    while True:
        left = limit - len(jobs) if limit > 0 else _PAGE
        page = client.jobs(states, limit=min(left, _PAGE), cursor=cursor)
        jobs += page.jobs
        cursor = page.next
        if cursor is None or len(jobs) == limit:
            return JobsPage(jobs=jobs, next=cursor)

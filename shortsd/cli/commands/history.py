"""`shortsctl history`: what was published."""

import argparse

from shortsd.cli import columns, daemon, output, pages
from shortsd.client import moments

EXAMPLES = """
shortsctl history
shortsctl history --limit 0 --json | jq -r '.[].link'
"""

_LIMIT = 30


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many, and the form."""
    parser.add_argument(
        "--limit", type=int, default=_LIMIT, metavar="N", help="so many of the newest, 0 for all (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print a list in JSON")


def run(args: argparse.Namespace) -> int:
    """Print what was published, newest first."""
    shorts, last = pages.newest(daemon.client().history, lambda page: page.shorts, args.limit)
    if args.json:
        output.json(shorts)
        return 0
    if not shorts:
        output.say("nothing was published yet.")
        return 0
    rows = [
        (moments.written(one.publish_at or one.made_at, last.zone), str(one.job), one.title, one.where)
        for one in shorts
    ]
    for line in columns.lines((f"SEEN FROM ({last.zone})", "ID", "TITLE", "WHERE"), rows):
        output.result(line)
    return 0

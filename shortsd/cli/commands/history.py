"""`shortsctl history`: what was published."""

import argparse
from dataclasses import replace

from shortsd.cli import columns, daemon, output, pages
from shortsd.client import moments
from shortsd.client.client import Client
from shortsd.wire.channel import History, Shown

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
    made = _newest(daemon.client(), args.limit)
    if args.json:
        output.json(made.shorts)
        return 0
    if not made.shorts:
        output.say("nothing was published yet.")
        return 0
    rows = [
        (moments.written(one.publish_at or one.made_at, made.zone), str(one.job), one.title, one.where)
        for one in made.shorts
    ]
    for line in columns.lines((f"SEEN FROM ({made.zone})", "ID", "TITLE", "WHERE"), rows):
        output.result(line)
    return 0


def _newest(client: Client, limit: int) -> History:
    """The `limit` newest in one page; all there are if it is 0 or less."""
    last = History(shorts=[])

    def page(size: int, cursor: int | None) -> tuple[list[Shown], int | None]:
        nonlocal last
        last = client.history(size, cursor)
        return last.shorts, last.next

    shorts, _ = pages.newest(page, limit)
    return replace(last, shorts=shorts)

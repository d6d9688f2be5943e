"""`shortsctl schedule`: the hours at which shorts are to be seen."""

import argparse

from shortsd.cli import columns, daemon, output
from shortsd.client import moments

EXAMPLES = """
shortsctl schedule
shortsctl schedule --json | jq '.slots[] | select(.state == "failed")'
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing but the form."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the hours to come, the earliest first."""
    calendar = daemon.client().schedule()
    if args.json:
        output.json(calendar)
        return 0
    rows = [
        (moments.written(slot.at, calendar.zone), str(slot.job), f"b{slot.batch}" if slot.batch else "", slot.state,
         slot.title)
        for slot in calendar.slots
    ]  # fmt: skip
    if not rows:
        output.say('nothing is scheduled; `shortsctl week --topic "…"` plans a week.')
        return 0
    for line in columns.lines((f"WHEN ({calendar.zone})", "ID", "BATCH", "STATE", "TITLE"), rows):
        output.result(line)
    return 0

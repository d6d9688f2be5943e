"""`shortsctl jobs`: other words for what is done with jobs."""

import argparse

from shortsd.cli import parser as commands

EXAMPLES = """
shortsctl jobs list             as `shortsctl ls`
shortsctl jobs attach b3        as `shortsctl attach b3`
shortsctl jobs stop 4 7-9       as `shortsctl stop 4 7-9`
shortsctl jobs clean            as `shortsctl clean`
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    parser.description = "Other words for `ls`, `attach`, `stop` and `clean`, which take the options of these."
    parser.add_argument("what", choices=list(commands.OF_JOBS), help="what to do")
    parser.add_argument("id", nargs="*", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")


def run(args: argparse.Namespace) -> int:
    """Run the command that is meant, where no option told the parser so before."""
    return commands.run([commands.OF_JOBS[args.what], *args.id])

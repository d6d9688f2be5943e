"""`shortsctl logs`: prints what a job's stages and their processes said."""

import argparse

from shortsd.cli import daemon, ids, output
from shortsd.client.client import Client
from shortsd.client.text import shown
from shortsd.domain.errors import BadRequest

EXAMPLES = """
shortsctl logs 7
shortsctl logs 7 -f         as it is written, until the job has ended
shortsctl logs 7 -n 1000
"""

_LINES = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose log, and how much of it."""
    parser.add_argument("id", nargs="+", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")
    parser.add_argument("-f", "--follow", action="store_true", help="go on until the job has ended")
    parser.add_argument(
        "-n", "--lines", type=int, metavar="N", help=f"so many of the last lines (default: {_LINES}, all with -f)"
    )
    parser.add_argument("--json", action="store_true", help="print a list of lines in JSON")


def run(args: argparse.Namespace) -> int:
    """Print the logs one after the other."""
    if args.lines is not None and args.lines < 0:
        raise BadRequest("The number of lines is negative.", "`-n 50` prints the last 50.")
    client = daemon.client()
    numbers = ids.numbers(client, args.id)
    if args.follow:
        return _follow(client, numbers, args)
    count = _LINES if args.lines is None else args.lines
    if args.json:
        output.json([line for number in numbers for line in client.log(number, count).lines])
        return 0
    for number in numbers:
        if len(numbers) > 1:
            output.result(f"==> job {number} <==")
        for line in client.log(number, count).lines:
            output.result(_line(line))
    return 0


def _follow(client: Client, numbers: tuple[int, ...], args: argparse.Namespace) -> int:
    if len(numbers) > 1 or args.json:
        raise BadRequest("Only one job's log can be followed, and not as JSON.", "`shortsctl attach` follows several.")
    for line in client.follow_log(numbers[0], args.lines):
        output.result(_line(line))
        output.flush()
    return 0


def _line(line: str) -> str:
    """A line of a log; a tab may stay, a terminal only steps."""
    return "\t".join(shown(part) for part in line.split("\t"))

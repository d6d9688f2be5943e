"""`shortsctl clean`: frees the disk space that ended jobs take."""

import argparse
import sys

from shortsd.cli import daemon, ids, output
from shortsd.cli.text import size
from shortsd.domain.errors import BadRequest

EXAMPLES = """
shortsctl clean             what finished jobs no longer need
shortsctl clean 4 7-9       all that these have kept; a retry begins anew
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs, if not all that are finished."""
    parser.description = (
        "Free the disk space that ended jobs take. Without ids, the working files of finished jobs go; with ids, those "
        "of the jobs named, so that a retry begins anew. Videos, logs and the list of jobs stay."
    )
    parser.add_argument("id", nargs="*", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(args: argparse.Namespace) -> int:
    """Clean, and say how much it was."""
    client = daemon.client()
    select = None
    if args.id:
        numbers = ids.numbers(client, args.id)
        select = ",".join(map(str, numbers))
        if not args.yes and not _agreed(ids.written(numbers)):
            output.say("nothing was taken away.")
            return 0
    cleaned = client.clean(select)
    jobs = f"jobs {ids.written(cleaned.jobs)}" if cleaned.jobs else "no job"
    output.result(f"{size(cleaned.freed_bytes)} freed ({jobs})")
    if cleaned.jobs:
        output.say("a retry of these begins anew.")
    return 0


def _agreed(names: str) -> bool:
    """Ask the person at the terminal. Raises BadRequest if there is none."""
    if not sys.stdin.isatty():
        raise BadRequest(
            f"The finished stages of {names} would be lost, and nobody can be asked.", "Say so with --yes."
        )
    sys.stderr.write(f"shortsctl: take away the working files of {names}? A retry begins anew then. [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")

"""`shortsctl clean`: frees the disk space that ended jobs take."""

import argparse
import sys
from collections.abc import Iterator

from shortsd.cli import daemon, ids, output
from shortsd.client.text import shown, size
from shortsd.domain.errors import BadRequest
from shortsd.wire.models import Cleaned

EXAMPLES = """
shortsctl clean                  what finished jobs no longer need
shortsctl clean 4 7-9            all that these have kept; a retry begins anew
shortsctl clean --outputs b3     their finished shorts, too
shortsctl clean --dry-run        only says how much it would be
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs, if not all that are finished, and what of them."""
    parser.description = (
        "Free the disk space that ended jobs take. Without ids, the working files of finished jobs go; with ids, those "
        "of the jobs named, so that a retry begins anew. Videos, logs and the list of jobs stay; with --outputs the "
        "videos of the jobs named go, with their thumbnails, metadata and scripts. What is yours stays, and that is "
        "told: scripts that you edited, and videos in folders of your choice, as those of creations are."
    )
    parser.add_argument("id", nargs="*", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")
    parser.add_argument("--outputs", action="store_true", help="remove the finished shorts of the jobs named, too")
    parser.add_argument("--dry-run", action="store_true", help="remove nothing, say what it would be")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(args: argparse.Namespace) -> int:
    """Clean, and say how much it was."""
    if args.outputs and not args.id:
        raise BadRequest(
            "--outputs takes the ids of the jobs whose shorts are to go.", "`shortsctl clean --outputs ID…`."
        )
    client = daemon.client()
    select = None
    if args.id:
        numbers = ids.numbers(client, args.id)
        select = ",".join(map(str, numbers))
        if not (args.yes or args.dry_run or _agreed(ids.written(numbers), outputs=args.outputs)):
            output.say("nothing was taken away.")
            return 0
    cleaned = client.clean(select, outputs=args.outputs, dry_run=args.dry_run)
    for line in _lines(cleaned, outputs=args.outputs):
        output.result(line)
    for file in cleaned.left:
        output.say(f"{shown(file)} was left: nothing beside it says that it is that job's.")
    for file in cleaned.yours:
        output.say(f"{shown(file)} stays: it is yours, edited or in a folder of your choice.")
    if cleaned.jobs and not cleaned.dry_run:
        output.say("a retry of these begins anew.")
    return 0


def _lines(cleaned: Cleaned, *, outputs: bool) -> Iterator[str]:
    jobs = f"jobs {ids.written(cleaned.jobs)}" if cleaned.jobs else "no job"
    yield f"{size(cleaned.freed_bytes)} {'would be freed' if cleaned.dry_run else 'freed'} ({jobs})"
    if outputs:
        yield f"  {size(cleaned.work_bytes)} of working files"
        yield f"  {size(cleaned.output_bytes)} of finished shorts"


def _agreed(names: str, *, outputs: bool) -> bool:
    """Ask the person at the terminal. Raises BadRequest if there is none."""
    what = "finished shorts and working files" if outputs else "working files"
    if not sys.stdin.isatty():
        lost = "The finished shorts" if outputs else "The finished stages"
        raise BadRequest(f"{lost} of {names} would be lost, and nobody can be asked.", "Say so with --yes.")
    sys.stderr.write(f"shortsctl: take away the {what} of {names}? A retry begins anew then. [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")

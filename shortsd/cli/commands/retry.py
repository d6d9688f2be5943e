"""`shortsctl retry`: does jobs again."""

import argparse

from shortsd.cli import bulk, daemon, ids, params
from shortsd.cli.each import each
from shortsd.domain.stage import STAGES

EXAMPLES = """
shortsctl retry 7                   goes on after the last finished stage
shortsctl retry 7 --from images     pictures and all after them made again
shortsctl retry 7 --set story=edited.txt   of the picture, only what has changed is drawn again
shortsctl retry 7 --set captions=boxed --set caption-colour=#FF5A5F
shortsctl retry 7 --set images=     with pictures as if no folder had been named
shortsctl retry b3                  what failed or was stopped of a batch
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which jobs, and from which stage on."""
    parser.description = (
        "Do failed, stopped or finished jobs again. A stage whose result still holds is not redone. Of a batch or a "
        "range, what has succeeded stays as it is, unless --set or --from is given."
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="make it differently: what its kind is asked for with, by its name, such as captions=boxed, fps=60, "
        "story=FILE, theme=night of slides, silent-s=3 of a creation; KEY= takes back what was asked for",
    )
    parser.add_argument("id", nargs="+", metavar="ID", help="jobs (4), ranges (7-9), batches (b3)")
    parser.add_argument(
        "--from",
        dest="stage",
        metavar="STAGE",
        help=f"redo this stage and all after it; of a short {', '.join(STAGES)} (`show` tells those of others)",
    )


def run(args: argparse.Namespace) -> int:
    """Put each of them back into the queue."""
    changes = params.changes(args.set)
    client = daemon.client()
    numbers = ids.numbers(client, args.id, undone=args.stage is None and changes is None)
    kinds = ids.kinds(client, numbers)
    if len(numbers) >= bulk.MANY:
        bulk.tell(client.estimate_all(kinds.values()), "", followed=False)
    return each(
        numbers, lambda number: client.retry(number, args.stage, params.fitting(changes, kinds.get(number, "")))
    )

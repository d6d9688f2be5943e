"""`shortsctl preview`: shows a frame of a short, or a strip of the whole of it, before it is rendered."""

import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path

from shortsd.cli import daemon, files, ids, output, story
from shortsd.cli.params import given, of_a_short
from shortsd.client.client import Client
from shortsd.client.text import shown
from shortsd.domain.errors import BadRequest
from shortsd.domain.ids import parse
from shortsd.wire.models import ShortParams

EXAMPLES = """
shortsctl preview 7 --at 3.5
shortsctl preview 7 --strip --out all.png
shortsctl preview --story story.txt --at 3.5 --captions boxed --shape 16:9
xdg-open "$(shortsctl preview 7 --at 3.5 --force)"
shortsctl preview 7 --strip --out - | chafa
"""

STDOUT = "-"

Ask = Callable[[Client], bytes]


def arguments(parser: argparse.ArgumentParser) -> None:
    """A job or a story, what of it, and where to."""
    parser.description = (
        "Make a PNG of a frame with its caption, or of twelve frames from all over the short; stdout gets its path. "
        "Of a job, what its first four stages make has to be there. A story needs no job: its voice and pictures are "
        "made, and kept for the next preview. If no daemon answers on a socket of your own, one is started."
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="a job (4)")
    parser.add_argument("--story", metavar="FILE", help="a text that is no job yet; - is stdin")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--at", type=float, metavar="S", help="the frame that is seen so many seconds from the start")
    what.add_argument("--strip", action="store_true", help="a contact sheet of the whole short")
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="the PNG to be, - for stdout (default: ID-3.5s.png, ID-strip.png, STORY-strip.png and so on, here)",
    )
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    of_a_short(parser.add_argument_group("options for a story, as `shortsctl make` has them"))


def run(args: argparse.Namespace) -> int:
    """Fetch it, and print where it lies."""
    if args.at is not None and not math.isfinite(args.at):
        raise BadRequest(f"{args.at} is no moment of a short.", "Give seconds from its start, such as 3.5.")
    name, ask = _wanted(args)
    if args.out == STDOUT:
        return _to_stdout(ask)
    file = Path(args.out or f"{name}-{'strip' if args.strip else f'{args.at:g}s'}.png")
    with files.new_file(file, files.USUAL, force=args.force) as part:
        part.write_bytes(daemon.insist(ask, output.say))
    output.result(shown(str(file)))
    return 0


def _wanted(args: argparse.Namespace) -> tuple[str, Ask]:
    """What the preview is called, and how it is asked for. Raises BadRequest, BadInput."""
    params = given(args)
    if (args.id is None) == (args.story is None):
        raise BadRequest("A preview is of a job or of a story.", "Try `shortsctl preview 7 --at 3.5`.")
    if args.story is not None:
        of = ShortParams(story=story.read(args.story), **params)
        name = "story" if args.story == STDOUT else Path(args.story).stem
        return name, lambda client: client.preview_of(of, args.at, strip=args.strip)
    if any(value is not None and value is not False for value in params.values()):
        raise BadRequest(
            "Only a story takes options of `make`; a job is as it is.", "`shortsctl retry --set` changes a job."
        )
    parse([args.id])
    return args.id, lambda client: client.preview(_number(client, args.id), args.at, strip=args.strip)


def _number(client: Client, word: str) -> int:
    """The one job that a word means. Raises BadRequest, NotFound."""
    numbers = ids.numbers(client, [word])
    if len(numbers) > 1:
        raise BadRequest(f"{word} means {len(numbers)} jobs.", "A preview is of one.")
    return numbers[0]


def _to_stdout(ask: Ask) -> int:
    if sys.stdout.isatty():
        raise BadRequest("A terminal shows no PNG.", "Lead stdout into a file or a pipe, or leave `--out -` out.")
    output.data(daemon.insist(ask, output.say))
    return 0

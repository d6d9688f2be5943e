"""`shortsctl creation`: turns picture books into videos."""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from shortsd.cli import daemon, output
from shortsd.cli.params import absolute, sendable
from shortsd.domain.errors import BadInput, BadRequest, ChildFailed
from shortsd.wire.models import NewJob, NewJobs

EXAMPLES = """
shortsctl creation render books/night-sky            a folder with assets/1/image.png, assets/1/1.txt …
shortsctl creation render s3://books/2026/night-sky --bg
shortsctl creation demo                              a small book, made here and rendered
"""

_DEMO = "demo-book"
_OPTIONS = ("title", "voice", "size", "shape", "captions", "cuts", "fit")
"""Words; numbers and files come beside them."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which book, and how it is to look."""
    parser.description = (
        "Turn a picture book into a narrated video: pages 1, 2, 10 … of a folder or a bucket, each with a picture "
        "(assets/1/image.png) and what is said on it (assets/1/1.txt, 2.txt …), become assets/video.mp4 beside them. "
        "`demo` writes a small book into a folder (default: demo-book) and renders it."
    )
    parser.add_argument("what", choices=["render", "demo"], help="render a book, or write one first")
    parser.add_argument(
        "where", nargs="?", metavar="DIR|URL", help="the book: a folder, s3://…, gs://… or az://…; its name is its id"
    )
    parser.add_argument("--title", help="its title (default: its id)")
    parser.add_argument("--voice", help="who speaks, such as en-us or en-gb")
    parser.add_argument("--music", metavar="FILE", help="play this under the voice")
    parser.add_argument("--fps", type=int, metavar="N", help="frames per second")
    parser.add_argument("--size", metavar="WxH", help="width and height in pixels (default: creations.size)")
    parser.add_argument("--shape", metavar="W:H", help="16:9, 9:16 or 1:1, in place of --size")
    parser.add_argument("--captions", metavar="STYLE", help="karaoke, pop, boxed, clean, typewriter or two-tone")
    parser.add_argument("--cuts", metavar="CUT", help="from page to page: crossfade, dip, whip or hard")
    parser.add_argument("--fit", metavar="HOW", help="blur (the default) shows pictures whole, crop fills the frame")
    parser.add_argument(
        "--silent-s", type=float, metavar="S", help="seconds for which a page is shown that says nothing"
    )
    parser.add_argument("--bg", action="store_true", help="do not follow; print the id")
    parser.add_argument("--json", action="store_true", help="print the job as JSON")


def run(args: argparse.Namespace) -> int:
    """Ask for the video; follow it unless it is for the background."""
    if args.what == "demo":
        args.where = args.where or _DEMO
        _write_demo(Path(args.where))
    if not args.where:
        raise BadRequest("Which book?", "Name its folder or its address: `shortsctl creation render books/night-sky`.")
    jobs, key = NewJobs(jobs=[NewJob(kind="creation", params=_params(args))]), str(uuid4())
    created = daemon.insist(lambda client: client.create(jobs, key), output.say).jobs[0]
    if not args.bg:
        from shortsd.cli.follow import follow  # noqa: PLC0415 - not needed for jobs in the background

        return follow(daemon.client(), [created.id], as_json=args.json)
    if args.json:
        output.json(created)
    else:
        output.result(str(created.id))
        output.say(f"under way; `shortsctl attach {created.id}` follows.")
    return 0


def _params(args: argparse.Namespace) -> dict[str, Any]:
    """What was asked for, by the names of the kind's params."""
    storage, creation = _place(sendable("place", args.where) or "")
    words = {name: sendable(name, getattr(args, name)) for name in _OPTIONS}
    more = {"music": absolute("music file", args.music), "fps": args.fps, "silent_s": args.silent_s}
    return {"storage": storage, "creation": creation, **words, **more}


def _place(where: str) -> tuple[str, str]:
    """The storage that a book is in, and its id there. Raises BadInput."""
    if "://" in where:
        storage, _, creation = where.rstrip("/").rpartition("/")
        if storage.endswith(":/") or not creation:
            raise BadInput(f"{where} names a bucket, not a book in it.", "Such as s3://books/night-sky.")
        return storage, creation
    folder = Path(where).resolve()
    if not folder.is_dir():
        kind = "no folder" if folder.exists() else "nothing"
        raise BadInput(f"There is {kind} at {folder}.", "Name the folder that has `assets` in it.")
    return str(folder.parent), folder.name


def _write_demo(folder: Path) -> None:
    """Have the demo's book written, by a process of its own: what paints its pages is no part of a command."""
    output.say(f"painting a book of five pages into {folder}.")
    done = subprocess.run([sys.executable, "-m", "shortsd.demo", str(folder)], capture_output=True, check=False)
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().splitlines()
        raise ChildFailed(f"The book could not be written: {why[-1] if why else 'no reason was given'}.")

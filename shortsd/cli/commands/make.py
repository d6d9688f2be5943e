"""`shortsctl make`: asks for shorts and follows them."""

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

from shortsd.cli import daemon, ids, output, story
from shortsd.domain.errors import BadInput, BadRequest
from shortsd.wire.models import Created, NewJob, NewJobs, ShortParams

EXAMPLES = """
shortsctl make "the lighthouse keeper who never sleeps"
shortsctl make --story story.txt --images pictures/ --music song.mp3
shortsctl make "a door" "a bell" "a well" --bg       three jobs, one batch
fortune | shortsctl make --story - --title "Tonight's fortune"
xdg-open "$(shortsctl make 'the last train')"
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """A topic or a story, and what it is made of."""
    parser.description = (
        "Make a short of each topic or story and follow it to the end; then stdout gets the path of the video alone. "
        "Ctrl-C lets go of it, and the job goes on. If no daemon answers on a socket of your own, one is started."
    )
    parser.add_argument(
        "topic", nargs="*", metavar="TOPIC", help="what the built-in writer is to make an eerie story of"
    )
    parser.add_argument(
        "--story",
        action="append",
        default=[],
        metavar="FILE",
        help="tell this text word for word; - is stdin",
    )
    parser.add_argument("--images", metavar="FOLDER", help="show these pictures, in the order of their names")
    parser.add_argument("--music", metavar="FILE", help="play this under the voice")
    parser.add_argument("--title", help="its title")
    parser.add_argument("--voice", help="who speaks, such as en-us or en-gb")
    parser.add_argument("--fps", type=int, metavar="N", help="frames per second")
    parser.add_argument("--size", metavar="WxH", help="width and height in pixels, such as 1080x1920")
    parser.add_argument("--shape", metavar="W:H", help="9:16 (the default), 16:9 or 1:1, in place of --size")
    parser.add_argument(
        "--captions", metavar="STYLE", help="karaoke, pop, boxed, clean, typewriter or two-tone (default: karaoke)"
    )
    parser.add_argument("--caption-colour", metavar="#RRGGBB", help="the accent of the captions")
    parser.add_argument("--caption-size", type=float, metavar="X", help="times the usual size, 0.5 to 2")
    parser.add_argument("--caption-place", metavar="PLACE", help="auto, top, middle or bottom")
    parser.add_argument("--cuts", metavar="CUT", help="from scene to scene: crossfade, dip, whip or hard")
    parser.add_argument("--fit", metavar="HOW", help="pictures of another shape: crop, or blur to show them whole")
    parser.add_argument("--look", metavar="LOOK", help="film it by a look of ours, or by a Python file")
    parser.add_argument("--seed", type=int, metavar="N", help="0 or more; the same one gives the same story again")
    parser.add_argument(
        "--priority", type=int, default=0, metavar="N", help="-1000 to 1000, the higher first (default: 0)"
    )
    parser.add_argument(
        "--allow-long",
        action="store_true",
        help="let through what takes over voice.max_speech_s to say",
    )
    parser.add_argument("--bg", action="store_true", help="do not follow; print the ids")
    parser.add_argument("--json", action="store_true", help="print the jobs as JSON")


def run(args: argparse.Namespace) -> int:
    """Ask for the jobs; follow them unless they are for the background."""
    jobs = NewJobs(jobs=[NewJob(params=params, priority=args.priority) for params in _wanted(args)])
    key = str(uuid4())
    created = daemon.insist(lambda client: client.create(jobs, key), output.say)
    if args.bg:
        return _left(created, args.json)
    from shortsd.cli.follow import follow  # noqa: PLC0415 - not needed for jobs in the background

    return follow(daemon.client(), [job.id for job in created.jobs], as_json=args.json)


def _left(created: Created, as_json: bool) -> int:
    """Say what was asked for and leave it to the daemon."""
    if as_json:
        output.json(created.jobs if len(created.jobs) > 1 else created.jobs[0])
        return 0
    for job in created.jobs:
        output.result(str(job.id))
    name = ids.written([job.id for job in created.jobs])
    output.say(f"under way; `shortsctl attach {name}` follows.")
    return 0


def _wanted(args: argparse.Namespace) -> Iterator[ShortParams]:
    """What each short is to be made of. Raises BadRequest, BadInput."""
    common = partial(
        ShortParams,
        title=_sendable("title", args.title),
        voice=_sendable("voice", args.voice),
        images=_absolute("folder of pictures", args.images),
        music=_absolute("music file", args.music),
        fps=args.fps,
        size=_sendable("size", args.size),
        shape=_sendable("shape", args.shape),
        captions=_sendable("caption style", args.captions),
        caption_colour=_sendable("colour", args.caption_colour),
        caption_size=args.caption_size,
        caption_place=_sendable("place", args.caption_place),
        cuts=_sendable("cut", args.cuts),
        fit=_sendable("fit", args.fit),
        look=_look(args.look),
        seed=args.seed,
        allow_long=args.allow_long,
    )
    _either(args.topic, args.story)
    for topic in args.topic:
        yield common(topic=_sendable("topic", topic))
    for name in args.story:
        yield common(story=story.read(name))


def _either(topics: Sequence[str], stories: Sequence[str]) -> None:
    try_one = 'Try `shortsctl make "the last train"` or `shortsctl make --story story.txt`.'
    if topics and stories:
        raise BadRequest("A short has a topic or a story, not both.", try_one)
    if not topics and not stories:
        raise BadRequest("There is nothing to tell: give a topic or a story.", try_one)
    if not all(topic.strip() for topic in topics):
        raise BadRequest("The topic is empty.", try_one)
    if stories.count("-") > 1:
        raise BadRequest("Only one story can be read from stdin.", "Give the others as files.")


def _sendable(what: str, value: str | None) -> str | None:
    """A word of the command line, if it can travel as JSON. Raises BadInput."""
    try:
        return value if value is None else value.encode().decode()
    except UnicodeEncodeError as exc:
        raise BadInput(f"The {what} {value!a} is not UTF-8.", "Rename the file, or write the text in UTF-8.") from exc


def _look(look: str | None) -> str | None:
    """A look's name as it is; a file, which has a dot or a slash in it, by its whole path."""
    return _absolute("look", look) if look and ("/" in look or "." in look) else _sendable("look", look)


def _absolute(what: str, name: str | None) -> str | None:
    """A path that means the same to the daemon, which works in another folder."""
    if name == "":
        raise BadInput(f"The {what} has no name.", "Leave the option out, or name one.")
    return name if name is None else _sendable(what, str(Path(name).absolute()))

"""`shortsctl channel`: writes down what is said in the videos of a channel elsewhere."""

import argparse
import shlex
from uuid import uuid4

from shortsd.cli import bulk, daemon, output
from shortsd.cli.params import page, sendable
from shortsd.client.text import shown
from shortsd.domain.errors import BadRequest, ShortsError
from shortsd.wire.transcripts import ChannelListing, Ideas, ListingRequest, Transcripts, TranscriptsRequest

EXAMPLES = """
shortsctl channel transcribe https://www.youtube.com/@somebody --limit 20
shortsctl channel transcribe https://example.org/podcast.rss --since 2026-11-01 --lang en --bg
shortsctl channel summarize https://www.youtube.com/@somebody --limit 20
shortsctl channel ideas somebody                      topics out of the summaries, and the week they would make
"""

_COUNT = 16


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which channel."""
    parser.description = (
        "Write down what is said in the videos of a channel, a list or a feed, as .txt, .srt and .json in a folder of "
        "its own: subtitles that people made before those of machines; where there are none, by a speech model if one "
        "is configured. `summarize` writes what it comes to, too. What is there already is not fetched again. `ideas` "
        "makes topics of the summaries in such a folder, by its name or the channel's address."
    )
    parser.add_argument("what", choices=["transcribe", "summarize", "ideas"], help="what to do")
    parser.add_argument("where", metavar="URL|NAME", help="the channel's address; of ideas also its folder's name")
    parser.add_argument("--limit", type=int, metavar="N", help="the newest so many videos; of ideas, so many topics")
    parser.add_argument("--since", default="", metavar="DAY", help="only those from a day on, such as 2026-11-01")
    parser.add_argument("--lang", default="", metavar="TAG", help="the language, such as en (default: that spoken)")
    parser.add_argument("--priority", type=int, default=0, metavar="N", help="-1000 to 1000, the higher first")
    parser.add_argument("--bg", action="store_true", help="do not follow; print the batch")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """List the channel, say what is left of it and what that takes, and have it written down."""
    if args.what == "ideas":
        return _ideas(args)
    wanted = ListingRequest(
        url=page(args.where),
        limit=args.limit,
        since=sendable("day", args.since) or "",
        language=sendable("language", args.lang) or "",
        summarize=args.what == "summarize",
    )
    output.say("looking for videos.")
    found = daemon.insist(lambda client: client.channel_listing(wanted), output.say)
    _tell(found, args)
    if not found.videos:
        return 0
    request = TranscriptsRequest(
        url=wanted.url,
        id=found.id,
        title=found.title,
        videos=found.videos,
        since=wanted.since,
        language=wanted.language,
        summarize=wanted.summarize,
        priority=args.priority,
    )
    key = str(uuid4())
    made = daemon.insist(lambda client: client.transcripts(request, key), output.say)
    return _left(made, as_json=args.json) if args.bg or not made.jobs else _followed(made, as_json=args.json)


def _tell(found: ChannelListing, args: argparse.Namespace) -> None:
    """Say what there is, what is left, and what that takes."""
    videos = "1 video" if found.found == 1 else f"{found.found} videos"
    output.say(shown(f"{found.title or 'a channel'}: {videos}, {len(found.videos)} to be done."))
    others = {"done already": found.done, "under way": found.under_way, "for the next time": found.later}
    for what, count in others.items():
        if count:
            output.hint(f"{count} {what}.")
    if found.videos:
        many = len(found.videos) >= bulk.MANY and not args.bg
        bulk.tell(found.estimate, f"shortsctl channel {args.what} … --bg", followed=many)


def _left(made: Transcripts, *, as_json: bool) -> int:
    """Say what was asked for and leave it to the daemon."""
    if as_json:
        output.json(made)
        return 0
    if not made.jobs:
        output.say("others asked for all of it meanwhile.")
        return 0
    name = _name(made)
    output.result(name)
    output.say(shown(f"under way, into {made.folder}; `shortsctl attach {name}` follows."))
    return 0


def _followed(made: Transcripts, *, as_json: bool) -> int:
    from shortsd.cli.follow import follow  # noqa: PLC0415 - not needed for jobs in the background

    client = daemon.client()
    code = follow(client, made.jobs, as_json=as_json)
    if made.batch is None:
        return code
    try:
        batch = client.batch(made.batch)
    except ShortsError as error:
        output.failed(error)
        return code
    where = f"; they are in {made.folder}" if batch.done else ""
    output.say(shown(f"{batch.done} of {batch.total} done, {batch.errors} failed{where}."))
    return code


def _name(made: Transcripts) -> str:
    return f"b{made.batch}" if made.batch is not None else str(made.jobs[0])


def _ideas(args: argparse.Namespace) -> int:
    """Print topics, and say how a week is made of them."""
    name = sendable("name", args.where) or ""
    if not name:
        raise BadRequest("Which channel?", "Give its address, or name its folder: `shortsctl channel ideas somebody`.")
    count = _COUNT if args.limit is None else args.limit
    found: Ideas = daemon.insist(lambda client: client.ideas(name, count), output.say)
    if args.json:
        output.json(found.ideas)
        return 0
    for idea in found.ideas:
        output.result(shown(idea.topic))
    output.say("each line is a topic for a week:")
    topics = [word for idea in found.ideas for word in ("--topic", idea.topic)]
    output.hint(shlex.join(["shortsctl", "week", "--count", str(len(found.ideas)), *topics]))
    return 0

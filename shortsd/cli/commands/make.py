"""`shortsctl make`: asks for shorts and follows them."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import partial
from uuid import uuid4

from shortsd.cli import bulk, daemon, ids, output, story
from shortsd.cli.params import absolute, beside, given, of_a_short, page, sendable
from shortsd.client.text import shown
from shortsd.domain.errors import BadRequest
from shortsd.wire.models import Created, NewJob, NewJobs, ShortParams
from shortsd.wire.slides import SlidesParams

EXAMPLES = """
shortsctl make "the lighthouse keeper who never sleeps"
shortsctl make --story story.txt --images pictures/ --music song.mp3
shortsctl make --url https://example.org/story     an article, retold
shortsctl make --slides --story lesson.md --theme night   a lecture: headings are slides, list items points
shortsctl make "a door" "a bell" "a well" --bg       three jobs, one batch
fortune | shortsctl make --story - --title "Tonight's fortune"
xdg-open "$(shortsctl make 'the last train')"
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """A topic, a story or an article, and what it is made of."""
    parser.description = (
        "Make a short of each topic, story or article and follow it to the end; then stdout gets the path of the video "
        "alone. Ctrl-C lets go of it, and the job goes on. If no daemon answers on a socket of your own, one is "
        "started."
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
    parser.add_argument(
        "--url", action="append", default=[], metavar="ADDRESS", help="retell the article at this address"
    )
    of_a_short(parser)
    parser.add_argument(
        "--slides",
        action="store_true",
        help="a lecture, 16:9: of a Markdown file (--story) with the pictures beside it, or of an article (--url)",
    )
    parser.add_argument("--theme", metavar="THEME", help="of slides: paper, night or bold")
    parser.add_argument(
        "--article-pictures",
        action="store_true",
        default=None,
        help="on slides, show pictures that the text names by address; whether you may is yours to know",
    )
    parser.add_argument("--music", metavar="FILE", help="play this under the voice")
    parser.add_argument(
        "--priority", type=int, default=0, metavar="N", help="-1000 to 1000, the higher first (default: 0)"
    )
    parser.add_argument("--bg", action="store_true", help="do not follow; print the ids")
    parser.add_argument("--json", action="store_true", help="print the jobs as JSON")


def run(args: argparse.Namespace) -> int:
    """Ask for the jobs; follow them unless they are for the background."""
    wanted = _lectures(args) if args.slides else _wanted(args)
    kind = "slides" if args.slides else "short"
    jobs = NewJobs(jobs=[NewJob(kind=kind, params=params, priority=args.priority) for params in wanted])
    key = str(uuid4())
    if len(jobs.jobs) >= bulk.MANY:
        estimate = daemon.insist(lambda client: client.estimate(len(jobs.jobs), kind), output.say)
        bulk.tell(estimate, "shortsctl make … --bg", followed=not args.bg)
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
    held = next((job.message for job in created.jobs if job.state == "queued" and job.message), "")
    output.say(shown(f"{held or 'under way'}; `shortsctl attach {name}` follows."))
    return 0


def _lectures(args: argparse.Namespace) -> Iterator[SlidesParams]:
    """What each lecture is to be made of. Raises BadRequest, BadInput."""
    known = {field.name for field in fields(SlidesParams)}
    asked = {name: value for name, value in given(args).items() if value not in (None, False)}
    if strange := next((name for name in asked if name not in known), None):
        raise BadRequest(f"Slides have no --{strange.replace('_', '-')}.", "Leave it out.")
    if args.topic or not (args.story or args.url):
        raise BadRequest("Slides are made of a text or an article.", "`shortsctl make --slides --story lesson.md`.")
    _one_of(args.topic, args.story, args.url)
    own = {"theme": sendable("theme", args.theme), "article_pictures": args.article_pictures}
    common = partial(SlidesParams, **asked, **own, music=absolute("music file", args.music))
    for name in args.story:
        yield common(story=story.read(name), folder=beside(name))
    for url in args.url:
        yield common(url=page(url))


def _wanted(args: argparse.Namespace) -> Iterator[ShortParams]:
    """What each short is to be made of. Raises BadRequest, BadInput."""
    if args.theme or args.article_pictures:
        raise BadRequest("Only slides have a theme and pictures of an article.", "Add --slides.")
    common = partial(ShortParams, **given(args), music=absolute("music file", args.music))
    _one_of(args.topic, args.story, args.url)
    for topic in args.topic:
        yield common(topic=sendable("topic", topic))
    for name in args.story:
        yield common(story=story.read(name))
    for url in args.url:
        yield common(url=page(url))


def _one_of(topics: Sequence[str], stories: Sequence[str], urls: Sequence[str]) -> None:
    try_one = 'Try `shortsctl make "the last train"` or `shortsctl make --story story.txt`.'
    kinds = sum(map(bool, (topics, stories, urls)))
    if kinds > 1:
        raise BadRequest("A short has a topic, a story or an article, not two of them.", try_one)
    if not kinds:
        raise BadRequest("There is nothing to tell: give a topic, a story or an address.", try_one)
    if not all(topic.strip() for topic in topics):
        raise BadRequest("The topic is empty.", try_one)
    if stories.count("-") > 1:
        raise BadRequest("Only one story can be read from stdin.", "Give the others as files.")

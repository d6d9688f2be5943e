"""`shortsctl week`: shorts for the hours of the days to come."""

import argparse
import sys
from uuid import uuid4

from shortsd.cli import bulk, daemon, output
from shortsd.cli.params import absolute, given, of_a_short, sendable
from shortsd.client import moments
from shortsd.client.text import shown
from shortsd.domain.errors import BadInput, BadRequest, ShortsError
from shortsd.wire.channel import Week, WeekRequest
from shortsd.wire.models import ShortParams

EXAMPLES = """
shortsctl week --topic "horror"                       16 shorts, at the hours of each day from tomorrow on
shortsctl week --count 8 --per-day 2 --from 2026-12-01 --at 09:00,18:30 --topic "the sea" --topic "old houses"
shortsctl week --topic "horror" --dry-run             only says what it would do
shortsctl week --topic "horror" --review --yes --bg   stops each before it is published
"""

_COUNT = 16


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many, when, and what about."""
    parser.description = (
        "Make a short for each of the next free hours, as a batch. What it takes is told first, and nothing is made "
        "before you agree. One that fails keeps no other back; `stop`, `retry` and `attach` take the batch as b3."
    )
    parser.add_argument("--count", type=int, default=_COUNT, metavar="N", help="how many (default: %(default)s)")
    parser.add_argument("--per-day", type=int, metavar="N", help="how many a day (default: as many as there are hours)")
    parser.add_argument(
        "--from", dest="start", default="tomorrow", metavar="DAY", help="today, tomorrow (default) or 2026-12-01"
    )
    parser.add_argument("--at", default="", metavar="HOURS", help="such as 09:00,18:30 (default: as configured)")
    parser.add_argument("--zone", default="", metavar="ZONE", help="their time zone, such as Europe/Berlin")
    parser.add_argument(
        "--topic", action="append", default=[], metavar="TOPIC", help="what they are about; several are taken in turn"
    )
    of_a_short(parser)
    parser.add_argument("--music", metavar="FILE", help="play this under the voice")
    parser.add_argument("--priority", type=int, default=0, metavar="N", help="-1000 to 1000, the higher first")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--bg", action="store_true", help="do not follow; print the batch")
    parser.add_argument("--json", action="store_true", help="print the week as JSON")


def run(args: argparse.Namespace) -> int:
    """Tell of the week; make it if that is agreed to, and follow it."""
    planned = daemon.insist(lambda client: client.week(_request(args, dry_run=True), str(uuid4())), output.say)
    if args.dry_run and args.json:
        output.json(planned)
        return 0
    _tell(planned, followed=not args.bg)
    if args.dry_run:
        return 0
    if not args.yes and not _agreed():
        output.say("nothing was made.")
        return 0
    key = str(uuid4())
    week = daemon.insist(lambda client: client.week(_request(args, dry_run=False), key), output.say)
    return _left(week, as_json=args.json) if args.bg else _followed(week, as_json=args.json)


def _request(args: argparse.Namespace, *, dry_run: bool) -> WeekRequest:
    if not args.topic or not all(topic.strip() for topic in args.topic):
        raise BadRequest("A week has to be about something.", 'Give at least one, such as `--topic "horror"`.')
    return WeekRequest(
        count=args.count,
        per_day=args.per_day,
        start=args.start,
        at=[hour for hour in args.at.split(",") if hour.strip()],
        zone=args.zone,
        topics=[sendable("topic", topic) or "" for topic in args.topic],
        params=ShortParams(**given(args), music=absolute("music file", args.music)),
        priority=args.priority,
        dry_run=dry_run,
    )


def _tell(week: Week, *, followed: bool) -> None:
    bulk.tell(week.estimate, "shortsctl week … --bg", followed=followed)
    output.say(f"to be seen at ({week.zone}):")
    for slot in week.slots:
        output.hint(moments.written(slot, week.zone))


def _agreed() -> bool:
    """Ask whether to go on. Raises BadInput where nobody can be asked."""
    if not sys.stdin.isatty():
        raise BadInput("Nobody can be asked whether to make them: stdin is no terminal.", "Agree beforehand: `--yes`.")
    sys.stderr.write("shortsctl: make them? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _left(week: Week, *, as_json: bool) -> int:
    if as_json:
        output.json(week)
        return 0
    output.result(f"b{week.batch}" if week.batch else str(week.jobs[0]))
    output.say(f"under way; `shortsctl attach b{week.batch}` follows, `shortsctl schedule` shows the hours.")
    return 0


def _followed(week: Week, *, as_json: bool) -> int:
    from shortsd.cli.follow import follow  # noqa: PLC0415 - not needed for a week in the background

    client = daemon.client()
    code = follow(client, week.jobs, as_json=as_json)
    try:
        _report(week)
    except ShortsError as error:
        output.failed(error)
    return code


def _report(week: Week) -> None:
    """Say what went where."""
    client = daemon.client()
    jobs = [client.job(number) for number in week.jobs]
    done = sum(job.state == "succeeded" for job in jobs)
    output.say(f"{done} of {len(jobs)} done, {sum(job.state == 'failed' for job in jobs)} failed.")
    for job in jobs:
        where = job.result.get("link") or job.result.get("video") or (job.error.message if job.error else job.reason)
        at = moments.written(job.publish_at, week.zone) if job.publish_at else ""
        output.hint(shown(f"{at}  {job.id:>4}  {job.state:<10} {job.title}  {where}"))

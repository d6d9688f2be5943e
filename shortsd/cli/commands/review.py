"""`shortsctl review`: looks at jobs that wait for it, and changes them."""

import argparse
from collections.abc import Iterator

from shortsd.cli import daemon, ids, output, params
from shortsd.client.client import Client
from shortsd.client.text import shown
from shortsd.domain.errors import BadRequest, ShortsError, WrongState
from shortsd.domain.gates import Gate
from shortsd.wire.channel import Material
from shortsd.wire.models import JobView

EXAMPLES = """
shortsctl review                            jobs that wait for you
shortsctl review 7                          its story, its pictures, and a strip of it as a PNG
shortsctl review 7 --set title="The Last Bell" --picture 3=better.jpg
shortsctl approve 7                         lets it go on
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which job, and what of it is to be different."""
    parser.description = (
        "Show a job that waits for your approval: its story, its pictures, its film if there is one, and where a strip "
        "of it lies as a PNG. With --set or --picture it is made differently, and comes back to be looked at again."
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="the job; all that wait, if none is given")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="as `shortsctl retry --set` takes it"
    )
    parser.add_argument(
        "--picture",
        action="append",
        default=[],
        metavar="N=FILE",
        help="show this picture in scene N, counted from 1; N= takes that back",
    )
    parser.add_argument("--json", action="store_true", help="print the job as JSON")


def run(args: argparse.Namespace) -> int:
    """Show the job, or change it."""
    client = daemon.client()
    words = [*args.set, *(f"picture={word}" for word in args.picture)]
    if args.id is None:
        if words:
            raise BadRequest("Which job is to be changed?", "`shortsctl review ID --set …`.")
        return _list(client, as_json=args.json)
    number = ids.numbers(client, [args.id])[0]
    job = _changed(client, number, words) if words else client.job(number)
    if args.json:
        output.json(job)
        return 0
    if words:
        output.say(f"job {number} is made anew as far as that goes, and comes back to be looked at.")
        return 0
    for line in _card(job, client.material(number)):
        output.result(shown(line) if line else "")
    _strip(client, job)
    return 0


def _changed(client: Client, number: int, words: list[str]) -> JobView:
    """A job that is made differently. Raises WrongState for one that would not come back to be looked at."""
    job = client.job(number)
    if job.params.get("review", Gate.NOTHING) == Gate.NOTHING:
        raise WrongState(
            f"job {number} waits for nobody's approval; changed, it would go on at once.",
            f"`shortsctl retry {number} --set review=publish …` has it wait; without that it is made anew.",
        )
    return client.retry(number, changes=params.fitting(params.changes(words), job.kind))


def _list(client: Client, *, as_json: bool) -> int:
    jobs = client.jobs(["review"], limit=1000).jobs
    if as_json:
        output.json(jobs)
    elif not jobs:
        output.say("no job waits for you.")
    else:
        for job in jobs:
            output.result(shown(f"{job.id}  {job.title}  ({job.reason})"))
    return 0


def _card(job: JobView, made: Material) -> Iterator[str]:
    """What is to be looked at of a job."""
    yield f"job {job.id}: {made.title}"
    yield f"{job.state}: {job.reason}" if job.reason else job.state
    for paragraph in dict.fromkeys((made.text.strip(), made.description.strip(), ", ".join(made.tags))):
        if paragraph:
            yield from ("", *paragraph.splitlines())
    yield ""
    for picture in made.pictures:
        yield f"{picture.scene}. {picture.text}"
        yield f"   {picture.file} ({', '.join(filter(None, (picture.source, picture.author, picture.page)))})"
    if made.video:
        yield f"video: {made.video}"
    if made.script:
        yield f"script: {made.script} (edit it, then `shortsctl retry {job.id}`)"


def _strip(client: Client, job: JobView) -> None:
    """Write a strip of the short into a file of its own, if there is one to be seen."""
    import tempfile  # noqa: PLC0415 - for who looks only

    try:
        png = client.preview(job.id, strip=True)
    except ShortsError as error:
        output.say(shown(error.message))
        return
    with tempfile.NamedTemporaryFile(prefix=f"shortsctl-{job.id}-", suffix=".png", delete=False) as file:
        file.write(png)
    output.result(f"strip: {file.name}")

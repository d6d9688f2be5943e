"""Follows jobs to their end and says how they ended: what make and attach have in common."""

import sys
from collections.abc import Sequence
from typing import Protocol, Self

from shortsd.cli import INTERRUPTED, ids, output
from shortsd.client.client import Client
from shortsd.client.following import Away, Back, Following
from shortsd.client.text import shown
from shortsd.domain.job import AT_REST, ENDED
from shortsd.wire.models import JobView


class Display(Protocol):
    """Shows jobs as they move, on stderr."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def job(self, job: JobView) -> None: ...
    def away(self) -> None:
        """The daemon does not answer."""
        ...

    def back(self) -> None:
        """It does again."""
        ...


def follow(client: Client, numbers: Sequence[int], *, as_json: bool) -> int:
    """Show jobs until all have ended, then print where their videos are; the gravest of the exit codes.

    Ctrl-C lets go of them. Raises NotFound, NoDaemon (it stays away).
    """
    following = Following(client, numbers)
    try:
        _show(following, _display(numbers))
    except KeyboardInterrupt:
        return _detached(numbers, away=following.away)
    jobs = [following.jobs[number] for number in dict.fromkeys(numbers)]
    codes = [_ended(job, quiet=as_json) for job in jobs]
    if as_json:
        output.json(jobs if len(jobs) > 1 else jobs[0])
    return max(codes)


def _show(following: Following, display: Display) -> None:
    with display:
        for update in following.updates():
            if isinstance(update, Away):
                display.away()
            elif isinstance(update, Back):
                display.back()
            else:
                display.job(update)


def _display(numbers: Sequence[int]) -> Display:
    if sys.stderr.isatty():
        from shortsd.cli.live import Live  # noqa: PLC0415 - rich costs 100 ms, and pipes need none of it

        return Live(numbers)
    from shortsd.cli.plain import Plain  # noqa: PLC0415 - the other one of the two

    return Plain()


def _detached(numbers: Sequence[int], *, away: bool) -> int:
    names = ids.written(numbers)
    one = len(numbers) == 1
    when = " when a daemon runs again" if away else ""
    output.say(f"let go; {'job' if one else 'jobs'} {names} {'goes' if one else 'go'} on{when}.")
    output.hint(f"`shortsctl attach {names}` follows again, `shortsctl stop {names}` stops.")
    return INTERRUPTED


def _ended(job: JobView, *, quiet: bool) -> int:
    """Say how a job ended: where to find what it made on stdout, or what went wrong on stderr; its exit code."""
    if job.state == "succeeded":
        for warning in job.result.get("warnings", []):
            output.say(shown(f"job {job.id}, {warning}"))
        if "skipped" in job.result:
            output.say(shown(f"job {job.id} left it out: {job.result['skipped']}."))
        elif not quiet:
            output.result(_where(job))
        return 0
    if job.state in AT_REST - ENDED:
        output.say(shown(f"job {job.id} {job.reason}."))
        output.hint(f"`shortsctl review {job.id}` shows it." if job.state == "review" else "It goes on by itself.")
        return 0
    if job.error is None:
        why = f" ({job.reason})" if job.reason else ""
        output.say(shown(f"job {job.id} was {job.state}{why}."))
        output.hint(f"`shortsctl retry {job.id}` goes on with it.")
        return 1
    where = f" in {job.error.stage}" if job.error.stage else ""
    output.say(shown(f"job {job.id} failed{where}: {job.error.message}"))
    output.hint(job.error.hint)
    output.hint(f"`shortsctl logs {job.id}` shows its log; `shortsctl retry {job.id}` goes on with it.")
    return 1


def _where(job: JobView) -> str:
    """The path or the address of what a job made."""
    return str(next(filter(None, (job.result.get(name) for name in ("video", "link", "file"))), ""))

"""Does one thing to several jobs: each is tried, whatever becomes of the others."""

from collections.abc import Callable, Sequence

from shortsd.cli import output
from shortsd.client.text import shown
from shortsd.domain.errors import NoDaemon, ShortsError
from shortsd.wire.models import JobView


def each(numbers: Sequence[int], do: Callable[[int], JobView]) -> int:
    """A line for each job; the gravest of the exit codes. Raises NoDaemon: the others would fare no better."""
    gravest = 0
    for number in numbers:
        try:
            job = do(number)
        except NoDaemon:
            raise
        except ShortsError as error:
            gravest = max(gravest, output.failed(error))
        else:
            title = f" ({job.title})" if job.title else ""
            output.result(shown(f"{job.id} {job.state}{title}"))
            output.flush()
    return gravest

"""Ids as users write them, and the jobs that they mean."""

from collections.abc import Sequence
from functools import partial

from shortsd.cli import pages
from shortsd.client.client import Client
from shortsd.domain.errors import NotFound, WrongState
from shortsd.domain.ids import MOST_RANGES, Chosen, parse
from shortsd.domain.job import State
from shortsd.wire.models import JobView


def numbers(client: Client, words: Sequence[str], *, undone: bool = False) -> tuple[int, ...]:
    """The numbers of the jobs that `4`, `7-9`, `b3` mean, each once, in the order asked for.

    A single id is taken as it is: who asks for the job hears whether it exists. Of ranges and batches, those are left
    out that have succeeded, if only what is `undone` is meant. Raises BadRequest, NotFound (nothing is in a range or
    batch), WrongState (nothing of it is undone), NoDaemon.
    """
    wanted = [(word, parse([word])) for words_ in words for word in words_.split(",")]
    found = [number for word, chosen in wanted for number in _numbers(client, word, chosen, undone=undone)]
    return tuple(dict.fromkeys(found))


def kinds(client: Client, numbers: Sequence[int]) -> dict[int, str]:
    """The kinds of these jobs, of those that exist. Raises NoDaemon."""
    parts = (written(numbers[at : at + MOST_RANGES]) for at in range(0, len(numbers), MOST_RANGES))
    return {job.id: job.kind for part in parts for job in _selected(client, part.replace(" ", ","))}


def written(numbers: Sequence[int]) -> str:
    """Numbers as a user would write them, runs of three or more as ranges: "4 7-9"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else " ".join(map(str, run)) for run in runs)


def _numbers(client: Client, word: str, chosen: Chosen, *, undone: bool) -> list[int]:
    if chosen.ranges and len(set(chosen.ranges[0])) == 1:
        return [chosen.ranges[0][0]]
    found = sorted(_selected(client, word), key=lambda job: job.id)
    if not found:
        what = f"batch {word}" if chosen.batches else f"job among {word}"
        raise NotFound(f"There is no {what}.", "`shortsctl ls` shows what there is.")
    meant = [job.id for job in found if not undone or job.state != State.SUCCEEDED]
    if not meant:
        raise WrongState(f"All of {word} has succeeded.", "`--from STAGE` does it again from that stage on.")
    return meant


def _selected(client: Client, word: str) -> list[JobView]:
    return pages.newest(partial(client.jobs, select=word), lambda page: page.jobs)[0]

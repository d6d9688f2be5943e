"""What was asked of daemons that die in the middle of an answer, and what has to come of it."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import intact
from daemon import Home

from shortsd.domain.errors import BadInput, NoDaemon, Unavailable, WrongState
from shortsd.wire.models import JobView, NewJob, NewJobs, ShortParams

AT_ONCE = 5
"""Jobs that are under way before no more are asked for."""
ACTIVE = ("queued", "running", "stopping")
WORDS = ("It came at night.", "Nobody lit the lamp.")


@dataclass
class Wish:
    """A job that was asked for. Its name is its title and its idempotency key."""

    name: str
    story: str
    number: int | None = None
    """The job's, once there was an answer."""
    unanswered: bool = False
    """A daemon died over it, and may have taken it in before."""
    refused: bool = False
    ends: set[str] = field(default_factory=lambda: {"succeeded"})
    """States it may end in; more than one if nobody knows whether the daemon still heard what was asked last."""

    @property
    def new(self) -> NewJobs:
        return NewJobs(jobs=[NewJob(params=ShortParams(story=self.story, title=self.name, seed=1))])


class Wishes:
    """All of them, in the order they were asked for."""

    def __init__(self, home: Home, chance: random.Random) -> None:
        self._home = home
        self._random = chance
        self._all: list[Wish] = []
        self._counts: Counter[str] = Counter()
        self._twice: list[str] = []

    def do_something(self) -> None:
        """Ask the daemon for something. It may die over it."""
        things: dict[Callable[[], None], int] = {
            self._ask: 10, self._ask_again: 2, self._ask_for_nothing: 1, self._stop: 1, self._retry: 2
        }  # fmt: skip
        thing = self._random.choices(list(things), list(things.values()))[0]
        with suppress(NoDaemon):
            thing()

    def settle(self) -> None:
        """Ask again for what there was no answer to."""
        for wish in self._all:
            if wish.number is None and not wish.refused:
                self._send(wish)

    def retry_poisoned(self) -> list[str]:
        """Retry the jobs that were given up because daemons died over them; those that failed for another reason."""
        failed = self._home.client.jobs(["failed"]).jobs
        for job in failed:
            if _poisoned(job):
                self._home.retry(job.id)
                self._counts["poisoned and retried"] += 1
        return [f"job {job.id}: {job.error}" for job in failed if not _poisoned(job)]

    def lost(self) -> list[str]:
        """Accepted, and not there."""
        there = self._there()
        return [f"{wish.name} is lost" for wish in self._accepted if not there[wish.name]]

    def doubled(self) -> list[str]:
        """There more than once."""
        return self._twice + [f"{name} is there {count} times" for name, count in self._there().items() if count > 1]

    def unasked(self) -> list[str]:
        """Refused, and there nevertheless."""
        there = self._there()
        return [f"{wish.name} was refused" for wish in self._all if wish.refused and there[wish.name]]

    def not_as_asked(self) -> list[str]:
        """Ended in another state than they were to."""
        states = {number: str(state) for number, state in intact.rows(self._home, "SELECT id, state FROM jobs")}
        wrong = [wish for wish in self._accepted if states.get(wish.number) not in wish.ends]
        return [f"{wish.name} is {states.get(wish.number)}, not {wish.ends}" for wish in wrong]

    def counts(self) -> tuple[int, Counter[str]]:
        """How many were accepted, and what became of all."""
        states = Counter(str(state) for (state,) in intact.rows(self._home, "SELECT state FROM jobs"))
        refused = sum(wish.refused for wish in self._all)
        return len(self._accepted), states + self._counts + Counter(refused=refused)

    @property
    def _accepted(self) -> list[Wish]:
        return [wish for wish in self._all if wish.number is not None]

    def _there(self) -> Counter[str]:
        """How many jobs have each name."""
        return Counter(str(title) for (title,) in intact.rows(self._home, "SELECT title FROM jobs"))

    def _ask(self) -> None:
        if len(self._home.client.jobs(ACTIVE).jobs) < AT_ONCE:
            self._wish(self._random.choice(WORDS))

    def _ask_for_nothing(self) -> None:
        self._wish("")

    def _wish(self, story: str) -> None:
        self._all.append(Wish(f"wish {len(self._all) + 1}", story))
        self._send(self._all[-1])

    def _ask_again(self) -> None:
        """Ask for what was accepted already: it must be the same job."""
        if self._accepted:
            self._send(self._random.choice(self._accepted))

    def _send(self, wish: Wish) -> None:
        try:
            number = self._home.client.create(wish.new, wish.name).jobs[0].id
        except NoDaemon:
            wish.unanswered = True
            raise
        except (BadInput, Unavailable) as exc:
            wish.refused = wish.number is None and not (wish.unanswered and isinstance(exc, Unavailable))
            return
        if wish.number not in (None, number):
            self._twice.append(f"{wish.name} is {wish.number} and {number}")
        wish.number = number

    def _stop(self) -> None:
        self._move(self._home.client.stop, "stopped")

    def _retry(self) -> None:
        self._move(self._home.retry, "succeeded")

    def _move(self, how: Callable[[int], JobView], end: str) -> None:
        """Move one of the jobs, if it is where it can be moved so. Without an answer, nobody knows whether it was."""
        if not self._accepted:
            return
        wish = self._random.choice(self._accepted)
        try:
            how(wish.number or 0)
        except NoDaemon:
            wish.ends.add(end)
        except (WrongState, Unavailable):
            return
        else:
            wish.ends = {end}


def _poisoned(job: JobView) -> bool:
    return job.error is not None and job.error.code == "poisonous"

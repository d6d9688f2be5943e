"""Follows jobs to their end, across daemons that go away and come back."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shortsd.client.client import Client, decode
from shortsd.client.sse import Message
from shortsd.domain.errors import NoDaemon, ShortsError, Unavailable
from shortsd.domain.job import AT_REST
from shortsd.wire.models import EventView, JobView, Snapshot, StageView

PATIENCE_S = 120.0
"""How long a daemon may be away before following is given up, in seconds: a restart takes a few."""

_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 2.0


@dataclass(frozen=True, slots=True)
class Away:
    """The daemon does not answer; it is called again until it does."""


@dataclass(frozen=True, slots=True)
class Back:
    """The daemon answers again."""


Update = JobView | Away | Back


class Following:
    """Some jobs as they move. `jobs` holds what is known of each, in the order asked for."""

    def __init__(
        self,
        client: Client,
        numbers: Sequence[int],
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._numbers = tuple(dict.fromkeys(numbers))
        self._sleep = sleep
        self._clock = clock
        self._last = ""
        self._away_since: float | None = None
        self._wait_s = _FIRST_WAIT_S
        self.jobs: dict[int, JobView] = {}

    @property
    def away(self) -> bool:
        """Whether the daemon does not answer at this time."""
        return self._away_since is not None

    @property
    def ended(self) -> bool:
        """Whether every job has ended, or waits for its hour or for a person."""
        return all(number in self.jobs and self.jobs[number].state in AT_REST for number in self._numbers)

    def updates(self) -> Iterator[Update]:
        """Each job whenever it changed, until all have ended, or wait for their hour or for a person.

        Raises NotFound for a job that is not there, NoDaemon if the daemon stays away longer than PATIENCE_S.
        """
        while not self.ended:
            try:
                yield from self._listen()
            except (NoDaemon, Unavailable) as gone:
                yield from self._wait(gone)
            else:
                yield from self._wait(NoDaemon("The daemon closed the stream of events."))

    def _listen(self) -> Iterator[Update]:
        """One connection: how things stand, then what happens, until the stream ends."""
        only = self._numbers[0] if len(self._numbers) == 1 else None
        with self._client.events(only, self._last) as messages:
            if self._away_since is not None:
                self._away_since, self._wait_s = None, _FIRST_WAIT_S
                yield Back()
            for number in self._numbers:
                yield from self._look(number)
            for message in () if self.ended else messages:
                yield from self._heard(message)
                if self.ended:
                    return

    def _wait(self, gone: ShortsError) -> Iterator[Update]:
        """Let some time pass before the next call, longer each time."""
        if self.ended:
            return
        if self._away_since is None:
            self._away_since = self._clock()
            yield Away()
        elif self._clock() - self._away_since > PATIENCE_S:
            raise NoDaemon(
                f"The daemon has been away for {PATIENCE_S:.0f} s.", "Nothing is lost: jobs go on when it runs again."
            ) from gone
        self._sleep(self._wait_s)
        self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)

    def _heard(self, message: Message) -> Iterator[JobView]:
        self._last = message.id or self._last
        if message.event == "snapshot":
            self._last = str(decode(message.data, Snapshot).seq)
            return
        event = decode(message.data, EventView)
        known = self.jobs.get(event.job)
        if known is None or known.state in AT_REST:
            return
        if event.type == "progress":
            yield self._known(moved_on(known, event.data))
        else:
            yield from self._look(event.job)

    def _look(self, number: int) -> Iterator[JobView]:
        """Ask how a job stands, unless it has ended."""
        known = self.jobs.get(number)
        if known is None or known.state not in AT_REST:
            yield self._known(self._client.job(number))

    def _known(self, job: JobView) -> JobView:
        self.jobs[job.id] = job
        return job


def moved_on(job: JobView, data: dict[str, Any]) -> JobView:
    """The job after a progress event; a percentage never goes back by one."""
    stage, message = data.get("stage", job.stage), data.get("message", "")
    return replace(
        job,
        stage=stage,
        message=message,
        percent=max(job.percent, data.get("percent", 0.0)),
        eta_s=data.get("eta_s"),
        stages=[
            _moved_stage(each, data.get("stage_percent", 0.0), message) if each.name == stage else each
            for each in job.stages
        ],
    )


def _moved_stage(stage: StageView, percent: float, message: str) -> StageView:
    if stage.state not in ("waiting", "running"):
        return stage
    return replace(stage, state="running", percent=max(stage.percent, percent), message=message)

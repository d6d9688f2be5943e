"""The one line to the daemon on which everything comes: a stream of events, kept open for ever."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from shorts_tui.background import Listener
from shorts_tui.model import Job, brief
from shortsd.client.client import Client, decode
from shortsd.client.sse import Message
from shortsd.domain.errors import NoDaemon, ShortsError
from shortsd.wire.models import EventView, Health, Snapshot

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0
"""Between two calls to a daemon that does not answer, in seconds."""

PAGE = 1000
"""Older jobs asked for at a time: as many as the daemon gives."""


@dataclass(frozen=True, slots=True)
class Away:
    """The daemon does not answer, and is called again in `wait_s` seconds."""

    why: ShortsError
    wait_s: float


@dataclass(frozen=True, slots=True)
class Back:
    """The daemon answers."""

    health: Health


@dataclass(frozen=True, slots=True)
class Start:
    """The newest jobs as they stand; what was known before counts no more."""

    jobs: list[Job]


@dataclass(frozen=True, slots=True)
class Older:
    """Jobs that the snapshot had no room for."""

    jobs: list[Job]
    last: bool


News = Away | Back | Start | Older | EventView


class Feed(Listener):
    """Reads the stream in a thread of its own and gathers what comes until it is taken.

    `ring` is called in that thread when there is something to take, once until it is taken: a flood of events becomes
    as many rounds as the taker makes. Of the progress of a job only the latest is kept.
    """

    def __init__(self, client: Client, ring: Callable[[], None]) -> None:
        super().__init__("feed")
        self._client = client
        self._ring = ring
        self._lock = threading.Lock()
        self._news: list[News] = []
        self._samples: dict[int, EventView] = {}
        self._last = ""

    def take(self) -> list[News]:
        """All that came since the last time, in order: facts first, then how far jobs are by now."""
        with self._lock:
            taken = [*self._news, *self._samples.values()]
            self._news, self._samples = [], {}
            return taken

    def run(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self.ended:
            try:
                self._listen()
                why: ShortsError = NoDaemon("The daemon closed the stream of events.")
                wait_s = FIRST_WAIT_S
            except ShortsError as gone:
                why = gone
            if self.ended:
                return
            self._put(Away(why, wait_s))
            self.wait(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _listen(self) -> None:
        """One connection, until it ends. Raises ShortsError if it cannot be had, or breaks."""
        with self._client.events(after=self._last, hangup=self.hangup) as messages:
            self._put(Back(self._client.live()))
            for message in messages:
                self._hear(message)

    def _hear(self, message: Message) -> None:
        if message.event == "snapshot":
            snapshot = decode(message.data, Snapshot)
            self._put(Start([brief(job) for job in snapshot.jobs]))
            self._ask_for_older(snapshot)
            self._last = str(snapshot.seq)  # not before: broken off here, all of it is asked for again
            return
        event = decode(message.data, EventView)
        if event.type == "progress":
            self._sample(event)
        else:
            self._put(event)
        self._last = message.id or self._last

    def _ask_for_older(self, snapshot: Snapshot) -> None:
        """Fetch the jobs before those of a snapshot, page by page; what happens meanwhile waits on the stream.

        It has the newest, and of the others those that run.
        """
        newest = sorted((job.id for job in snapshot.jobs), reverse=True)[:PAGE]
        cursor = newest[-1] if len(newest) == PAGE else None
        while cursor is not None and not self.ended:
            page = self._client.jobs(limit=PAGE, cursor=cursor)
            cursor = page.next
            self._put(Older([brief(job) for job in page.jobs], last=False))
        self._put(Older([], last=True))

    def _put(self, news: News) -> None:
        with self._lock:
            if isinstance(news, EventView):
                self._samples.pop(news.job, None)  # the fact is later
            quiet = not self._news and not self._samples
            self._news.append(news)
        if quiet:
            self._ring()

    def _sample(self, event: EventView) -> None:
        with self._lock:
            quiet = not self._news and not self._samples
            self._samples[event.job] = event
        if quiet:
            self._ring()

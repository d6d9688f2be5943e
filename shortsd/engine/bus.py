"""Tells events to who listens now, waiting for nobody."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from shortsd.domain.events import Event

LIMIT = 2000
"""Events that a reader may be behind before it is cut off; it can come back with the last number it saw."""

PAUSE_S = 0.0002
"""For each reader, between two times that readers are woken: four times or so what it takes to wake and send."""


class Subscription:
    """What one reader has not read yet: of all jobs, or of one. Of progress only the latest of each job is kept."""

    def __init__(self, job: int | None = None) -> None:
        self._job = job
        self._pending: dict[int, Event] = {}
        """In order; a fact under its number, a sample under its job's, negative."""
        self._woken = asyncio.Event()
        self._open = True

    def put(self, event: Event) -> None:
        """Add an event, or cut the reader off if it is too far behind. It hears of it when it is woken."""
        if not self._open or self._job not in (None, event.job):
            return
        key = -event.job if event.seq is None else event.seq
        self._pending.pop(key, None)
        if len(self._pending) >= LIMIT:
            self.close()
        else:
            self._pending[key] = event

    def wake(self) -> bool:
        """Wake the reader if there is something for it; whether that was news to it."""
        news = bool(self._pending) and not self._woken.is_set()
        if news:
            self._woken.set()
        return news

    def forget_samples(self) -> None:
        """Drop what was said of progress so far: the reader has been told of something later."""
        self._pending = {key: event for key, event in self._pending.items() if event.seq is not None}

    def close(self) -> None:
        """End the reader's stream after what it has been sent."""
        self._open = False
        self._pending.clear()
        self._woken.set()

    async def take(self, within_s: float) -> list[Event] | None:
        """All that is new; nothing, if nothing came in so many seconds; None when there will be no more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._woken.wait()
        if not self._open:
            return None
        self._woken.clear()
        taken, self._pending = list(self._pending.values()), {}
        return taken


class Bus:
    """All readers.

    An event that comes alone is told at once. After that readers are left alone for a moment, the longer the more they
    are, and get what happens meanwhile in one piece: what a reader costs is being woken, not being told.
    """

    def __init__(self, *hearers: Callable[[Event], None]) -> None:
        self._hearers = hearers
        """They hear of every event in the moment that it is published."""
        self._subscriptions: set[Subscription] = set()
        self._pause: asyncio.TimerHandle | None = None

    def publish(self, event: Event) -> None:
        for hear in self._hearers:
            hear(event)
        for subscription in self._subscriptions:
            subscription.put(event)
        if self._pause is None:
            self._wake()

    def _wake(self) -> None:
        woken = sum([subscription.wake() for subscription in self._subscriptions])
        self._pause = asyncio.get_running_loop().call_later(woken * PAUSE_S, self._wake) if woken else None

    @contextmanager
    def subscribe(self, job: int | None = None) -> Iterator[Subscription]:
        """Listen from now on, to all jobs or to one."""
        subscription = Subscription(job)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def close(self) -> None:
        """End all streams: the daemon goes."""
        for subscription in self._subscriptions:
            subscription.close()

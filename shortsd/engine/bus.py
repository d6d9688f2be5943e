"""Tells events to who listens now, waiting for nobody."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from shortsd.domain.events import Event

LIMIT = 2000
"""Events that a reader may be behind before it is cut off; it can come back with the last number it saw."""


class Subscription:
    """What one reader has not read yet. Of progress only the latest of each job is kept."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._news = asyncio.Event()
        self._open = True

    def put(self, event: Event) -> None:
        """Add an event, or cut the reader off if it is too far behind."""
        if event.seq is None:
            self._events = deque(old for old in self._events if old.seq is not None or old.job != event.job)
        if len(self._events) >= LIMIT:
            self.close()
        elif self._open:
            self._events.append(event)
        self._news.set()

    def forget_samples(self) -> None:
        """Drop what was said of progress so far: the reader has been told of something later."""
        self._events = deque(event for event in self._events if event.seq is not None)

    def close(self) -> None:
        """End the reader's stream after what it has been sent."""
        self._open = False
        self._events.clear()
        self._news.set()

    async def next(self) -> Event | None:
        """The next event; None when there will be no more."""
        while not self._events:
            if not self._open:
                return None
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()


class Bus:
    """All readers."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def publish(self, event: Event) -> None:
        for subscription in self._subscriptions:
            subscription.put(event)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Listen from now on."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def close(self) -> None:
        """End all streams: the daemon goes."""
        for subscription in self._subscriptions:
            subscription.close()

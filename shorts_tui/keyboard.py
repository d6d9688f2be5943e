"""Keys one after the other: each is dealt with where the one before it has led.

Textual hands keys on as they come: of `/render`, typed fast or ahead of a slow line, `r` and `d` would reach the jobs
before there is a line to type in.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event

PATIENCE_S = 0.5
"""A key waits no longer than this for what the one before it asked for: a daemon may not answer."""


class Keyboard:
    """What was typed and not yet dealt with. `deal` is the app's own way to hand on a key."""

    def __init__(self, app: App[None], deal: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._deal = deal
        self._typed: asyncio.Queue[Event] = asyncio.Queue()
        self._working = 0
        """Commands that may still change who takes the keys."""
        self._rest = asyncio.Event()
        self._rest.set()

    def type(self, event: Event) -> None:
        """Deal with this when its turn has come."""
        self._typed.put_nowait(event)

    async def run(self) -> None:
        """Deal with what is typed, for ever."""
        while True:
            event = await self._typed.get()
            takes = self._app.focused or self._app.screen
            await self._deal(event)
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._done(takes)
            except TimeoutError:
                continue

    @contextmanager
    def working(self) -> Iterator[None]:
        """Keep keys waiting."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Within `working`: keep none waiting, somebody is asked."""
        self._count(-1)
        try:
            yield
        finally:
            self._count(1)

    def _count(self, by: int) -> None:
        self._working += by
        self._rest.set() if self._working == 0 else self._rest.clear()

    async def _done(self, takes: DOMNode) -> None:
        """Wait until a key went its way up to the app, and the command that it asked for stands."""
        for node in takes.ancestors_with_self:
            await heard(node)
        for node in (self._app.screen, self._app):  # the way of a request
            await heard(node)
        await self._rest.wait()


async def heard(node: DOMNode, *, after_refresh: bool = False) -> None:
    """Wait until somebody has dealt with all that was sent before, and drawn it if wanted; not at all if gone."""
    done = asyncio.Event()
    call = node.call_after_refresh if after_refresh else node.call_later
    if node.is_running and call(done.set):
        await done.wait()

"""Keys one after the other: each is dealt with where the one before it has led.

Textual hands keys on as they come: of `/render`, typed fast or ahead of a slow line, `r` and `d` would reach the jobs
before there is a line to type in.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event

PATIENCE_S = 1.0
"""A key waits no longer than this for what the one before it asked for: a daemon may not answer."""


class Keyboard:
    """What was typed and not yet dealt with. `deal` is the app's own way to hand on a key."""

    def __init__(self, app: App[None], deal: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._deal = deal
        self._typed: asyncio.Queue[Event] = asyncio.Queue()
        self._working: set[asyncio.Task[Any] | None] = set()
        """The tasks of commands that may still change who takes the keys."""
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
                self._working.clear()
                self._rest.set()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Keep keys waiting for what this task does."""
        task = asyncio.current_task()
        self._begin(task)
        try:
            yield
        finally:
            self._end(task)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Keep none waiting for this task meanwhile: somebody is asked."""
        task = asyncio.current_task()
        worked = task in self._working
        self._end(task)
        try:
            yield
        finally:
            if worked:
                self._begin(task)

    def _begin(self, task: asyncio.Task[Any] | None) -> None:
        self._working.add(task)
        self._rest.clear()

    def _end(self, task: asyncio.Task[Any] | None) -> None:
        self._working.discard(task)
        if not self._working:
            self._rest.set()

    async def _done(self, takes: DOMNode) -> None:
        """Wait until a key went its way up to the app, and the command that it asked for stands."""
        way = takes.ancestors_with_self
        for node in (*way, *way, *way[-2:]):  # of the key; of what a widget then tells; of what a page then asks for
            await heard(node)
        await self._rest.wait()


async def heard(node: DOMNode, *, after_refresh: bool = False) -> None:
    """Wait until somebody has dealt with all that was sent before, and drawn it if wanted; not at all if gone."""
    done = asyncio.Event()
    call = node.call_after_refresh if after_refresh else node.call_later
    if node.is_running and call(done.set):
        await done.wait()

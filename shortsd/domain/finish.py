"""Seeing things through, however often whoever waits for them is cancelled."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def finish(task: asyncio.Task[T]) -> T:
    """Wait for a task to its end however often the waiter is cancelled; CancelledError leaves only after that."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as exc:
            cancelled = exc
    if cancelled is not None:
        raise cancelled
    return task.result()


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that writes, in a thread; who is cancelled meanwhile goes on only when it has returned."""
    return await finish(asyncio.create_task(asyncio.to_thread(function, *args, **kwargs)))

"""Seeing things through, however often whoever waits for them is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")


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


async def together(*work: Awaitable[None]) -> None:
    """Do things at the same time. The first that fails, or being cancelled, ends the others before that is raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        await _put_down(tasks)


async def both(one: Awaitable[T], other: Awaitable[U]) -> tuple[T, U]:
    """Do two things at the same time; what each gave. As `together` if one fails."""
    tasks = asyncio.ensure_future(one), asyncio.ensure_future(other)
    try:
        return await asyncio.gather(*tasks)
    finally:
        await _put_down(tasks)


async def _put_down(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """End tasks, and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

"""Work that goes on only as long as somebody waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

from shortsd.domain.errors import Unavailable

T = TypeVar("T")


async def while_awaited(request: Request, closing: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """What `work` comes to. It is cancelled when who asked hangs up, or the daemon ends; Unavailable is raised then.

    The request has to be read: what comes after it tells of its end.
    """
    task = asyncio.ensure_future(work)
    ends = [asyncio.ensure_future(_gone(request)), asyncio.ensure_future(closing.wait())]
    try:
        await asyncio.wait([task, *ends], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise Unavailable("The daemon is shutting down, or nobody waits any more.", "Ask again in a moment.")
    finally:
        for one in (task, *ends):
            one.cancel()
        await asyncio.gather(task, *ends, return_exceptions=True)


async def _gone(request: Request) -> None:
    """Return when a client has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass

"""Event streams: lines of server-sent events, with a sign of life when there is nothing to say."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

ALIVE_S = 15.0
"""Seconds of silence after which a comment is sent, so that both ends notice a dead peer."""


def stream(messages: AsyncGenerator[bytes]) -> StreamingResponse:
    """A response that sends messages as they come, until they end."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_alive(messages), media_type="text/event-stream", headers=headers)


def message(event: str, data: str, number: int | None = None) -> bytes:
    """One message; with a number, the reader can come back to right after it."""
    return format_sse_event(event=event, data_str=data, id=None if number is None else str(number))


async def _alive(messages: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The messages, with comments in their pauses."""
    yield KEEPALIVE_COMMENT
    following = asyncio.ensure_future(_next(messages))
    try:
        while True:
            done, _ = await asyncio.wait({following}, timeout=ALIVE_S)
            if not done:
                yield KEEPALIVE_COMMENT
                continue
            found = following.result()
            if found is None:
                return
            yield found
            following = asyncio.ensure_future(_next(messages))
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await following
        await messages.aclose()


async def _next(messages: AsyncGenerator[bytes]) -> bytes | None:
    return await anext(messages, None)

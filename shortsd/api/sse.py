"""Event streams: lines of server-sent events, with a sign of life when there is nothing to say."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

ALIVE_S = 15.0
"""Seconds of silence after which a comment is sent, so that both ends notice a dead peer."""


def stream(messages: AsyncGenerator[bytes]) -> StreamingResponse:
    """A response that sends messages as they come, until they end; an empty one as a comment that says nothing."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_alive(messages), media_type="text/event-stream", headers=headers)


def message(event: str, data: str, number: int | None = None) -> bytes:
    """One message; with a number, the reader can come back to right after it."""
    return format_sse_event(event=event, data_str=data, id=None if number is None else str(number))


async def _alive(messages: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The messages, with a comment at the start and for each that is empty."""
    yield KEEPALIVE_COMMENT
    async with aclosing(messages):
        async for found in messages:
            yield found or KEEPALIVE_COMMENT

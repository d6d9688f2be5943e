"""Events: everything that happens, as it happens."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import lru_cache
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from shortsd.api.handlers.jobs import ERRORS
from shortsd.api.sse import ALIVE_S, message, stream
from shortsd.domain.events import Event
from shortsd.engine.service import Service
from shortsd.engine.views import event_view
from shortsd.wire.models import Snapshot


def router(service: Service) -> APIRouter:
    """The route /v1/events."""
    routes = APIRouter(prefix="/v1/events", tags=["events"], responses=ERRORS)

    @routes.get("", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
    async def events(
        last_event_id: Annotated[int | None, Header(ge=0, le=2**62)] = None,
        job: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    ) -> StreamingResponse:
        """A stream of events: first a `snapshot`, then each event after it; with `Last-Event-ID`, what came since."""
        return stream(_messages(service.events(last_event_id, job, ALIVE_S)))

    return routes


async def _messages(found: AsyncGenerator[Snapshot | Sequence[Event]]) -> AsyncGenerator[bytes]:
    async with aclosing(found):
        async for news in found:
            if isinstance(news, Snapshot):
                yield message("snapshot", msgspec.json.encode(news).decode(), news.seq)
            else:
                yield b"".join(map(_told, news))


@lru_cache(maxsize=256)
def _told(event: Event) -> bytes:
    """An event as a message, made once for all who listen."""
    return message(event.type, msgspec.json.encode(event_view(event)).decode(), event.seq)

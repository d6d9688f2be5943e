"""Events: everything that happens, as it happens."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from shortsd.api.handlers.jobs import ERRORS
from shortsd.api.sse import message, stream
from shortsd.engine.service import Service
from shortsd.wire.models import EventView, Snapshot


def router(service: Service) -> APIRouter:
    """The route /v1/events."""
    routes = APIRouter(prefix="/v1/events", tags=["events"], responses=ERRORS)

    @routes.get("", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
    async def events(
        last_event_id: Annotated[int | None, Header(ge=0, le=2**62)] = None,
        job: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    ) -> StreamingResponse:
        """A stream of events: first a `snapshot`, then each event after it; with `Last-Event-ID`, what came since."""
        return stream(_messages(service.events(last_event_id, job)))

    return routes


async def _messages(found: AsyncGenerator[Snapshot | EventView]) -> AsyncGenerator[bytes]:
    async with aclosing(found):
        async for one in found:
            name = "snapshot" if isinstance(one, Snapshot) else one.type
            yield message(name, msgspec.json.encode(one).decode(), one.seq)

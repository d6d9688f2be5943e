"""The logs of jobs: their end, or as they are written."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from shortsd.api.handlers.jobs import ERRORS, JobId
from shortsd.api.sse import ALIVE_S, message, stream
from shortsd.engine.service import Service
from shortsd.wire.models import LogLines


def router(service: Service) -> APIRouter:
    """The route /v1/jobs/{number}/log."""
    routes = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=ERRORS)

    @routes.get("/{number}/log", response_model=LogLines, responses={200: {"content": {"text/event-stream": {}}}})
    async def log(
        number: JobId, lines: Annotated[int | None, Query(ge=0, le=100_000)] = None, *, follow: bool = False
    ) -> LogLines | StreamingResponse:
        """The last lines of a job's log (200, if not said); with `follow` a stream of them (all) and those to come."""
        if follow:
            return stream(_lines(await service.follow_log(number, lines, ALIVE_S), service.closing))
        return LogLines(lines=await service.log(number, 200 if lines is None else lines))

    return routes


async def _lines(found: AsyncGenerator[list[str]], closing: asyncio.Event) -> AsyncGenerator[bytes]:
    """Log lines as messages, and one that says there are no more, unless it is the daemon that ends and not the log."""
    async with aclosing(found):
        async for lines in found:
            yield b"".join([message("line", msgspec.json.encode(line).decode()) for line in lines])
    if not closing.is_set():
        yield message("end", "{}")

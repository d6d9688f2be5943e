"""Previews: single frames of a short, and contact sheets, as PNG."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from shortsd.api.attention import while_awaited
from shortsd.api.handlers.jobs import ERRORS, JobId
from shortsd.engine.service import Service
from shortsd.wire.models import PreviewRequest

KIND = "image/png"
Moment = Annotated[float | None, Query()]


def router(service: Service) -> APIRouter:
    """The routes of previews."""
    said: dict[int | str, dict[str, object]] = {200: {"content": {KIND: {}}, "description": "A PNG"}, **ERRORS}
    routes = APIRouter(prefix="/v1", tags=["previews"], responses=said, default_response_class=Response)

    @routes.get("/jobs/{number}/preview")
    async def preview(request: Request, number: JobId, at: Moment = None, *, strip: bool = False) -> Response:
        """The frame of a job's short that is seen `at` so many seconds, or with `strip` a contact sheet of the short.

        The job's pictures and captions have to be there; its render need not be.
        """
        work = service.preview(number, at, strip=strip)
        return Response(await while_awaited(request, service.closing, work), media_type=KIND)

    @routes.post("/preview")
    async def preview_of(request: Request, wanted: PreviewRequest) -> Response:
        """As of a job, of what nobody has asked for yet; its voice and pictures are made, and kept for the next time.

        Without a seed it is 0.
        """
        work = service.preview_of(wanted.params, wanted.at, strip=wanted.strip)
        return Response(await while_awaited(request, service.closing, work), media_type=KIND)

    return routes

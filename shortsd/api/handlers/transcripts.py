"""Channels elsewhere whose videos are written down: what there is, jobs for it, topics out of it."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query

from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service
from shortsd.wire.transcripts import ChannelListing, Ideas, ListingRequest, Transcripts, TranscriptsRequest

Key = Annotated[str | None, Header(min_length=1, max_length=255)]


def router(service: Service) -> APIRouter:
    """The routes under /v1/channels."""
    routes = APIRouter(prefix="/v1/channels", tags=["channels"], responses=ERRORS)

    @routes.post("/listing")
    async def listing(request: ListingRequest) -> ChannelListing:
        """What videos there are at an address, what is left of them to be done, and what that takes. Makes nothing."""
        return await service.transcripts.listing(request)

    @routes.post("/transcripts", status_code=201)
    async def transcripts(request: TranscriptsRequest, idempotency_key: Key = None) -> Transcripts:
        """A job for each of these videos, but for those that are done or under way; none if that is all of them."""
        return await service.transcripts.create(request, idempotency_key)

    @routes.get("/{name:path}/ideas")
    async def ideas(
        name: Annotated[str, Path(max_length=2048)], count: Annotated[int, Query(ge=1, le=1000)] = 16
    ) -> Ideas:
        """What stories could be about, out of the summaries of a channel, by the name of its folder or its address."""
        return await service.transcripts.ideas(name, count)

    return routes

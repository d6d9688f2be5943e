"""Statistics: what was made, how long it took, what it takes."""

from typing import Annotated

from fastapi import APIRouter, Query

from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service
from shortsd.wire.figures import Stats


def router(service: Service) -> APIRouter:
    """The route /v1/stats."""
    routes = APIRouter(prefix="/v1/stats", tags=["stats"], responses=ERRORS)

    @routes.get("")
    async def stats(days: Annotated[float, Query(gt=0, le=36_500)] = 30) -> Stats:
        """How long stages took and how jobs ended in the last `days`; how jobs stand and what they take now."""
        return await service.stats(days)

    return routes

"""The queue: whether jobs are started."""

from fastapi import APIRouter

from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service
from shortsd.wire.channel import Queued


def router(service: Service) -> APIRouter:
    """The routes that say whether jobs are started."""
    routes = APIRouter(prefix="/v1", tags=["channel"], responses=ERRORS)

    @routes.post("/pause")
    async def pause() -> Queued:
        """Start no more jobs; those that run go on."""
        return await service.pause(paused=True)

    @routes.post("/resume")
    async def resume() -> Queued:
        """Start jobs again."""
        return await service.pause(paused=False)

    return routes

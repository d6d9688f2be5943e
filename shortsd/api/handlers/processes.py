"""Processes: the daemon's own and its children's."""

from fastapi import APIRouter

from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service
from shortsd.wire.figures import ProcessTree


def router(service: Service) -> APIRouter:
    """The route /v1/processes."""
    routes = APIRouter(prefix="/v1/processes", tags=["processes"], responses=ERRORS)

    @routes.get("")
    async def processes() -> ProcessTree:
        """The daemon's processes by job and stage: what they take, and when they last gave a sign of life."""
        return await service.processes()

    return routes

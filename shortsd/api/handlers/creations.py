"""Creations by id, for a service that makes books."""

from typing import Annotated

from fastapi import APIRouter, Path

from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service
from shortsd.stages.pages import ID
from shortsd.wire.creations import CreationStatus

CreationId = Annotated[str, Path(max_length=128, json_schema_extra={"pattern": f"^{ID.pattern}$"})]


def router(service: Service) -> APIRouter:
    """The routes under /me/creation."""
    routes = APIRouter(prefix="/me/creation", tags=["creations"], responses=ERRORS)

    @routes.post("/{creation_id}/generate_video", status_code=202)
    async def generate_video(creation_id: CreationId) -> CreationStatus:
        """Have the video of a creation made; while it is, asking again makes no other."""
        return await service.creations.generate(creation_id)

    @routes.get("/{creation_id}/generate_video_status")
    async def generate_video_status(creation_id: CreationId) -> CreationStatus:
        """How it stands: `pending`, `completed`, or `failed` with the reason."""
        return await service.creations.status(creation_id)

    return routes

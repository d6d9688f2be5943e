"""Voices: who can be asked to speak."""

from typing import Annotated

from fastapi import APIRouter, Query

from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service
from shortsd.wire.models import VoiceList


def router(service: Service) -> APIRouter:
    """The route /v1/voices."""
    routes = APIRouter(prefix="/v1/voices", tags=["voices"], responses=ERRORS)

    @routes.get("")
    async def voices(
        language: Annotated[str | None, Query(max_length=35)] = None,
        provider: Annotated[str | None, Query(max_length=35)] = None,
    ) -> VoiceList:
        """Voices by the language they speak (`de`, `en-gb`) and by provider; and whose cannot be told now."""
        return await service.voices(language, provider)

    return routes

"""Metrics: what a monitoring system comes by to read."""

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from shortsd.api.exposition import exposition
from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service


def router(service: Service) -> APIRouter:
    """The route /metrics."""
    routes = APIRouter(tags=["daemon"], responses=ERRORS)

    @routes.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Figures in Prometheus' text format."""
        return Response(exposition(await service.metrics()), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return routes

"""Metrics: what a monitoring system comes by to read."""

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service


def router(service: Service) -> APIRouter:
    """The route /metrics."""
    routes = APIRouter(tags=["daemon"], responses=ERRORS)

    @routes.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Figures in Prometheus' text format."""
        from shortsd.api.exposition import CONTENT_TYPE, exposition  # noqa: PLC0415 - few are ever asked for metrics

        return Response(exposition(await service.metrics()), media_type=CONTENT_TYPE)

    return routes

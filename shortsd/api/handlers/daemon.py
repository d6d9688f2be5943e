"""The daemon itself: health, doctor, clean, shutdown."""

from fastapi import APIRouter, Response

from shortsd.api.handlers.jobs import ERRORS, Select, selected
from shortsd.engine.service import Service
from shortsd.wire.models import Cleaned, Ended, Findings, Health


def router(service: Service) -> APIRouter:
    """The routes that are about the daemon."""
    routes = APIRouter(tags=["daemon"], responses=ERRORS)

    @routes.get("/health/live")
    async def live() -> Health:
        """Whether the daemon answers."""
        return service.live()

    @routes.get("/health/ready", responses={503: {"model": Health, "description": "No work is taken, and why"}})
    async def ready(response: Response) -> Health:
        """Whether the daemon can take work; 503 and the reasons if not."""
        health = await service.ready()
        response.status_code = 200 if health.ok else 503
        return health

    @routes.get("/v1/doctor")
    async def doctor() -> Findings:
        """Look at everything that a short needs."""
        return Findings(findings=await service.doctor())

    @routes.post("/v1/clean")
    async def clean(select: Select = "", *, outputs: bool = False, dry_run: bool = False) -> Cleaned:
        """Remove the artifacts of the ended jobs in `select` (`4,7-9,b3`), or of all that succeeded.

        With `outputs` the finished shorts of those in `select` go, too; with `dry_run` nothing goes.
        """
        return await service.clean(selected(select), outputs=outputs, dry_run=dry_run)

    @routes.post("/v1/shutdown", status_code=202)
    async def shutdown(*, drain: bool = False) -> Ended:
        """End the daemon in order; jobs that run go on at its next start. With `drain` they come to their end first."""
        (service.drain if drain else service.shutdown)()
        return Ended(pid=service.live().pid)

    return routes

"""A channel: weeks, hours, history, batches, approval."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query

from shortsd.api.handlers.jobs import ERRORS, JobId
from shortsd.engine.service import Service
from shortsd.wire.channel import BatchView, Calendar, Estimate, History, Material, Week, WeekRequest
from shortsd.wire.models import JobView

Key = Annotated[str | None, Header(min_length=1, max_length=255)]


def router(service: Service) -> APIRouter:
    """The routes that are about more than single jobs."""
    routes = APIRouter(prefix="/v1", tags=["channel"], responses=ERRORS)

    @routes.post("/week", status_code=201)
    async def week(request: WeekRequest, idempotency_key: Key = None) -> Week:
        """Make a job for each of the next free hours, all of them or none; with `dry_run` only tell of them."""
        return await service.channel.week(request, idempotency_key)

    @routes.get("/estimate")
    async def estimate(jobs: Annotated[int, Query(ge=1, le=100_000)] = 1, kind: str = "short") -> Estimate:
        """How long so many jobs of a kind would take here, and what would be used for them."""
        return await service.channel.estimate(kind, jobs)

    @routes.get("/schedule")
    async def schedule() -> Calendar:
        """The hours to come at which shorts are to be seen."""
        return await service.channel.schedule()

    @routes.get("/history")
    async def history(
        cursor: Annotated[int | None, Query(ge=1, le=2**62)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> History:
        """What was published, newest first."""
        return await service.channel.history(cursor, limit)

    @routes.get("/batches/{number}")
    async def batch(number: Annotated[int, Path(ge=1, le=2**62)]) -> BatchView:
        """How a batch stands: total, done, errors."""
        return await service.channel.batch(number)

    @routes.post("/jobs/{number}/approve")
    async def approve(number: JobId) -> JobView:
        """Let a job in review go on."""
        await service.channel.approve(number)
        return await service.show(number)

    @routes.get("/jobs/{number}/material")
    async def material(number: JobId) -> Material:
        """A job's story and pictures, as far as they are there."""
        return await service.channel.material(number)

    return routes

"""Jobs: list, create, show, stop, retry, delete."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response

from shortsd.api.kinds import NewJobs, RetryRequest
from shortsd.domain.ids import Chosen, parse
from shortsd.domain.job import State
from shortsd.engine.service import Service
from shortsd.store.selection import Selection
from shortsd.wire.models import Created, ErrorBody, JobsPage, JobView, PriorityRequest

JobId = Annotated[int, Path(ge=1, le=2**62)]
NAMES = "^(b?[0-9]+|[0-9]+-[0-9]+)(,(b?[0-9]+|[0-9]+-[0-9]+))*$|^$"
Select = Annotated[str, Query(max_length=10_000, json_schema_extra={"pattern": NAMES})]
"""Ids, ranges and batches: `4,7-9,b3`. The pattern is for who reads the description; `selected` says what is wrong."""
ERRORS: dict[int | str, dict[str, object]] = {"default": {"model": ErrorBody, "description": "What went wrong"}}


def router(service: Service) -> APIRouter:
    """The routes under /v1/jobs."""
    routes = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=ERRORS)

    @routes.get("")
    async def ls(
        state: Annotated[list[State] | None, Query()] = None,
        cursor: Annotated[int | None, Query(ge=1, le=2**62)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        select: Select = "",
    ) -> JobsPage:
        """Jobs, newest first; `select` takes ids, ranges and batches: `4,7-9,b3`."""
        chosen = selected(select) or Chosen()
        return await service.page(Selection(chosen.ranges, chosen.batches, state or (), cursor, limit))

    @routes.post("", status_code=201)
    async def create(
        wanted: NewJobs, idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None
    ) -> Created:
        """Ask for jobs: all of them are taken, or none. The same `Idempotency-Key` never makes two."""
        return await service.create(wanted.jobs, idempotency_key)

    @routes.get("/{number}")
    async def show(number: JobId) -> JobView:
        """One job, with its stages."""
        return await service.show(number)

    @routes.post("/{number}/stop")
    async def stop(number: JobId) -> JobView:
        """Stop a job and its processes."""
        return await service.stop(number)

    @routes.post("/{number}/retry")
    async def retry(number: JobId, how: RetryRequest | None = None) -> JobView:
        """Queue an ended job again; what is finished is reused, as far as changes leave it as it was."""
        how = how or RetryRequest()
        return await service.retry(number, how.stage, how.changes, how.unset)

    @routes.post("/{number}/priority")
    async def prioritize(number: JobId, how: PriorityRequest) -> JobView:
        """Let a job be taken before others, or after."""
        return await service.prioritize(number, how.priority)

    @routes.delete("/{number}", status_code=204)
    async def delete(number: JobId) -> Response:
        """Forget an ended job; what it published stays."""
        await service.delete(number)
        return Response(status_code=204)

    return routes


def selected(select: str) -> Chosen | None:
    """What a query names, None if it does not ask. Raises BadRequest for one that asks and names nothing."""
    if not select:
        return None
    return parse(select.split(","))

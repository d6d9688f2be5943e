"""How jobs are taken in: planned, looked at before anything is spent on them, and stored, all of them or none."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import msgspec

from shortsd.domain.errors import BadInput, BadRequest, ShortsError
from shortsd.domain.job import Job
from shortsd.engine.cleaning import require_resting
from shortsd.engine.readiness import Readiness
from shortsd.stages.plan import Plan, changed, plan
from shortsd.store.idempotency import Accepted
from shortsd.store.jobs import Jobs, Request
from shortsd.wire.models import NewJob, ShortParams

TOGETHER = 1000
"""Jobs that can be asked for in one request."""
LATEST = 4_102_444_800.0
"""The year 2100 begins: no short is to be seen later."""
PRIORITY = 1000
"""The highest; the lowest is as far below 0."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes jobs in. `preflight` raises BadInput for a plan that cannot come to anything."""

    jobs: Jobs
    readiness: Readiness
    preflight: Callable[[Plan], Awaitable[None]]

    async def __call__(self, wanted: Sequence[NewJob], key: str | None, digest: str = "") -> Accepted:
        """Take in what can be made. What an earlier request with this key made is given even if it no longer could.

        `digest` stands for what was asked, where that is not just these jobs.

        Raises BadInput, BadRequest, Conflict, DiskFull, Unavailable.
        """
        if not wanted:
            raise BadRequest("No job was asked for.", "Give at least one in `jobs`.")
        if len(wanted) > TOGETHER:
            raise BadRequest(f"{len(wanted)} jobs were asked for; {TOGETHER} is the limit.", "Ask in several requests.")
        await self.readiness.require_all()
        try:
            seen: set[Plan] = set()
            requests = [await self._request(new, seen) for new in wanted]
        except ShortsError:
            known = await self._known(wanted, key, digest)
            if known is None:
                raise
            return known
        return await self.jobs.create(requests, key, digest or digest_of(wanted))

    async def _known(self, wanted: Sequence[NewJob], key: str | None, digest: str) -> Accepted | None:
        """What an earlier request with this key made, if there was one. Raises Conflict if it was another."""
        try:
            return await self.jobs.known(key, digest or digest_of(wanted)) if key else None
        except UnicodeEncodeError:
            return None  # half a pair: no request with one was ever taken

    async def changed(self, job: Job, changes: ShortParams) -> Mapping[str, Any]:
        """What a job is to be made of from now on. Raises BadInput for what cannot be, WrongState before its end."""
        made = changed(Plan.of(require_resting(job).params), changes, job.title, self.readiness.settings)
        await self.preflight(made)
        return made.data()

    async def _request(self, new: NewJob, seen: set[Plan]) -> Request:
        """What a job is to be made of; what differs from those `seen` in its topic alone is not looked at again.

        Raises BadInput for what cannot be.
        """
        made = self._plan(new)
        alike = replace(made, topic=None if made.topic is None else "", seed=0)
        if alike not in seen:
            await self.preflight(made)
            seen.add(alike)
        return Request(
            new.kind, {**made.data(), "seed": new.params.seed}, made.working_title(), new.priority, new.publish_at
        )

    def _plan(self, new: NewJob) -> Plan:
        if new.kind != "short":
            raise BadInput(f"There is no kind of job named {new.kind!r}.", "The kind is `short`.")
        require_priority(new.priority)
        if new.publish_at is not None and not 0 <= new.publish_at <= LATEST:
            raise BadInput(f"{new.publish_at} is no time.", "Give seconds since 1970, such as 1796029200.")
        return plan(new.params, self.readiness.settings, 0)  # the store has the next seed, for who gives none


def require_priority(priority: int) -> None:
    """Raises BadInput for what is no priority."""
    if abs(priority) > PRIORITY:
        raise BadInput(f"{priority} is no priority.", f"Give a number from -{PRIORITY} to {PRIORITY}.")


def digest_of(request: object) -> str:
    """What stands for a request when an idempotency key is used again."""
    return blake2b(msgspec.json.encode(request), digest_size=16).hexdigest()

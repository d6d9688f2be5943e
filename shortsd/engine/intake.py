"""How jobs are taken in: planned, looked at before anything is spent on them, and stored, all of them or none."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from hashlib import blake2b
from typing import Any, get_type_hints

import msgspec

from shortsd.domain.errors import BadInput, BadRequest, ShortsError
from shortsd.domain.job import Job
from shortsd.engine.cleaning import require_resting
from shortsd.engine.readiness import Readiness
from shortsd.stages.kind import Kind
from shortsd.stages.kinds import kind_of
from shortsd.store.idempotency import Accepted
from shortsd.store.jobs import Jobs, Request
from shortsd.wire.models import NewJob

TOGETHER = 1000
"""Jobs that can be asked for in one request."""
LATEST = 4_102_444_800.0
"""The year 2100 begins: no short is to be seen later."""
PRIORITY = 1000
"""The highest; the lowest is as far below 0."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes jobs in. `examine` raises BadInput for a plan of a kind that cannot come to anything."""

    jobs: Jobs
    readiness: Readiness
    examine: Callable[[Kind, Any], Awaitable[None]]

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
            seen: set[Hashable] = set()
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

    async def changed(self, job: Job, changes: Any, unset: Sequence[str]) -> Mapping[str, Any]:
        """What a job is to be made of from now on, with changes, and with what is to be as if nobody had asked for it.

        Raises BadRequest for what are no changes, BadInput for what cannot be, WrongState before its end.
        """
        kind = kind_of(require_resting(job).kind)
        made = kind.changed(job.params, _given(changes, kind) | _usual(unset, kind), job.title, self.readiness.settings)
        await self.examine(kind, made.plan)
        return made.params

    async def _request(self, new: NewJob, seen: set[Hashable]) -> Request:
        """What a job is to be made of; what is like one of those `seen` is not looked at again.

        Raises BadInput for what cannot be.
        """
        kind = kind_of(new.kind)
        _check(new, kind)
        made = kind.plan(new.params, self.readiness.settings)
        alike = kind.name, made.alike
        if alike not in seen:
            await self.examine(kind, made.plan)
            seen.add(alike)
        return Request(kind.name, made.params, made.title, new.priority, new.publish_at)


def _check(new: NewJob, kind: Kind) -> None:
    """Raise BadInput for what no job can be asked for with."""
    if not isinstance(new.params, kind.params):
        raise BadInput(f"These are no params of the kind {kind.name}.", f"It takes {kind.params.__name__}.")
    require_priority(new.priority)
    if new.publish_at is None:
        return
    if not kind.dated:
        raise BadInput(f"Jobs of the kind {kind.name} have no hour to be seen.", "Leave `publish_at` out.")
    if not 0 <= new.publish_at <= LATEST:
        raise BadInput(f"{new.publish_at} is no time.", "Give seconds since 1970, such as 1796029200.")


def _given(changes: Any, kind: Kind) -> dict[str, Any]:
    """What is to be different, by the names of a kind's params. Raises BadRequest for what they do not have."""
    if changes is None:
        return {}
    if not isinstance(changes, Mapping):
        raise BadRequest("The changes are no object.", "See /v1/openapi.json.")
    _require_known(changes, kind)
    known = get_type_hints(kind.params, include_extras=True)
    for name, value in changes.items():
        try:
            msgspec.convert(value, known[name])
        except msgspec.ValidationError as exc:
            raise BadRequest(f"The request is not understood: changes.{name}: {exc}.", "See /v1/openapi.json.") from exc
    return {name: value for name, value in changes.items() if value is not None}


def _usual(unset: Sequence[str], kind: Kind) -> dict[str, Any]:
    """What of a kind's params is to be as if nobody had asked for it. Raises BadRequest for what has to be."""
    _require_known(unset, kind)
    usual = {field.name: field.default for field in fields(kind.params)}
    for name in unset:
        if usual[name] is MISSING:
            raise BadRequest(f"A job of the kind {kind.name} cannot be without its {name}.", "Give it another one.")
        if name == "seed":
            raise BadRequest("A job keeps its seed until it is given another one.", "Such as 7.")
    return {name: usual[name] for name in unset}


def _require_known(names: Iterable[str], kind: Kind) -> None:
    """Raise BadRequest for a name that a kind's params do not have."""
    known = [field.name for field in fields(kind.params)]
    if strange := [name for name in names if name not in known]:
        raise BadRequest(f"Jobs of the kind {kind.name} have no {strange[0]!r}.", f"They have {', '.join(known)}.")


def require_priority(priority: int) -> None:
    """Raises BadInput for what is no priority."""
    if abs(priority) > PRIORITY:
        raise BadInput(f"{priority} is no priority.", f"Give a number from -{PRIORITY} to {PRIORITY}.")


def digest_of(request: object) -> str:
    """What stands for a request when an idempotency key is used again."""
    return blake2b(msgspec.json.encode(request), digest_size=16).hexdigest()

"""Executions of a Cloud Run job, by its Admin API v2.

https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs/run
https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs.executions
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shortsd.domain.elsewhere import Ran
from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.providers.cloud.identity import Identity
from shortsd.providers.web.service import Service
from shortsd.providers.web.terms import Terms

JOB = re.compile(r"projects/[a-z0-9:.-]+/locations/[a-z0-9-]+/jobs/[a-z0-9-]+")
EXECUTION = re.compile(JOB.pattern + r"/executions/[a-z0-9-]+")
TERMS = Terms(whole_s=60.0)


@dataclass(frozen=True, slots=True)
class _Named:
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Operation:
    """google.longrunning.Operation; its metadata are the Execution."""

    metadata: _Named = _Named()


@dataclass(frozen=True, slots=True)
class _Condition:
    type: str = ""
    state: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Execution:
    """What is looked at of google.cloud.run.v2.Execution."""

    completionTime: str = ""  # noqa: N815 - as it is named there
    succeededCount: int = 0  # noqa: N815 - as above
    taskCount: int = 1  # noqa: N815 - as above
    conditions: list[_Condition] = field(default_factory=list)


class CloudRun:
    """domain.elsewhere.Executions of one job."""

    def __init__(self, job: str, address: str, identity: Identity) -> None:
        """Raises BadInput for what is no job's name."""
        if not JOB.fullmatch(job):
            raise BadInput(f"{job!r} is no job.", "Name it whole: projects/PROJECT/locations/REGION/jobs/NAME.")
        self._job = job
        self._identity = identity
        self._service = Service("Cloud Run", address, TERMS, secrets=identity.hidden)

    async def start(self, words: Sequence[str]) -> str:
        body = {"overrides": {"containerOverrides": [{"args": list(words)}]}}
        answer = await self._service.ask("POST", f"/v2/{self._job}:run", body=body, headers=await self._signed())
        name = self._service.decode(answer, _Operation).metadata.name
        if not EXECUTION.fullmatch(name):
            raise ServiceFailed(
                "Cloud Run did not say which execution it has started.", "Look at the job's executions."
            )
        return name

    async def look(self, name: str) -> tuple[Ran, str]:
        if not EXECUTION.fullmatch(name):
            return Ran.GONE, f"{name[:80]!r} is no execution"
        answer = await self._service.ask("GET", f"/v2/{name}", headers=await self._signed(), accept=(404,))
        if answer.status == 404:
            return Ran.GONE, "Cloud Run knows of the execution no more"
        return _judged(self._service.decode(answer, _Execution))

    async def close(self) -> None:
        """Let go of its connections."""
        await self._service.close()

    async def _signed(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {await self._identity.token()}"}


def _judged(found: _Execution) -> tuple[Ran, str]:
    """An execution has ended when it has a completion time; it did well if every task did."""
    if not found.completionTime:
        return Ran.UNDER_WAY, ""
    if found.succeededCount >= found.taskCount:
        return Ran.SUCCEEDED, ""
    said: Any = next((one.message for one in found.conditions if one.type == "Completed" and one.message), "")
    return Ran.FAILED, said or "the execution failed"

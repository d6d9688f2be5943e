"""Attempts at jobs: each is made by the pipeline of its kind, in a workspace of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shortsd.domain.job import Job
from shortsd.domain.witness import NOBODY, Witness
from shortsd.stages.kind import Attempt
from shortsd.stages.kinds import kind_of
from shortsd.stages.runner import Journal, Runner
from shortsd.stages.tools import Tools
from shortsd.stages.turns import Turns
from shortsd.stages.workspace import Workspace
from shortsd.store.jobs import Jobs


@dataclass(frozen=True, slots=True)
class Attempts:
    """Makes what jobs ask for. Workspaces lie under `work`, finished work under `output`."""

    tools: Tools
    jobs: Jobs
    work: Path
    output: Path
    min_free_bytes: int
    turns: Turns
    witness: Witness = NOBODY

    async def __call__(self, job: Job, journal: Journal) -> Mapping[str, Any]:
        """Do all stages of a job; what it made. Raises the ShortsError of the stage that failed."""
        workspace = Workspace(self.work / str(job.id), self.witness)
        runner = Runner(job.id, workspace, journal, self.min_free_bytes, self.witness)

        async def entitle(title: str) -> None:
            await self.jobs.entitle(job.id, title)

        attempt = Attempt(job, self.tools, runner, self.turns, entitle, self.output)
        return await kind_of(job.kind).make(attempt)

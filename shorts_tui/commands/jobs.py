"""What can be done to jobs."""

from shorts_tui.commands.base import Desk, JobCommand
from shortsd.domain.job import State

STOPPABLE = frozenset({State.SCHEDULED, State.QUEUED, State.RUNNING, State.REVIEW})
RETRYABLE = frozenset({State.FAILED, State.STOPPED, State.SUCCEEDED, State.QUEUED, State.REVIEW})

MANY = 1
"""More jobs than this are not stopped without a question: a key is easily hit."""


class Stop(JobCommand):
    """Stop jobs."""

    title = "Stop"
    keys = "s"
    tip = "Stop the job and its processes; what is finished of it is kept, and retry goes on from there."
    footer = "Stop"
    states = STOPPABLE

    async def run(self, desk: Desk) -> None:
        chosen = self.fitting(desk)
        if len(chosen.jobs) > MANY and not await desk.host.confirm(f"Stop {len(chosen.jobs)} jobs?", "Stop them"):
            return
        await chosen.each(lambda client, job: client.stop(job.id), "stopped")


class Retry(JobCommand):
    """Do jobs again."""

    title = "Retry"
    keys = "r"
    tip = "Do it again from where it failed or was stopped; a job that waits for its next try is tried now."
    footer = "Retry"
    states = RETRYABLE

    async def run(self, desk: Desk) -> None:
        await self.fitting(desk).each(lambda client, job: client.retry(job.id), "to be done again")

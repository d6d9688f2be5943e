"""What becomes of jobs: stopped, done again, put before others, approved of, deleted."""

from abc import abstractmethod
from typing import ClassVar

from shorts_tui.commands.base import Command, Desk, JobCommand, named
from shorts_tui.model import Job
from shorts_tui.screens.choose import Choice, Choose
from shorts_tui.screens.edit import Edit
from shortsd.client.client import Client
from shortsd.client.text import lasted
from shortsd.domain.job import ENDED, State
from shortsd.domain.stage import STAGES
from shortsd.wire.models import JobView

STOPPABLE = frozenset({State.SCHEDULED, State.QUEUED, State.RUNNING, State.REVIEW})
RETRYABLE = frozenset({State.FAILED, State.STOPPED, State.SUCCEEDED, State.QUEUED, State.REVIEW})
RESTING = ENDED | {State.REVIEW}
"""States in which a job can be made differently, or from a stage on."""

HIGHEST = 1000
"""The highest priority; the lowest is as far below 0."""


class _AskedOfSeveral(JobCommand):
    """What is done to one job at once, and to several after a question: a key is easily hit."""

    question: ClassVar[str]
    """With `{}` for how many there are."""
    done: ClassVar[str]

    async def run(self, desk: Desk) -> None:
        chosen = self.fitting(desk)
        several = len(chosen.jobs) > 1
        if not several or await desk.host.confirm(self.question.format(len(chosen.jobs)), f"{self.title} them"):
            await chosen.each(self.ask, self.done)

    @abstractmethod
    def ask(self, client: Client, job: Job) -> object:
        """Ask the daemon for it."""


class Stop(_AskedOfSeveral):
    """Stop jobs."""

    title = "Stop"
    keys = "s"
    tip = "Stop the job and its processes; what is finished of it is kept, and retry goes on from there."
    footer = "Stop"
    states = STOPPABLE
    question = "Stop {} jobs?"
    done = "stopped"

    def ask(self, client: Client, job: Job) -> object:
        return client.stop(job.id)


class Retry(JobCommand):
    """Do jobs again."""

    title = "Retry"
    keys = "r"
    tip = "Do it again from where it failed or was stopped; a job that waits for its next try is tried now."
    footer = "Retry"
    states = RETRYABLE

    async def run(self, desk: Desk) -> None:
        await self.fitting(desk).each(lambda client, job: client.retry(job.id), "to be done again")


class RetryFrom(JobCommand):
    """Do jobs again from a stage on."""

    title = "Retry from a stage"
    keys = "R"
    tip = "Do a stage and all after it again, whatever there is of them."
    states = RESTING

    async def run(self, desk: Desk) -> None:
        chosen = self.fitting(desk)
        names = [job.id for job in chosen.jobs]
        stage = await desk.host.put(Choose(f"{named(names)}: do again from", await _stages(chosen)))
        if stage is not None:
            await chosen.each(lambda client, job: client.retry(job.id, stage), f"to be done again from {stage}")


async def _stages(desk: Desk) -> list[Choice]:
    """The stages to choose from; of a single job with how they stand."""
    stands: dict[str, str] = {}
    if len(desk.jobs) == 1:
        number = desk.jobs[0].id
        job = await desk.ask(lambda client: client.job(number))
        stands = {
            stage.name: f"{stage.state} {lasted(stage.seconds) if stage.seconds else ''}".strip()
            for stage in job.stages
        }
    return [Choice(name, name, stands.get(name, ""), str(number)) for number, name in enumerate(stands or STAGES, 1)]


class RetryFailed(Command):
    """Do all again that failed."""

    title = "Retry all that failed"
    keys = "F"
    tip = "Do every job again that failed, each from where it did."
    group = "Jobs"

    def fits(self, desk: Desk) -> bool:
        return desk.host.known.counts[State.FAILED] > 0

    async def run(self, desk: Desk) -> None:
        failed = [job for job in desk.host.known.jobs.values() if job.state == State.FAILED]
        estimate = await desk.ask(lambda client: client.estimate_all(job.kind for job in failed))
        takes = f"That takes about {lasted(estimate.seconds)} on this machine, or less where work was kept."
        these = f"Do {named([job.id for job in failed]).lower()} again?"
        if await desk.host.confirm(f"{these}\n{takes}", "Do it"):
            await Desk(desk.host, desk.page, failed).each(lambda client, job: client.retry(job.id), "to be done again")


class _Prioritize(JobCommand):
    """Let jobs be made earlier or later."""

    states = frozenset(State) - ENDED
    by = 0

    async def run(self, desk: Desk) -> None:
        chosen = self.fitting(desk)
        if len(chosen.jobs) > 1:
            await chosen.each(self._put, "put before others" if self.by > 0 else "put behind others")
            return
        job = await chosen.ask(lambda client: self._put(client, chosen.jobs[0]))
        desk.host.tell(f"Job {job.id} has priority {job.priority}; the higher are made first.")

    def _put(self, client: Client, job: Job) -> JobView:
        now = client.job(job.id).priority  # not the job's own: a key may be hit again before its event has come
        return client.prioritize(job.id, max(-HIGHEST, min(HIGHEST, now + self.by)))


class Earlier(_Prioritize):
    """Let jobs be made earlier."""

    title = "Make earlier"
    keys = "plus,equals_sign"
    tip = "Raise the priority: the higher are made first, then the older."
    by = 1


class Later(_Prioritize):
    """Let jobs be made later."""

    title = "Make later"
    keys = "minus"
    tip = "Lower the priority: the higher are made first, then the older."
    by = -1


class Approve(_AskedOfSeveral):
    """Let jobs in review go on."""

    title = "Approve"
    keys = "a"
    tip = "Let a job that waits for your approval go on."
    states = frozenset({State.REVIEW})
    question = "Approve {} jobs? What was not looked at may be published."
    done = "approved"

    def ask(self, client: Client, job: Job) -> object:
        return client.approve(job.id)


class Change(JobCommand):
    """Have a job made differently."""

    title = "Change"
    keys = "e"
    tip = "Give it another title, text or pictures; what these leave as it was is not made again."
    states = RESTING

    async def run(self, desk: Desk) -> None:
        number = self.fitting(desk).jobs[0].id
        job = await desk.ask(lambda client: client.job(number))
        made = await desk.ask(lambda client: client.material(number))
        if await desk.host.put(Edit(desk, job, made)):
            desk.host.tell(f"Job {number} is made differently.")


class Delete(JobCommand):
    """Take ended jobs from the list."""

    title = "Delete from the list"
    keys = "d,delete"
    tip = "Forget a job that has ended, with its log and working files; its finished short stays."
    states = ENDED

    async def run(self, desk: Desk) -> None:
        chosen = self.fitting(desk)
        names = named([job.id for job in chosen.jobs]).lower()
        lost = "The log and the working files go for good; the finished short stays."
        if await desk.host.confirm(f"Delete {names} from the list?\n{lost}", "Delete"):
            await chosen.each(lambda client, job: client.delete(job.id), "deleted")

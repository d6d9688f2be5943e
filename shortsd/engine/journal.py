"""Keeps what happens to a job's stages in the store and the log, and tells who listens."""

import asyncio

from shortsd.domain.events import Event
from shortsd.domain.finish import finish
from shortsd.domain.job import Job
from shortsd.domain.ports import Clock, Log
from shortsd.engine.bus import Bus
from shortsd.engine.joblog import JobLogs
from shortsd.engine.tracker import Tracker
from shortsd.store.stages import StageRuns

INTERVAL_S = 0.04
"""Between two samples of progress of a job: no eye sees more than 25 a second."""


class JobJournal:
    """The journal of one attempt at a job (stages.runner.Journal)."""

    def __init__(self, job: Job, tracker: Tracker, runs: StageRuns, logs: JobLogs, bus: Bus, clock: Clock) -> None:
        self._job = job
        self._tracker = tracker
        self._runs = runs
        self._logs = logs
        self._bus = bus
        self._clock = clock
        self._run: int | None = None
        self.warnings: list[str] = []
        """What a user should know of how the short was made."""
        self._sampled = float("-inf")

    async def started(self, stage: str, mark: str) -> None:
        self._run = None
        await finish(asyncio.create_task(self._begin(stage, mark)))

    async def _begin(self, stage: str, mark: str) -> None:
        """Record and remember the run together: one that is recorded can be told to have ended."""
        self._run = await self._runs.start(self._job.id, self._job.attempt, stage, mark)
        self._tracker.started(stage)

    async def finished(self, stage: str, outcome: str) -> None:
        if outcome != "reused":  # which its runner has told with the fingerprint
            self._logs.write(self._job.id, f"[{stage}] {outcome}")
        self._tracker.finished(whole=outcome in ("done", "reused"))
        if self._run is not None:
            await self._runs.finish(self._run, outcome)
        self._sample()

    def progressed(self, stage: str, done: float, total: float, message: str) -> None:
        del stage  # the one that was started
        self._tracker.progressed(done, total, message)
        if done <= 0 or abs(self._clock() - self._sampled) >= INTERVAL_S:
            self._sample()

    def log(self, stage: str) -> Log:
        return self._logs.stage(self._job.id, stage, self.warnings.append)

    def _sample(self) -> None:
        self._sampled = self._clock()
        self._bus.publish(Event(None, self._sampled, "progress", self._job.id, sample(self._tracker)))


def sample(tracker: Tracker) -> dict[str, object]:
    """How far a job is, as it is told."""
    return {
        "percent": tracker.percent,
        "eta_s": tracker.eta_s(),
        "stage": tracker.stage,
        "stage_percent": tracker.stage_percent,
        "message": tracker.message,
    }

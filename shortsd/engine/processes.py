"""The daemon's processes as clients see them: by job and stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shortsd.domain.job import AT_WORK, Job
from shortsd.domain.ports import Clock
from shortsd.domain.process import ChildRecord
from shortsd.engine.tracker import Tracker
from shortsd.processes.children import ChildProcesses
from shortsd.processes.samples import Sample, Sampler
from shortsd.store.jobs import Jobs
from shortsd.store.selection import EVERYTHING, Selection
from shortsd.wire.figures import JobProcesses, ProcessTree, ProcessView, StageProcesses

DAEMON = "shortsd"


@dataclass(frozen=True, slots=True)
class Processes:
    """Looks at all of them. `running` holds the tracker of each job that runs."""

    children: ChildProcesses
    jobs: Jobs
    running: Mapping[int, Tracker]
    clock: Clock
    sampler: Sampler = field(default_factory=Sampler)

    async def __call__(self) -> ProcessTree:
        """The tree at this moment. Raises Unavailable."""
        jobs = await self.jobs.select(Selection(states=AT_WORK, limit=EVERYTHING))
        samples = await self.sampler()
        # From here on nothing waits: what is put together belongs together.
        records = {record.pid: record for record in self.children.running()}
        views = self._views(samples, {samples[0].pid: DAEMON, **{pid: one.name for pid, one in records.items()}})
        records = {pid: record for pid, record in records.items() if pid in views}
        return ProcessTree(
            daemon=replace(views[samples[0].pid], children=[]),
            jobs=[
                self._job(job, [one for one in records.values() if one.job == job.id], views) for job in reversed(jobs)
            ],
            others=[views[one.pid] for one in records.values() if not one.job],
        )

    def _job(self, job: Job, records: Sequence[ChildRecord], views: Mapping[int, ProcessView]) -> JobProcesses:
        tracker = self.running.get(job.id)
        present = [str(tracker.stage)] if tracker and tracker.stage else []
        stages = [
            StageProcesses(
                stage=stage,
                message=tracker.message if tracker and stage in present else "",
                processes=[views[one.pid] for one in records if one.stage == stage],
            )
            for stage in dict.fromkeys([*present, *(one.stage for one in records)])
        ]
        percent = tracker.percent if tracker else job.percent
        return JobProcesses(job=job.id, title=job.title, percent=percent, stages=stages)

    def _views(self, samples: Sequence[Sample], names: Mapping[int, str]) -> Mapping[int, ProcessView]:
        """A view of each process, with those of its children in it. `names` are those that we gave."""
        now, views = self.clock(), dict[int, ProcessView]()
        for one in reversed(samples):  # children are younger than their parents
            views[one.pid] = ProcessView(
                pid=one.pid,
                name=names.get(one.pid, one.name),
                age_s=max(0.0, now - one.started_at),
                cpu_percent=round(one.cpu_percent, 1),
                memory_bytes=one.memory_bytes,
                quiet_s=self.children.quiet_s(one.pid),
                children=[views[child.pid] for child in samples if child.parent == one.pid and child.pid in views],
            )
        return views

"""What jobs will take on this machine, and who does the work: told before many of them are asked for."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from shortsd.config.settings import Settings
from shortsd.domain.stage import StageName
from shortsd.stages.kind import Kind
from shortsd.stages.kinds import kind_of
from shortsd.stages.tools import Tools
from shortsd.store.stages import StageRuns
from shortsd.wire.channel import Estimate


@dataclass(frozen=True, slots=True)
class Estimates:
    """Of jobs of a kind, by what is configured by now. `prospects` tells what stands in the way of publishing."""

    runs: StageRuns
    settings: Callable[[], Settings]
    tools: Callable[[], Tools]
    prospects: Callable[[], Awaitable[Sequence[str]]]

    async def __call__(self, name: str, jobs: int) -> Estimate:
        """What so many jobs of a kind will take. Raises BadInput for a kind that there is not, Unavailable."""
        kind = kind_of(name)
        usual = await self.runs.usual_seconds(name)
        each = {stage: usual.get(stage, pace.seconds) for stage, pace in kind.stages.items()}
        if kind.fetches:
            seconds = jobs * sum(each.values()) / min(max(1, jobs), self.settings().channels.at_once)
        else:
            seconds = self._seconds(jobs, sum(each.values()), each.get(StageName.RENDER, 0.0))
        return Estimate(jobs=jobs, seconds=seconds, uses=await self._uses(kind))

    def _seconds(self, jobs: int, whole: float, render: float) -> float:
        """Of jobs that take `whole` seconds each, `render` of them all of the machine's, the rest while others do."""
        places = min(max(1, jobs), self.settings().daemon.max_parallel_jobs)
        if not self.tools().remote:
            return jobs * whole / places
        return whole - render + jobs * render / places

    async def _uses(self, kind: Kind) -> list[str]:
        published = StageName.PUBLISH in kind.stages
        return [*kind.uses(self.tools()), *(await self.prospects() if published else ())]

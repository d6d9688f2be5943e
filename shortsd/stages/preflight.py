"""What is looked at before a job is accepted, so that bad input is told at once and makes no job."""

import logging
from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.finish import in_thread
from shortsd.media import looks
from shortsd.stages.plan import Plan
from shortsd.stages.sentences import spoken
from shortsd.stages.tools import Tools

logger = logging.getLogger("shortsd.preflight")


async def preflight(plan: Plan, tools: Tools) -> None:
    """Raise BadInput for a story, a voice, pictures, a music file or a look that cannot be used."""
    if plan.story is not None:
        spoken(plan.story, plan.voice)
    await tools.voice.check(plan.voice)
    if plan.images is not None:
        await tools.folder(Path(plan.images), plan.fit).check(NoJob("images"))
    if plan.picture:
        files = {scene: Path(file) for scene, file in plan.picture}
        await tools.instead(tools.found(plan.fit), files, plan.fit).check(NoJob("images"))
    if plan.music is not None:
        await tools.file(Path(plan.music)).check(NoJob("music"))
    if plan.look is not None:
        look = await in_thread(looks.resolve, plan.look)
        await tools.workers.call("shortsd.media.looks:examine", {"look": str(look)}, NoJob("look"))


@dataclass(frozen=True, slots=True)
class NoJob:
    """The desk of work that belongs to no job, and the log on it: what is told goes to the daemon's log."""

    stage: str
    job: int = 0

    @property
    def log(self) -> "NoJob":
        return self

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Nobody follows."""

    def info(self, message: str) -> None:
        logger.debug(message)

    def warning(self, message: str) -> None:
        logger.info(message)

    def output(self, source: str, *lines: str) -> None:
        logger.debug("output", extra={"source": source, "lines": lines})

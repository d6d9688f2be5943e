"""The groundwork of a short: its story, voice, pictures and captions, all that a frame of it shows is made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from shortsd.domain.finish import in_thread
from shortsd.domain.stage import StageName
from shortsd.domain.story import Story
from shortsd.media.fonts import install
from shortsd.stages import captions, images, story, voice
from shortsd.stages.plan import Plan
from shortsd.stages.runner import Done, Work
from shortsd.stages.tools import Tools

R = TypeVar("R")


class Stages(Protocol):
    """Does stages, or finds what they have made."""

    @property
    def job(self) -> int:
        """Whose they are; 0 for nobody's."""
        ...

    async def run(
        self,
        stage: str,
        inputs: Mapping[str, Any],
        kind: type[R],
        work: Callable[[Work], Awaitable[R]],
        files: Sequence[str] = (),
    ) -> Done[R]:
        """What a stage made whose result depends on `inputs` alone, and which writes `files`."""
        ...


@dataclass(frozen=True, slots=True)
class Cover:
    """What the thumbnail shows."""

    title: str
    """Set on it; empty where the picture says it."""
    frames: tuple[int, ...] | None = None
    """It is the best of these; None for any of the film."""


@dataclass(frozen=True, slots=True)
class Groundwork:
    """Everything that comes before a frame is drawn."""

    plan: Plan
    tools: Tools
    stages: Stages

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a frame, in pixels."""
        return self.plan.width, self.plan.height

    @property
    def still_s(self) -> float | None:
        """For how many seconds nothing has to move; None if as in a short."""
        return None

    @property
    def sheet(self) -> Path | None:
        """A file in which people edit what is told, if there is such a one."""
        return None

    def cover(self, told: Story) -> Cover:
        """What the thumbnail shows."""
        return Cover(told.title)

    async def lay_out(self, told: Done[Story]) -> None:
        """Have what is told lie where people edit it, where they can."""

    async def tell(self) -> Done[Story]:
        plan, teller = self.plan, self.tools.teller
        inputs: dict[str, Any] = {"topic": plan.topic, "story": plan.story, "title": plan.title}
        if plan.story is None:
            inputs |= {"writer": teller.writer.key, "seed": plan.seed}
        if plan.url is not None:
            inputs["url"] = plan.url
        articles = self.tools.articles
        return await self.stages.run(
            StageName.STORY, inputs, Story, lambda work: story.story(plan, teller, articles, work)
        )

    async def speak(self, told: Done[Story]) -> Done[voice.Narration]:
        tools, name = self.tools, self.plan.voice
        inputs = {"text": told.result.text, "voice": name, "speaker": tools.voice.key}

        async def work(work: Work) -> voice.Narration:
            speakers = await tools.voice.speakers(name)
            return await voice.voice(told.result, self.plan, speakers, tools.children, tools.ffmpeg, work)

        return await self.stages.run(StageName.VOICE, inputs, voice.Narration, work, (voice.FILE,))

    async def picture(self, told: Done[Story], spoken: Done[voice.Narration]) -> Done[images.Gallery]:
        plan, tools, tale = self.plan, self.tools, told.result
        source, seed = tools.pictures(plan), plan.seed
        keywords = [brief.keywords for brief in images.briefs(spoken.result, tale, seed)]
        inputs = {"voice": spoken.mark, "source": source.key, "mood": tale.mood, "seed": seed, "size": self.size}
        inputs |= {"keywords": keywords}

        async def work(work: Work) -> images.Gallery:
            return await images.images(spoken.result, tale, seed, self.size, source, tools.ledger, work)

        return await self.stages.run(StageName.IMAGES, inputs, images.Gallery, work)

    async def caption(self, spoken: Done[voice.Narration]) -> Done[captions.Captions]:
        tools = self.tools
        look = self.plan.captions
        inputs = {"voice": spoken.mark, "size": self.size, "font": tools.fonts.family, "look": asdict(look)}

        async def work(work: Work) -> captions.Captions:
            await in_thread(install, tools.fonts.folder)
            return await captions.captions(spoken.result, self.size, look, tools.fonts, tools.workers, work)

        return await self.stages.run(StageName.CAPTIONS, inputs, captions.Captions, work, (captions.FILE,))

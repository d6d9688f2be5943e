"""The way of a short, stage by stage. Each is given what it depends on, and nothing else decides about its result."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shortsd.domain.finish import in_thread
from shortsd.domain.job import Job
from shortsd.domain.ports import Published
from shortsd.domain.stage import StageName
from shortsd.domain.story import Story
from shortsd.domain.witness import NOBODY, Witness
from shortsd.media.fonts import install
from shortsd.stages import captions, check, images, publish, render, story, thumbnail, voice
from shortsd.stages.plan import Plan
from shortsd.stages.runner import Done, Journal, Runner, Work
from shortsd.stages.tools import Tools
from shortsd.stages.workspace import Workspace
from shortsd.store.jobs import Jobs


@dataclass(frozen=True, slots=True)
class ShortPipeline:
    """Makes shorts: the pipeline of jobs of the kind `short`. Workspaces lie under `work`."""

    tools: Tools
    jobs: Jobs
    work: Path
    min_free_bytes: int
    witness: Witness = NOBODY

    async def __call__(self, job: Job, journal: Journal) -> dict[str, Any]:
        """Do all stages of a job; what it made. Raises the ShortsError of the stage that failed."""
        workspace = Workspace(self.work / str(job.id), self.witness)
        runner = Runner(job.id, workspace, journal, self.min_free_bytes, self.witness)
        return await _Short(job, Plan.of(job.params), self.tools, self.jobs, runner).make()


@dataclass(frozen=True, slots=True)
class _Short:
    """One short on its way."""

    job: Job
    plan: Plan
    tools: Tools
    jobs: Jobs
    runner: Runner

    async def make(self) -> dict[str, Any]:
        told = await self._story()
        spoken = await self._voice(told)
        gallery = await self._images(told, spoken)
        titles = await self._captions(spoken)
        film = await self._render(told, spoken, gallery, titles)
        cover = await self._thumbnail(told, gallery, film)
        report = await self._check(film)
        published = await self._publish(told, gallery, film, cover, report)
        return {
            **asdict(published.result),
            "title": told.result.title,
            "duration_s": film.result.duration_s,
            "checks": [asdict(one) for one in report.result.checks],
        }

    @property
    def _size(self) -> tuple[int, int]:
        return self.plan.width, self.plan.height

    async def _story(self) -> Done[Story]:
        plan, writer = self.plan, self.tools.writer
        inputs: dict[str, Any] = {"topic": plan.topic, "story": plan.story, "title": plan.title}
        if plan.story is None:
            inputs |= {"writer": writer.key, "seed": plan.seed}
        done = await self.runner.run(StageName.STORY, inputs, Story, lambda work: story.story(plan, writer, work))
        if done.result.title != self.job.title:
            await self.jobs.entitle(self.job.id, done.result.title)
        return done

    async def _voice(self, told: Done[Story]) -> Done[voice.Narration]:
        tools, name = self.tools, self.plan.voice
        inputs = {"text": told.result.text, "voice": name, "speaker": tools.voice.key}

        async def work(work: Work) -> voice.Narration:
            return await voice.voice(told.result, self.plan, tools.voice, tools.children, tools.ffmpeg, work)

        return await self.runner.run(StageName.VOICE, inputs, voice.Narration, work, (voice.FILE,))

    async def _images(self, told: Done[Story], spoken: Done[voice.Narration]) -> Done[images.Gallery]:
        source, mood, seed = self.tools.pictures(self.plan.images), told.result.mood, self.plan.seed
        inputs = {"voice": spoken.mark, "source": source.key, "mood": mood, "seed": seed, "size": self._size}

        async def work(work: Work) -> images.Gallery:
            return await images.images(spoken.result, mood, seed, self._size, source, work)

        return await self.runner.run(StageName.IMAGES, inputs, images.Gallery, work)

    async def _captions(self, spoken: Done[voice.Narration]) -> Done[captions.Captions]:
        tools = self.tools
        look = self.plan.captions
        inputs = {"voice": spoken.mark, "size": self._size, "font": tools.fonts.family, "look": asdict(look)}

        async def work(work: Work) -> captions.Captions:
            await in_thread(install, tools.fonts.folder)
            return await captions.captions(spoken.result, self._size, look, tools.fonts, tools.workers, work)

        return await self.runner.run(StageName.CAPTIONS, inputs, captions.Captions, work, (captions.FILE,))

    async def _render(
        self,
        told: Done[Story],
        spoken: Done[voice.Narration],
        gallery: Done[images.Gallery],
        titles: Done[captions.Captions],
    ) -> Done[render.Render]:
        tools, plan, mood = self.tools, self.plan, told.result.mood
        music = tools.music(plan.music)
        studio = render.Studio(tools.children, tools.ffmpeg, tools.fonts, tools.encoding, tools.stall_s, music)
        marks = [spoken.mark, gallery.mark, titles.mark]
        inputs = {"made": marks, "music": music.key, "mood": mood, "seed": plan.seed, "size": self._size}
        inputs |= {"fps": plan.fps, "cuts": plan.cuts, "look": plan.look, "encoding": asdict(tools.encoding)}

        async def work(work: Work) -> render.Render:
            await in_thread(install, tools.fonts.folder)  # without them libass would take any other font
            return await render.render(plan, mood, spoken, gallery, titles.folder / captions.FILE, studio, work)

        return await self.runner.run(StageName.RENDER, inputs, render.Render, work, (render.FILE,))

    async def _thumbnail(
        self, told: Done[Story], gallery: Done[images.Gallery], film: Done[render.Render]
    ) -> Done[thumbnail.Thumbnail]:
        tools, title = self.tools, told.result.title
        inputs = {"render": film.mark, "title": title, "font": tools.fonts.family}

        async def work(work: Work) -> thumbnail.Thumbnail:
            await in_thread(install, tools.fonts.folder)
            return await thumbnail.thumbnail(title, film.folder, gallery.folder, tools.fonts, tools.workers, work)

        return await self.runner.run(StageName.THUMBNAIL, inputs, thumbnail.Thumbnail, work, (thumbnail.FILE,))

    async def _check(self, film: Done[render.Render]) -> Done[check.Report]:
        plan, tools = self.plan, self.tools

        async def work(work: Work) -> check.Report:
            return await check.check(film.folder / render.FILE, plan, film.result, tools.children, tools.ffmpeg, work)

        return await self.runner.run(StageName.CHECK, {"render": film.mark}, check.Report, work)

    async def _publish(
        self,
        told: Done[Story],
        gallery: Done[images.Gallery],
        film: Done[render.Render],
        cover: Done[thumbnail.Thumbnail],
        report: Done[check.Report],
    ) -> Done[Published]:
        publisher, title = self.tools.publisher, told.result.title
        said = publish.metadata(self.plan, told.result, gallery.result, film.result, report.result)
        # What was published lies outside of the workspace, where others may take it away: every attempt does it again.
        inputs = {"publisher": publisher.key, "attempt": self.job.attempt, "cover": cover.mark, "check": report.mark}
        video, picture = film.folder / render.FILE, cover.folder / thumbnail.FILE

        async def work(work: Work) -> Published:
            return await publish.publish(self.job, title, video, picture, said, publisher, work)

        return await self.runner.run(StageName.PUBLISH, inputs, Published, work)

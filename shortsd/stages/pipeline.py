"""The way of a short, stage by stage. Each is given what it depends on, and nothing else decides about its result."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from typing import Any

from shortsd.domain import voice_ids
from shortsd.domain.finish import in_thread
from shortsd.domain.gates import Gate, Held
from shortsd.domain.job import Job
from shortsd.domain.ports import Log, Publication, Published
from shortsd.domain.stage import StageName
from shortsd.domain.story import Story
from shortsd.media.encoders import EncodeSettings, expected_codec
from shortsd.media.fonts import install
from shortsd.media.judging import Expected, Lettering
from shortsd.stages import captions, check, images, publish, render, thumbnail, voice
from shortsd.stages.footage import Camera
from shortsd.stages.groundwork import Groundwork, Stages
from shortsd.stages.kind import Attempt
from shortsd.stages.plan import Plan
from shortsd.stages.runner import Done, Runner, Work
from shortsd.stages.sight import Look
from shortsd.stages.tools import Tools

Ground = Callable[[Mapping[str, Any], Tools, Stages], Groundwork]
"""How a job's groundwork is found by its params."""


async def make(attempt: Attempt, ground: Ground) -> dict[str, Any]:
    """Do all stages of a short on its groundwork; what it made. Raises the ShortsError of the stage that failed."""
    tools = replace(attempt.tools, encoding=await encoding(attempt.tools, attempt.runner.journal.log(StageName.RENDER)))
    return await _Short(attempt, ground(attempt.job.params, tools, attempt.runner)).make()


async def encoding(tools: Tools, log: Log) -> EncodeSettings:
    """What works here of what is wished for; a warning, if somebody named what does not."""
    choice = await tools.encoders.choose(tools.encoding)
    if choice.warning:
        log.warning(choice.warning)
    return choice.settings


@dataclass(frozen=True, slots=True)
class _Short:
    """One short on its way."""

    attempt: Attempt
    ground: Groundwork

    @property
    def job(self) -> Job:
        return self.attempt.job

    @property
    def runner(self) -> Runner:
        return self.attempt.runner

    @property
    def plan(self) -> Plan:
        return self.ground.plan

    @property
    def tools(self) -> Tools:
        return self.ground.tools

    async def make(self) -> dict[str, Any]:
        """Do all stages. A render, which takes all of a machine, waits for its turn; nothing else does."""
        told = await self._story()
        spoken = await self.ground.speak(told)
        gallery = await self.ground.picture(told, spoken)
        titles = await self.ground.caption(spoken)
        check.require_letters(self._lettering(told, titles))
        self._require(Gate.RENDER, told, spoken, gallery, titles)
        film = await self._render(told, spoken, gallery, titles)
        cover = await self._thumbnail(told, gallery, film)
        report = await self._check(told, titles, film)
        self._require(Gate.PUBLISH, told, film, cover)
        published = await self._publish(told, spoken, gallery, titles, film, cover, report)
        return {
            **{name: value for name, value in asdict(published.result).items() if value and name != "warnings"},
            **({"script": str(self.ground.sheet)} if self.ground.sheet else {}),
            "title": told.result.title,
            "duration_s": film.result.duration_s,
            "checks": [asdict(one) for one in report.result.checks],
        }

    def _require(self, gate: Gate, *made: Done[Any]) -> None:
        """Raises Held if somebody is to look at what was made before the job goes on, and has not approved of it."""
        held = " ".join([gate, *(one.mark for one in made)])
        if self.plan.review is gate and self.job.approved != held:
            raise Held(gate, held)

    def _turn(self) -> AbstractAsyncContextManager[None]:
        turns = self.attempt.turns
        if not turns.free:
            self.runner.journal.log(StageName.RENDER).info("waits for its turn")
        return turns.take(self.job.priority, self.job.id)

    async def _story(self) -> Done[Story]:
        done = await self.ground.tell()
        await self.ground.lay_out(done)
        if done.result.title != self.job.title:
            await self.attempt.entitle(done.result.title)
        return done

    async def _render(
        self,
        told: Done[Story],
        spoken: Done[voice.Narration],
        gallery: Done[images.Gallery],
        titles: Done[captions.Captions],
    ) -> Done[render.Render]:
        tools, plan, mood = self.tools, self.plan, told.result.mood
        music = tools.music(plan.music)
        look = await asyncio.to_thread(Look.of, plan, told.result.title)
        camera = Camera(
            tools.children, tools.ffmpeg, tools.fonts, tools.encoding, tools.stall_s, tools.parallel_encoders
        )
        studio = render.Studio(camera, music)
        marks = [spoken.mark, gallery.mark, titles.mark]
        inputs = {"made": marks, "music": music.key, "mood": mood, "seed": plan.seed, "size": self.ground.size}
        inputs |= {"fps": plan.fps, "cuts": plan.cuts, "look": look and look.facts(plan)}
        inputs |= {"encoding": asdict(tools.encoding)}

        async def work(work: Work) -> render.Render:
            await in_thread(install, tools.fonts.folder)  # without them libass would take any other font
            ass = titles.folder / captions.FILE
            return await render.render(plan, mood, spoken, gallery, ass, look, studio, work)

        files = (render.FILE,)
        there = await self.runner.has(StageName.RENDER, inputs, render.Render, files)
        async with nullcontext() if there else self._turn():
            return await self.runner.run(StageName.RENDER, inputs, render.Render, work, files)

    async def _thumbnail(
        self, told: Done[Story], gallery: Done[images.Gallery], film: Done[render.Render]
    ) -> Done[thumbnail.Thumbnail]:
        tools, cover = self.tools, self.ground.cover(told.result)
        inputs: dict[str, Any] = {"render": film.mark, "title": cover.title, "font": tools.fonts.family}
        inputs |= {"frames": cover.frames} if cover.frames else {}

        async def work(work: Work) -> thumbnail.Thumbnail:
            await in_thread(install, tools.fonts.folder)
            return await thumbnail.thumbnail(cover, film.folder, gallery.folder, tools.fonts, tools.workers, work)

        return await self.runner.run(StageName.THUMBNAIL, inputs, thumbnail.Thumbnail, work, (thumbnail.FILE,))

    async def _check(
        self, told: Done[Story], titles: Done[captions.Captions], film: Done[render.Render]
    ) -> Done[check.Report]:
        plan, tools = self.plan, self.tools
        codec = expected_codec(tools.encoding)
        expected = Expected(plan.width, plan.height, plan.fps, film.result.duration_s, codec)
        if self.ground.still_s is not None:
            expected = replace(expected, frozen_s=self.ground.still_s)
        lettering = self._lettering(told, titles)

        async def work(work: Work) -> check.Report:
            file = film.folder / render.FILE
            return await check.check(file, expected, lettering, tools.children, tools.ffmpeg, work)

        return await self.runner.run(StageName.CHECK, {"render": film.mark}, check.Report, work)

    def _lettering(self, told: Done[Story], titles: Done[captions.Captions]) -> Lettering:
        words = titles.result
        return Lettering(told.result.text, words.lines, words.outside, words.missing)

    async def _publish(
        self,
        told: Done[Story],
        spoken: Done[voice.Narration],
        gallery: Done[images.Gallery],
        titles: Done[captions.Captions],
        film: Done[render.Render],
        cover: Done[thumbnail.Thumbnail],
        report: Done[check.Report],
    ) -> Done[Published]:
        publisher = self.tools.publisher
        made = told.result, spoken.result, gallery.result, film.result, report.result
        said = publish.metadata(self.plan, *made)
        # What was published lies outside of the workspace, where others may take it away: every attempt does it again.
        inputs = {"publisher": publisher.key, "attempt": self.job.attempt, "cover": cover.mark, "check": report.mark}
        publication = Publication(
            job=self.job.id,
            created_at=self.job.created_at,
            title=told.result.title,
            video=film.folder / render.FILE,
            thumbnail=cover.folder / thumbnail.FILE,
            srt=titles.folder / captions.SRT,
            vtt=titles.folder / captions.VTT,
            metadata=said,
            language=voice_ids.language(self.plan.voice) or "en",
            publish_at=self.job.publish_at,
        )

        async def work(work: Work) -> Published:
            return await publish.publish(publication, publisher, work)

        return await self.runner.run(StageName.PUBLISH, inputs, Published, work)

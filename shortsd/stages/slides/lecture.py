"""A lecture: the groundwork of a video whose pictures are slides."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from shortsd.domain.finish import in_thread
from shortsd.domain.keywords import keywords
from shortsd.domain.slides import Script, Theme
from shortsd.domain.stage import StageName
from shortsd.domain.story import Article, Story
from shortsd.domain.text import cut, words
from shortsd.stages import images, voice
from shortsd.stages.groundwork import Cover, Groundwork
from shortsd.stages.plan import Plan
from shortsd.stages.runner import Done, Work
from shortsd.stages.slides import outline
from shortsd.stages.slides.beside import Beside
from shortsd.stages.slides.drawing import Studio, draw
from shortsd.stages.slides.file import ScriptFile
from shortsd.stages.slides.moments import moments, sources, spoken_text, telling, without_pictures
from shortsd.stages.slides.reading import read
from shortsd.stages.slides.writing import written
from shortsd.stages.story import DESCRIPTION, TITLE
from shortsd.stages.workspace import fingerprint

VERSION = 1
"""Raised when another script comes to be made of the same text."""
MARKDOWN, DATA = "script.md", "script.json"
MOOD = "wonder"
STILL_S = 300.0
"""What a slide may stand still: it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlidesPlan:
    """A lecture to be made."""

    theme: Theme
    article_pictures: bool
    """Whether pictures that the text names by their addresses are fetched and shown."""
    words: int
    """About how many are said of an article."""
    film: Plan
    """What it is about, and how it sounds."""
    folder: str | None = None
    """That of the text, where pictures are that it names by their files; None if it shows none of these."""

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> "SlidesPlan":
        """The plan that a job's row holds."""
        return msgspec.convert(params, cls)


@dataclass(frozen=True, slots=True)
class Lecture(Groundwork):
    """The stages of a short, of which story, voice and pictures are a lecture's."""

    slides: SlidesPlan

    @property
    def still_s(self) -> float | None:
        return STILL_S

    @property
    def sheet(self) -> Path:
        return self._file.path

    async def tell(self) -> Done[Story]:
        """The script: the one that somebody has edited, or else one of the text or the article."""
        edited = await in_thread(self._file.edited, self._source)
        inputs = {"slides": VERSION, "title": self.plan.title, "url": self.plan.url, **self._origin(edited)}
        inputs |= {"files": True} if self.slides.folder else {}

        async def work(work: Work) -> Story:
            script, article = await self._script(edited, work)
            await in_thread(_keep, script, edited, work.folder)
            told = self._story(script, article)
            count = len(words(told.text))
            work.log.info(f"“{told.title}”, {len(script.slides)} slides, {count} words")
            work.progress(count, count)
            return told

        return await self.stages.run(StageName.STORY, inputs, Story, work, (MARKDOWN, DATA))

    async def speak(self, told: Done[Story]) -> Done[voice.Narration]:
        """Every sentence; those that were spoken before are not spoken again, wherever they stand now."""
        tools, name = self.tools, self.plan.voice
        said = telling(await self._shown(told), name)
        inputs = {"sentences": said.sentences, "quiet": asdict(said.quiet), "voice": name, "speaker": tools.voice.key}

        async def work(work: Work) -> voice.Narration:
            speakers = await tools.voice.speakers(name)
            return await voice.read(said.sentences, None, speakers, tools.children, tools.ffmpeg, work, said.quiet)

        return await self.stages.run(StageName.VOICE, inputs, voice.Narration, work, (voice.FILE,))

    async def picture(self, told: Done[Story], spoken: Done[voice.Narration]) -> Done[images.Gallery]:
        """The slides, moment by moment."""
        tools, plan = self.tools, self.plan
        script = await self._shown(told)
        seen = moments(script)
        files = await self._beside.marks(sources(seen)) if self._beside else {}
        studio = Studio(
            drawers=tools.drawers,
            workers=tools.workers,
            pages=tools.articles,
            beside=self._beside,
            files=files,
            fonts=tools.fonts,
            theme=self.slides.theme,
            size=self.size,
            captions=plan.captions,
        )
        inputs = {"voice": spoken.mark, "drawers": [drawer.key for drawer in tools.drawers], **studio.key}
        inputs |= {"slides": [asdict(moment) for moment in seen], **({"files": files} if files else {})}

        async def work(work: Work) -> images.Gallery:
            pictures = await draw(seen, studio, work)
            spans = telling(script, plan.voice).spans(spoken.result)
            return images.Gallery(tuple(spans), tuple(pictures))

        return await self.stages.run(StageName.IMAGES, inputs, images.Gallery, work)

    def cover(self, told: Story) -> Cover:
        """The first slide, which needs no title."""
        del told
        return Cover("", (0,))

    async def lay_out(self, told: Done[Story]) -> None:
        """Have the script lie where people edit it. Raises DiskFull, Unavailable."""
        markdown = await in_thread((told.folder / MARKDOWN).read_text, "utf-8")
        await in_thread(self._file.lay_out, markdown, self._source)

    @property
    def _file(self) -> ScriptFile:
        return ScriptFile.of(self.tools.output, self.stages.job)

    @property
    def _beside(self) -> Beside | None:
        """The files beside the text, if there is a folder of them."""
        if self.slides.folder is None:
            return None
        folder = Path(self.slides.folder).resolve()
        return Beside(folder.name, self.tools.storage(str(folder.parent)))

    @property
    def _source(self) -> str:
        """What stands for what a user gave to make the script of."""
        return fingerprint("source", {"story": self.plan.story, "url": self.plan.url})

    def _origin(self, edited: str | None) -> dict[str, Any]:
        """What the script depends on, beside its title and its source's address."""
        if edited is not None:
            return {"edited": edited}
        if self.plan.story is not None:
            return {"story": self.plan.story}
        return {"writer": self.tools.writer.key, "words": self.slides.words}

    async def _script(self, edited: str | None, work: Work) -> tuple[Script, Article | None]:
        """Raises BadInput; what fetching an article and writing raise."""
        text = self.plan.story if edited is None else edited
        if text is not None:
            return await in_thread(partial(read, files=self.slides.folder is not None), text), None
        article, markdown = await self.tools.articles.structured(self.plan.url or "", work)
        made = await self.tools.writer.outline(article, self.slides.words, work)
        if made is None:
            made = await in_thread(outline.outlined, article, markdown, self.slides.words)
        return made, article

    def _story(self, script: Script, article: Article | None) -> Story:
        """What there is to say of a lecture beside its slides."""
        said = spoken_text(script)
        text = "\n\n".join(said)
        title = self.plan.title or script.title or next((one.heading for one in script.slides if one.heading), text)
        source = (article.url if article else self.plan.url) or ""
        by = ", ".join(filter(None, (article.author, article.site, source))) if article else source
        about = cut(" ".join((said[1] if len(said) > 1 else text).split()), DESCRIPTION)
        return Story(
            title=cut(title, TITLE),
            text=text,
            description=f"{about}\n\nSource: {by}" if by else about,
            tags=tuple(word for word in keywords(text, text) if len(word) <= 30),
            mood=MOOD,
            source=source,
        )

    async def _shown(self, told: Done[Story]) -> Script:
        """The script, with pictures from elsewhere only if they are wanted."""
        script = await in_thread(_script, told.folder)
        return script if self.slides.article_pictures else without_pictures(script)


def _keep(script: Script, edited: str | None, folder: Path) -> None:
    """Write a script as people read it, and as the other stages do."""
    (folder / MARKDOWN).write_text(written(script) if edited is None else edited, "utf-8")
    (folder / DATA).write_bytes(msgspec.json.encode(script))


def _script(folder: Path) -> Script:
    return msgspec.json.decode((folder / DATA).read_bytes(), type=Script)

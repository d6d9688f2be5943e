"""The way of a creation: the pages of a picture book, shown and told one by one, become a video beside them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from shortsd.domain.elsewhere import Storage
from shortsd.domain.errors import BadInput
from shortsd.domain.finish import in_thread
from shortsd.domain.story import Picture
from shortsd.domain.text import plain
from shortsd.media.encoders import expected_codec
from shortsd.media.fonts import install
from shortsd.media.judging import Expected, Kind, Lettering
from shortsd.stages import captions, check, images, pages, render, voice
from shortsd.stages.footage import Camera
from shortsd.stages.groundwork import Groundwork
from shortsd.stages.kind import Attempt
from shortsd.stages.pipeline import encoding
from shortsd.stages.plan import Plan
from shortsd.stages.runner import Done, Work
from shortsd.stages.sentences import MOST, split
from shortsd.stages.telling import Telling, quiet
from shortsd.stages.tools import Tools

PAGES, FETCH, VOICE, IMAGES, CAPTIONS = "pages", "fetch", "voice", "images", "captions"
RENDER, CHECK, DELIVER = "render", "check", "deliver"
TURN_S = 0.45
"""Silence beside that of a sentence, for a page to be turned in."""
STILL_S = 120.0
"""What a page may be black, and may stand still: it is its maker's."""
MOOD = "wonder"
_PREPARE = "shortsd.providers.images.prepare:prepare_each"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationPlan:
    """A creation to be made into a video."""

    storage: str
    """Where it lies: a folder, or the address of a bucket."""
    creation: str
    silent_s: float
    """Seconds for which a page is shown that says nothing."""
    film: Plan
    """How it looks and sounds; what a short is about has no meaning here."""

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> "CreationPlan":
        """The plan that a job's row holds."""
        return msgspec.convert(params, cls)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as it was fetched."""

    number: int
    image: str
    """Its picture's file in the stage's folder; empty if it has none."""
    mark: str
    """Of the picture."""
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaves:
    """All pages."""

    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where the video is."""

    path: str
    place: str
    """For people: a path on this machine, or an address."""


async def make(attempt: Attempt) -> dict[str, Any]:
    """Do all stages of a creation; what it made. Raises the ShortsError of the stage that failed."""
    plan = CreationPlan.of(attempt.job.params)
    tools = replace(attempt.tools, encoding=await encoding(attempt.tools, attempt.runner.journal.log(RENDER)))
    return await _Creation(attempt, plan, tools, tools.storage(plan.storage)).make()


@dataclass(frozen=True, slots=True)
class _Creation:
    """One creation on its way."""

    attempt: Attempt
    plan: CreationPlan
    tools: Tools
    storage: Storage

    async def make(self) -> dict[str, Any]:
        """Do all stages. The render, which takes all of a machine, waits for its turn; nothing else does."""
        found = await self._pages()
        fetched = await self._fetch(found)
        script = script_of(fetched.result.leaves, self.plan)
        spoken = await self._speak(script)
        gallery = await self._picture(fetched, script, spoken)
        titles = await Groundwork(self.plan.film, self.tools, self.attempt.runner).caption(spoken)
        lettering = Lettering(script.text, titles.result.lines, titles.result.outside, titles.result.missing)
        check.require_letters(lettering)
        async with self._turn():
            film = await self._render(spoken, gallery, titles)
        report = await self._check(film, lettering)
        delivered = await self._deliver(film, report)
        place = {"link" if "://" in delivered.result.place else "video": delivered.result.place}
        return {
            **place,
            "title": self.plan.film.working_title(),
            "duration_s": film.result.duration_s,
            "pages": len(fetched.result.leaves),
            "checks": [asdict(one) for one in report.result.checks],
        }

    def _turn(self) -> AbstractAsyncContextManager[None]:
        turns, job = self.attempt.turns, self.attempt.job
        if not turns.free:
            self.attempt.runner.journal.log(RENDER).info("waits for its turn")
        return turns.take(job.priority, job.id)

    async def _pages(self) -> Done[pages.Book]:
        storage, creation = self.storage, self.plan.creation
        inputs = {"attempt": self.attempt.job.attempt, "storage": storage.url, "creation": creation}

        async def work(work: Work) -> pages.Book:
            files = await storage.files(pages.assets(creation), pages.MOST_FILES)
            found = pages.book(creation, files)
            await storage.expect(pages.video(creation))
            for note in found.notes:
                work.log.warning(note)
            work.progress(len(found.pages), len(found.pages))
            return found

        return await self.attempt.runner.run(PAGES, inputs, pages.Book, work)

    async def _fetch(self, found: Done[pages.Book]) -> Done[Leaves]:
        storage = self.storage
        inputs = {"storage": storage.url, "pages": asdict(found.result)}

        async def work(work: Work) -> Leaves:
            return await fetch(found.result, storage, work)

        return await self.attempt.runner.run(FETCH, inputs, Leaves, work)

    async def _speak(self, script: Telling) -> Done[voice.Narration]:
        tools, name = self.tools, self.plan.film.voice
        inputs = {"sentences": script.sentences, "quiet": asdict(script.quiet), "voice": name}
        inputs |= {"speaker": tools.voice.key}

        async def work(work: Work) -> voice.Narration:
            speakers = await tools.voice.speakers(name)
            read = voice.read(script.sentences, None, speakers, tools.children, tools.ffmpeg, work, script.quiet)
            return await read

        return await self.attempt.runner.run(VOICE, inputs, voice.Narration, work, (voice.FILE,))

    async def _picture(
        self, fetched: Done[Leaves], script: Telling, spoken: Done[voice.Narration]
    ) -> Done[images.Gallery]:
        plan, tools = self.plan.film, self.tools
        shown = [leaf for leaf in fetched.result.leaves if leaf.image]
        size = plan.width, plan.height
        inputs = {"pictures": [leaf.mark for leaf in shown], "voice": spoken.mark, "size": size, "fit": plan.fit}

        async def work(work: Work) -> images.Gallery:
            wanted = [{"file": str(fetched.folder / leaf.image), "name": f"{leaf.number:06}.jpg"} for leaf in shown]
            request = {"pictures": wanted, "to": str(work.folder), "size": list(images.wanted(size)), "fit": plan.fit}
            answer = await tools.workers.call(_PREPARE, request, work)
            pictures = [_picture(leaf, made) for leaf, made in zip(shown, answer["pictures"], strict=True)]
            return images.Gallery(tuple(script.spans(spoken.result)), tuple(pictures))

        return await self.attempt.runner.run(IMAGES, inputs, images.Gallery, work)

    async def _render(
        self, spoken: Done[voice.Narration], gallery: Done[images.Gallery], titles: Done[captions.Captions]
    ) -> Done[render.Render]:
        tools, plan = self.tools, self.plan.film
        music = tools.music(plan.music)
        camera = Camera(
            tools.children, tools.ffmpeg, tools.fonts, tools.encoding, tools.stall_s, tools.parallel_encoders
        )
        inputs = {"made": [spoken.mark, gallery.mark, titles.mark], "music": music.key, "seed": plan.seed}
        inputs |= {"size": (plan.width, plan.height), "fps": plan.fps, "cuts": plan.cuts}
        inputs |= {"encoding": asdict(tools.encoding)}

        async def work(work: Work) -> render.Render:
            await in_thread(install, tools.fonts.folder)
            studio, ass = render.Studio(camera, music), titles.folder / captions.FILE
            return await render.render(plan, MOOD, spoken, gallery, ass, None, studio, work)

        return await self.attempt.runner.run(RENDER, inputs, render.Render, work, (render.FILE,))

    async def _check(self, film: Done[render.Render], lettering: Lettering) -> Done[check.Report]:
        plan, tools = self.plan.film, self.tools
        codec = expected_codec(tools.encoding)
        expected = Expected(
            plan.width,
            plan.height,
            plan.fps,
            film.result.duration_s,
            codec,
            black_s=STILL_S,
            black=Kind.SHOULD,
            frozen_s=STILL_S,
        )

        async def work(work: Work) -> check.Report:
            return await check.check(film.folder / render.FILE, expected, lettering, tools.children, tools.ffmpeg, work)

        return await self.attempt.runner.run(CHECK, {"render": film.mark}, check.Report, work)

    async def _deliver(self, film: Done[render.Render], report: Done[check.Report]) -> Done[Delivered]:
        storage, path = self.storage, pages.video(self.plan.creation)
        # What was delivered lies where others may take it away: every attempt does it again.
        inputs = {"attempt": self.attempt.job.attempt, "storage": storage.url, "path": path, "check": report.mark}

        async def work(work: Work) -> Delivered:
            await storage.store(film.folder / render.FILE, path, replace(work, progress=_in_megabytes(work)))
            work.log.info(f"delivered as {storage.whole(path)}")
            return Delivered(path, storage.whole(path))

        return await self.attempt.runner.run(DELIVER, inputs, Delivered, work)


def script_of(leaves: Sequence[Leaf], plan: CreationPlan) -> Telling:
    """What is said on which page; a text without a letter says nothing. Raises BadInput for too many sentences."""
    texts = [[text for text in leaf.texts if plain(text)] for leaf in leaves]
    pages_said = [[one for text in page for one in split(text, plan.film.voice)] for page in texts]
    sentences = tuple(one for page in pages_said for one in page)
    if len(sentences) > MOST:
        raise BadInput(f"The pages have {len(sentences)} sentences; {MOST} is the limit.", "Make several books.")
    counts = tuple(map(len, pages_said))
    turns_s = [TURN_S if page else 0.0 for page in range(len(counts))]
    pictured = [number for number, leaf in enumerate(leaves) if leaf.image]
    return Telling(counts, sentences, quiet(counts, turns_s, plan.silent_s), plan.silent_s, (0, *pictured[1:]))


async def fetch(found: pages.Book, storage: Storage, work: Work) -> Leaves:
    """Bring all files of pages into the stage's folder. Raises BadInput for a text that is none."""
    total = sum((page.image is not None) + len(page.texts) for page in found.pages)
    done, leaves = 0, []
    for page in found.pages:
        image = f"{page.number:06}" if page.image else ""
        if page.image:
            await storage.fetch(page.image, work.folder / image)
        texts = []
        for index, one in enumerate(page.texts):
            file = work.folder / f"{page.number:06}-{index:06}.txt"
            await storage.fetch(one, file)
            texts.append(await in_thread(_text, file, one.path))
        done += len(texts) + bool(image)
        leaves.append(
            Leaf(page.number, image, f"{page.image.path} {page.image.mark}" if page.image else "", tuple(texts))
        )
        work.progress(done, total)
    return Leaves(tuple(leaves))


def _text(file: Path, path: str) -> str:
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise BadInput(f"{path} is not UTF-8: byte {exc.start} does not fit.", "Save it as UTF-8.") from exc
    return text.replace("\0", "")


def _picture(leaf: Leaf, made: Mapping[str, Any]) -> Picture:
    if "reason" in made:
        raise BadInput(f"The picture of page {leaf.number} cannot be shown: {made['reason']}.", "Give another one.")
    return msgspec.convert({"source": f"page {leaf.number}", **made}, Picture)


def _in_megabytes(work: Work) -> Any:
    def progress(done: float, total: float, message: str = "") -> None:
        work.progress(done, total, message or f"{done / 1e6:.1f} of {total / 1e6:.1f} MB")

    return progress

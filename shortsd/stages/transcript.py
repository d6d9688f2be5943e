"""The way of a transcript: what is said in a video elsewhere is found, or listened to, and written down."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from shortsd.domain.errors import BadInput, ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.story import Article
from shortsd.domain.text import words
from shortsd.domain.transcript import Entry, Transcript, Video, told
from shortsd.stages.archive import FOLDER, KEPT, Archive, Kept, key, summarized
from shortsd.stages.kind import Attempt
from shortsd.stages.runner import Done, Work

METADATA, SUBTITLES, SOUND, SPEECH, SUMMARY, SAVE = "metadata", "subtitles", "sound", "speech", "summary", "save"
_INFO = "info.json"
_SPOKEN = "transcript.json"
_AT_WORK: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""Videos: who asks for the summary of one that is being written down waits for that, and fetches nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptPlan:
    """A video to be written down."""

    channel: str
    """The name of its channel's folder."""
    site: str
    """The address that its user gave."""
    url: str
    video: str
    """Its id."""
    title: str = ""
    uploaded: str = ""
    language: str = ""
    """A tag; empty for that which is spoken."""
    since: str = ""
    """Nothing is to be written down that came before this day."""
    summarize: bool = False

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> "TranscriptPlan":
        """The plan that a job's row holds."""
        return msgspec.convert(params, cls)

    @property
    def entry(self) -> Entry:
        return Entry(self.video, self.url, self.title, self.uploaded)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of looking for subtitles, or of listening."""

    language: str = ""
    """Empty if there is nothing."""
    source: str = ""
    why: tuple[str, ...] = field(default=())
    """Why there is nothing."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file, if one was needed."""

    file: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A summary, if one was asked for."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """The file to be read first."""

    file: str


async def make(attempt: Attempt) -> dict[str, Any]:
    """Do all stages of a transcript; what it made. Raises the ShortsError of the stage that failed."""
    plan = TranscriptPlan.of(attempt.job.params)
    archive = Archive(attempt.output / FOLDER / plan.channel)
    async with _AT_WORK.setdefault(f"{archive.folder}/{key(plan.video)}", asyncio.Lock()):
        file = await in_thread(archive.find, plan.video, plan.language, KEPT)
        kept = await in_thread(archive.load, file) if file else None
        return await _Transcript(attempt, plan, archive, kept).make()


@dataclass(frozen=True, slots=True)
class _Transcript:
    """One video on its way. What is `kept` of it already is not asked for again."""

    attempt: Attempt
    plan: TranscriptPlan
    archive: Archive
    kept: Kept | None

    async def make(self) -> dict[str, Any]:
        """Do all stages. Listening, which takes all of a machine, waits for its turn; nothing else does."""
        looked = await self._look()
        video = looked.result
        if video.title != self.attempt.job.title:
            await self.attempt.entitle(video.title)
        if self._is_older(video):
            return {
                "title": video.title,
                "source": video.url,
                "uploaded": video.uploaded,
                "skipped": self._older(video),
            }
        kept = await self._written(looked)
        said = await self._summarize(kept)
        saved = await self._save(kept, said)
        await in_thread(self.attempt.runner.workspace.forget, [SOUND])
        return self._made(kept, saved.result)

    def _is_older(self, video: Video) -> bool:
        return bool(self.plan.since and video.uploaded) and video.uploaded < self.plan.since

    def _older(self, video: Video) -> str:
        return f"it came on {video.uploaded}, before {self.plan.since}"

    def _made(self, kept: Kept, saved: Saved) -> dict[str, Any]:
        video, transcript = kept.video, kept.transcript
        return {
            "title": video.title,
            "file": saved.file,
            "source": video.url,
            "uploaded": video.uploaded,
            "duration_s": video.duration_s,
            "language": transcript.language,
            "subtitles": transcript.source,
            "words": sum(len(words(one.text)) for one in transcript.segments),
        }

    async def _look(self) -> Done[Video]:
        plan, kept = self.plan, self.kept
        inputs = {"url": plan.url, "id": plan.video, "language": plan.language, "kept": kept is not None}

        async def work(work: Work) -> Video:
            if kept is not None:
                work.log.info("its transcript is there already")
                return replace(kept.video, tracks=())
            videos, to = self.attempt.tools.videos, work.folder / _INFO
            found = await videos.look(plan.entry, plan.language, plan.site, to, work)
            work.progress(1, 1)
            return found

        return await self.attempt.runner.run(METADATA, inputs, Video, work)

    async def _written(self, looked: Done[Video]) -> Kept:
        """What is said in the video. If that fails, what is known of it is old: addresses have their time."""
        try:
            found = await self._find(looked)
            sound = await self._fetch_sound(looked, found)
            heard = await self._listen(found, sound)
        except ShortsError:
            await in_thread(self.attempt.runner.workspace.forget, [METADATA, SUBTITLES])
            raise
        transcript = await in_thread(_read, heard.folder / _SPOKEN)
        last_s = transcript.segments[-1].end_s
        video = replace(looked.result, tracks=(), duration_s=looked.result.duration_s or last_s)
        return Kept(video, transcript)

    async def _find(self, looked: Done[Video]) -> Done[Found]:
        """Subtitles: those that can be read, of those that there are."""
        inputs = {"metadata": looked.mark, "language": self.plan.language}

        async def work(work: Work) -> Found:
            if self.kept is not None:
                return await _write(self.kept.transcript, work)
            return await self._first_of(looked.result, work)

        return await self.attempt.runner.run(SUBTITLES, inputs, Found, work)

    async def _first_of(self, video: Video, work: Work) -> Found:
        why = [] if video.tracks or not video.languages else [f"there are some in {', '.join(video.languages)}"]
        for number, track in enumerate(video.tracks):
            work.progress(number, len(video.tracks))
            said = await self.attempt.tools.videos.subtitles(track, self.plan.site, work.folder, work)
            source = "automatic" if track.automatic else "manual"
            if not isinstance(said, str):
                work.progress(len(video.tracks), len(video.tracks))
                return await _write(Transcript(track.language, source, tuple(said)), work)
            why.append(f"{source}, {track.language}: {said}")
            work.log.warning(f"subtitles ({source}, {track.language}) cannot be used: {said}")
        return Found(why=tuple(why))

    async def _fetch_sound(self, looked: Done[Video], found: Done[Found]) -> Done[Sound]:
        inputs = {"subtitles": found.mark}

        async def work(work: Work) -> Sound:
            if found.result.language:
                return Sound()
            self._require_ears(found.result)
            known = looked.folder / _INFO
            return Sound(await self.attempt.tools.videos.sound(known, self.plan.site, work.folder, work))

        return await self.attempt.runner.run(SOUND, inputs, Sound, work)

    def _require_ears(self, found: Found) -> None:
        """Raise BadInput, with what was wrong with the subtitles, if nobody can listen."""
        try:
            self.attempt.tools.hearing.check()
        except BadInput as exc:
            why = f" ({'; '.join(found.why)})" if found.why else ""
            raise BadInput(f"{exc.message.rstrip('.')}{why}.", exc.hint) from exc

    async def _listen(self, found: Done[Found], sound: Done[Sound]) -> Done[Found]:
        """What is said: as subtitles have it, or as it is heard."""
        hearing, file = self.attempt.tools.hearing, sound.result.file
        if not file:
            work_of = _copied(found)
            return await self.attempt.runner.run(SPEECH, {"subtitles": found.mark}, Found, work_of, (_SPOKEN,))

        async def work(work: Work) -> Found:
            async with self.attempt.turns.take(self.attempt.job.priority, self.attempt.job.id):
                heard = await hearing.listen(sound.folder / file, self.plan.language, work)
            if not heard.segments:
                raise BadInput("Nothing is said in it.", "It may have no words; there is nothing to be written down.")
            return await _write(heard, work)

        inputs = {"subtitles": found.mark, "hearing": hearing.key, "language": self.plan.language}
        return await self.attempt.runner.run(SPEECH, inputs, Found, work, (_SPOKEN,))

    async def _summarize(self, kept: Kept) -> Done[Said]:
        tools = self.attempt.tools
        text = told(kept.transcript.segments) if self.plan.summarize else ""
        inputs = {"text": text, "writer": tools.summarizer.key if text else "", "words": tools.summary_words}

        async def work(work: Work) -> Said:
            if not text:
                return Said()
            video = kept.video
            article = Article(video.url, video.title, text, video.channel, language=kept.transcript.language)
            return Said(await tools.summarizer.summarize(article, tools.summary_words, work))

        return await self.attempt.runner.run(SUMMARY, inputs, Said, work)

    async def _save(self, kept: Kept, said: Done[Said]) -> Done[Saved]:
        # What was written lies where others may take it away: every attempt does it again.
        inputs = {"attempt": self.attempt.job.attempt, "folder": str(self.archive.folder), "summary": said.mark}

        async def work(work: Work) -> Saved:
            text = summarized(kept, said.result.text) if said.result.text else ""
            file = await in_thread(self.archive.save, kept, text)
            work.progress(1, 1)
            return Saved(str(file))

        return await self.attempt.runner.run(SAVE, inputs, Saved, work)


def _copied(found: Done[Found]) -> Any:
    """The work of a stage that has nothing to listen to."""

    async def work(work: Work) -> Found:
        work.log.info("not needed: there are subtitles")
        return await _write(await in_thread(_read, found.folder / _SPOKEN), work)

    return work


async def _write(transcript: Transcript, work: Work) -> Found:
    await in_thread((work.folder / _SPOKEN).write_bytes, msgspec.json.encode(transcript))
    return Found(transcript.language, transcript.source)


def _read(file: Path) -> Transcript:
    return msgspec.json.decode(file.read_bytes(), type=Transcript)

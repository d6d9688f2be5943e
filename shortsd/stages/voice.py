"""Voice: the story spoken sentence by sentence, all of it by one voice, joined into one narration."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from shortsd.domain.errors import ServiceFailed, TimedOut
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Children, Speaker
from shortsd.domain.story import Sentence, Speech, Story
from shortsd.media import narration, sound, trimming
from shortsd.stages.plan import Plan, check_length
from shortsd.stages.runner import Work
from shortsd.stages.sentences import spoken

FILE = "voice.wav"


@dataclass(frozen=True, slots=True)
class Narration:
    """The spoken story: FILE, 48 kHz mono, and when each word is heard."""

    duration_s: float
    sentences: tuple[Sentence, ...]
    speaker: str = ""
    """Who spoke, `edge:en-US-GuyNeural`; empty where that was not noted yet."""


FASTEST = 100.0
"""Letters of a story in a second of sound: some seven times as many as a voice says, so that is no speech."""
SLACK = 1.25
"""What was estimated to be short enough may take this much longer than the limit once it is spoken."""


async def voice(
    story: Story, plan: Plan, speakers: Sequence[Speaker], children: Children, ffmpeg: str, work: Work
) -> Narration:
    """Have a story spoken by the first of the speakers who can. Raises BadInput if it is too long.

    Whoever fails has failed for all of it: the next one begins anew, and the job's log says so. What the last one
    raises is raised.
    """
    texts = spoken(story.text, plan.voice)
    return await read(texts, plan.max_speech_s, speakers, children, ffmpeg, work)


async def read(
    texts: Sequence[str],
    limit_s: float | None,
    speakers: Sequence[Speaker],
    children: Children,
    ffmpeg: str,
    work: Work,
    quiet: narration.Quiet = narration.NO_QUIET,
) -> Narration:
    """As `voice`, of sentences that are cut already, with silence where there is to be some; all of it if none is."""
    speaker, speeches = await _spoken(texts, limit_s, speakers, _Booth(children, ffmpeg, work))
    placement = narration.place(speeches, texts, quiet)
    files = [work.folder / speech.file for speech in speeches]
    await children.run(narration.join(ffmpeg, files, placement, work.folder / FILE), work)
    for file in files:
        file.unlink()
    work.log.info(f"{len(texts)} sentences, {placement.duration_s:.1f} s, voice {speaker}")
    return Narration(placement.duration_s, placement.sentences, str(speaker))


async def _spoken(
    texts: Sequence[str], limit_s: float | None, speakers: Sequence[Speaker], booth: "_Booth"
) -> tuple[Speaker, list[Speech]]:
    """Who spoke, and all that was spoken."""
    for speaker, after in pairwise(speakers):
        try:
            return speaker, await _Reading(speaker, texts, limit_s, booth).all()
        except (ServiceFailed, TimedOut) as exc:
            booth.work.log.warning(f"{speaker} cannot speak: {exc.message} {after} speaks instead.")
    return speakers[-1], await _Reading(speakers[-1], texts, limit_s, booth).all()


@dataclass(slots=True)
class _Reading:
    """One speaker's way through the sentences, some of them at the same time."""

    speaker: Speaker
    texts: Sequence[str]
    limit_s: float | None
    booth: "_Booth"
    done: dict[int, Speech] = field(default_factory=dict)
    heard_s: float = 0.0
    """How much of it is to be heard."""

    async def all(self) -> list[Speech]:
        """The sentences in their order.

        When one fails no other is begun, but those under way are waited for: they may be paid for, and are kept.
        """
        numbers = iter(range(len(self.texts)))
        readers = [asyncio.create_task(self._read(numbers)) for _ in range(self.speaker.at_once)]
        try:
            ended = await asyncio.gather(*readers, return_exceptions=True)
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)
        for failure in ended:
            if isinstance(failure, BaseException):
                raise failure
        self._require_speech()
        return [self.done[number] for number in range(len(self.texts))]

    async def _read(self, numbers: Iterator[int]) -> None:
        """Speak what is next until nothing is; leave nothing to the others on a failure."""
        try:
            for number in numbers:
                text = self.texts[number].strip()
                taken = await self.booth.take(self.speaker, text, f"{number:04}.wav")
                self.done[number] = taken.speech
                self.heard_s += taken.speech.duration_s if taken.heard else 0.0
                self.booth.work.progress(len(self.done), len(self.texts))
                self._check_length()
        finally:
            for _ in numbers:
                pass

    def _require_speech(self) -> None:
        """Raise ServiceFailed for what comes in the place of speech: nothing that is heard, or a click."""
        letters = sum(map(str.isalnum, "".join(self.texts)))
        if self.heard_s < letters / FASTEST:
            raise ServiceFailed(
                f"{self.speaker} gave {self.heard_s:.2f} s of sound for {letters} letters, which is no speech.",
                "See whether the voice is one for this language, and what its service says.",
                retryable=False,
            )

    def _check_length(self) -> None:
        """Raises BadInput."""
        length_s = sum(speech.duration_s for speech in self.done.values())
        if self.limit_s is not None and length_s > SLACK * self.limit_s:
            check_length(length_s, self.limit_s)


@dataclass(frozen=True, slots=True)
class _Booth:
    """Where sentences are spoken and cut to what is heard of them."""

    children: Children
    ffmpeg: str
    work: Work

    async def take(self, speaker: Speaker, text: str, name: str) -> trimming.Trimmed:
        """A sentence in the file `name`: no silence at its ends, whatever the speaker leaves there."""
        file = self.work.folder / name
        speech = await speaker.voice.speak(text, speaker.id, file, self.work)
        if not await in_thread(trimming.plain, file):
            await self._make_plain(file)
        trimmed = await in_thread(trimming.trim, file, speech)
        if not trimmed.heard:
            self.work.log.warning(f"Nothing is to be heard of “{text[:40]}”; a short silence stands for it.")
        return trimmed

    async def _make_plain(self, file: Path) -> None:
        """Bring another format into the one that is worked with. Raises ChildFailed if it is no sound."""
        part = file.with_name(f"plain-{file.name}")
        await self.children.run(sound.plain(self.ffmpeg, file, part), self.work)
        part.replace(file)

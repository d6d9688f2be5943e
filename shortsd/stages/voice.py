"""Voice: the story spoken sentence by sentence, joined into one narration."""

from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Children, Voice
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


SLACK = 1.25
"""What was estimated to be short enough may take this much longer than the limit once it is spoken."""


async def voice(story: Story, plan: Plan, speaker: Voice, children: Children, ffmpeg: str, work: Work) -> Narration:
    """Speak a story with the plan's voice. Raises BadInput if it is too long, and what the speaker raises."""
    name, limit_s = plan.voice, plan.max_speech_s
    texts = spoken(story.text, name)
    booth = _Booth(name, speaker, children, ffmpeg, work)
    speeches: list[Speech] = []
    for number, text in enumerate(texts):
        speeches.append(await booth.take(text.strip(), f"{number:04}.wav"))
        if limit_s is not None and sum(speech.duration_s for speech in speeches) > SLACK * limit_s:
            check_length(sum(speech.duration_s for speech in speeches), limit_s)
        work.progress(number + 1, len(texts))
    placement = narration.place(speeches, texts)
    files = [work.folder / speech.file for speech in speeches]
    await children.run(narration.join(ffmpeg, files, placement, work.folder / FILE), work)
    for file in files:
        file.unlink()
    work.log.info(f"{len(texts)} sentences, {placement.duration_s:.1f} s, voice {name}")
    return Narration(placement.duration_s, placement.sentences)


@dataclass(frozen=True, slots=True)
class _Booth:
    """Where sentences are spoken and cut to what is heard of them."""

    voice: str
    speaker: Voice
    children: Children
    ffmpeg: str
    work: Work

    async def take(self, text: str, name: str) -> Speech:
        """A sentence in the file `name`: no silence at its ends, whatever the speaker leaves there."""
        file = self.work.folder / name
        speech = await self.speaker.speak(text, self.voice, file, self.work)
        if not await in_thread(trimming.plain, file):
            await self._make_plain(file)
        trimmed = await in_thread(trimming.trim, file, speech)
        if not trimmed.heard:
            self.work.log.warning(f"Nothing is to be heard of “{text[:40]}”; a short silence stands for it.")
        return trimmed.speech

    async def _make_plain(self, file: Path) -> None:
        """Bring another format into the one that is worked with. Raises ChildFailed if it is no sound."""
        part = file.with_name(f"plain-{file.name}")
        await self.children.run(sound.plain(self.ffmpeg, file, part), self.work)
        part.replace(file)

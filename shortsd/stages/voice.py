"""Voice: the story spoken sentence by sentence, joined into one narration."""

from dataclasses import dataclass

from shortsd.domain.ports import Children, Voice
from shortsd.domain.story import Sentence, Speech, Story
from shortsd.media import narration
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
    speeches: list[Speech] = []
    for number, text in enumerate(texts):
        speeches.append(await speaker.speak(text.strip(), name, work.folder / f"{number:04}.wav", work))
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

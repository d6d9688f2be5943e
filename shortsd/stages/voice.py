"""Voice: the story spoken sentence by sentence, joined into one narration."""

from dataclasses import dataclass

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Children, Voice
from shortsd.domain.story import Sentence, Speech, Story
from shortsd.media import narration
from shortsd.stages.runner import Work
from shortsd.stages.sentences import split

FILE = "voice.wav"


@dataclass(frozen=True, slots=True)
class Narration:
    """The spoken story: FILE, 48 kHz mono, and when each word is heard."""

    duration_s: float
    sentences: tuple[Sentence, ...]


async def voice(story: Story, name: str, speaker: Voice, children: Children, ffmpeg: str, work: Work) -> Narration:
    """Speak a story with the voice `name`. Raises BadInput if it has no word, and what the speaker raises."""
    texts = split(story.text, name)
    if not texts:
        raise BadInput("The story has no word that could be spoken.", "Give a text with at least one word.")
    speeches: list[Speech] = []
    for number, text in enumerate(texts):
        speeches.append(await speaker.speak(text.strip(), name, work.folder / f"{number:04}.wav", work))
        work.progress(number + 1, len(texts))
    placement = narration.place(speeches, texts)
    files = [work.folder / speech.file for speech in speeches]
    await children.run(narration.join(ffmpeg, files, placement, work.folder / FILE), work)
    for file in files:
        file.unlink()
    work.log.info(f"{len(texts)} sentences, {placement.duration_s:.1f} s, voice {name}")
    return Narration(placement.duration_s, placement.sentences)

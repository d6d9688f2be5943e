"""Images: a picture for each scene."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shortsd.domain.keywords import keywords
from shortsd.domain.memory import PictureLedger, Seen
from shortsd.domain.ports import Pictures
from shortsd.domain.story import Passage, Picture, SceneBrief, Story
from shortsd.media.direction import Span, scenes
from shortsd.stages.runner import Work
from shortsd.stages.voice import Narration

ZOOM_ROOM = 4 / 3
"""Pictures are wanted larger than the frame by this, so that a camera that moves in finds pixels to show."""
HEAD = 24
"""Characters by which a scene's text is found in the story's."""
KEYWORDS = 6
"""Of a scene at most."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """The scenes and their pictures, one for each."""

    spans: tuple[Span, ...]
    pictures: tuple[Picture, ...]


async def images(
    narration: Narration,
    story: Story,
    seed: int,
    size: tuple[int, int],
    source: Pictures,
    ledger: PictureLedger,
    work: Work,
) -> Gallery:
    """Find or make the pictures of a narration for a frame of `size` (width and height in pixels).

    That the job shows them is kept in the ledger; previews, which belong to no job, keep nothing.
    """
    spans = scenes(narration.sentences, narration.duration_s)
    asked = briefs(narration, story, seed)
    pictures: Sequence[Picture] = await source.pictures(asked, wanted(size), work.folder, work)
    if work.job:
        await ledger.show(work.job, pictures)
    work.log.info(f"{len(pictures)} pictures for {len(spans)} scenes")
    return Gallery(spans, tuple(pictures))


class NothingShown:
    """Remembers no picture (domain.memory.PictureLedger): for work that belongs to no job."""

    async def seen(self, shorts: int, job: int) -> frozenset[Seen]:
        del shorts, job
        return frozenset()

    async def show(self, job: int, pictures: Sequence[Picture]) -> None:
        del job, pictures


def briefs(narration: Narration, story: Story, seed: int) -> list[SceneBrief]:
    """What is asked for: the scenes of a narration, each with what its picture is to be looked for by."""
    texts = [span.text for span in scenes(narration.sentences, narration.duration_s)]
    return [
        SceneBrief(index, text, story.mood, seed, words)
        for index, (text, words) in enumerate(zip(texts, keywords_of(texts, story), strict=True))
    ]


def keywords_of(texts: Sequence[str], story: Story) -> list[tuple[str, ...]]:
    """Keywords of texts that follow each other in a story: those of the passages each lies in, of the longest first.

    Where these have none, the text's own.
    """
    passages = _places([passage.text for passage in story.passages], story.text)
    found = []
    for text, place in zip(texts, _places(texts, story.text), strict=True):
        known = _of_passages(place, story.passages, passages)
        found.append(known or keywords(text, story.text))
    return found


def _of_passages(
    place: tuple[int, int], passages: Sequence[Passage], places: Sequence[tuple[int, int]]
) -> tuple[str, ...]:
    """The keywords of the passages that share something with a place, those first that share most with it."""
    shares = [min(place[1], end) - max(place[0], start) for start, end in places]
    near = sorted((number for number, share in enumerate(shares) if share > 0), key=lambda number: -shares[number])
    return tuple(dict.fromkeys(word for number in near for word in passages[number].keywords))[:KEYWORDS]


def _places(texts: Sequence[str], whole: str) -> list[tuple[int, int]]:
    """From where to where texts that follow each other lie in the whole text, counted without white space.

    Each begins where its first characters are found, and ends where the next one begins: what lies between, and was
    not spoken, counts for the one before.
    """
    bare = _bare(whole)
    starts: list[int] = []
    start = end = 0
    for text in map(_bare, texts):
        # Who gave passages may not have given them word for word: then one may begin before the last seems to end.
        found = (bare.find(text[:HEAD], at) for at in (end, start))
        start = next((place for place in found if place >= 0), start)
        starts.append(start)
        end = start + len(text)
    return list(pairwise([*starts, len(bare)]))


def _bare(text: str) -> str:
    return "".join(text.split())


def wanted(size: tuple[int, int]) -> tuple[int, int]:
    """The size of a picture for a frame, even in both."""
    width, height = (2 * round(side * ZOOM_ROOM / 2) for side in size)
    return width, height

"""Images: a picture for each scene."""

from collections.abc import Sequence
from dataclasses import dataclass

from shortsd.domain.ports import Pictures
from shortsd.domain.story import Picture, SceneBrief
from shortsd.media.direction import Span, scenes
from shortsd.stages.runner import Work
from shortsd.stages.voice import Narration

ZOOM_ROOM = 4 / 3
"""Pictures are wanted larger than the frame by this, so that a camera that moves in finds pixels to show."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """The scenes and their pictures, one for each."""

    spans: tuple[Span, ...]
    pictures: tuple[Picture, ...]


async def images(
    narration: Narration, mood: str, seed: int, size: tuple[int, int], source: Pictures, work: Work
) -> Gallery:
    """Find or make the pictures of a narration for a frame of `size` (width and height in pixels)."""
    spans = scenes(narration.sentences, narration.duration_s)
    briefs = [SceneBrief(index, span.text, mood, seed) for index, span in enumerate(spans)]
    pictures: Sequence[Picture] = await source.pictures(briefs, wanted(size), work.folder, work)
    work.log.info(f"{len(pictures)} pictures for {len(spans)} scenes")
    return Gallery(spans, tuple(pictures))


def wanted(size: tuple[int, int]) -> tuple[int, int]:
    """The size of a picture for a frame, even in both."""
    width, height = (2 * round(side * ZOOM_ROOM / 2) for side in size)
    return width, height

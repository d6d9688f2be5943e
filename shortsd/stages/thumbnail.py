"""Thumbnail: the strongest frame with the title set on it."""

from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.ports import Workers
from shortsd.media.fonts import FontFiles
from shortsd.stages.groundwork import Cover
from shortsd.stages.render import TIMELINE
from shortsd.stages.runner import Work

FILE = "thumbnail.jpg"
CANDIDATES = 12
"""Frames that are looked at, spread over the short, if it has as many seconds."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """FILE was made of this frame, and has so many bytes."""

    frame: int
    bytes: int


async def thumbnail(
    cover: Cover, film: Path, pictures: Path, fonts: FontFiles, workers: Workers, work: Work
) -> Thumbnail:
    """Make the thumbnail of a rendered short; `film` and `pictures` are the folders of those stages."""
    request = {
        "timeline": str(film / TIMELINE),
        "pictures": str(pictures),
        "candidates": cover.frames or CANDIDATES,
        "title": cover.title,
        "font_file": str(fonts.file),
        "out": str(work.folder / FILE),
    }
    answer = await workers.call("shortsd.media.thumbnail:compose", request, work)
    return Thumbnail(answer["frame"], answer["bytes"])

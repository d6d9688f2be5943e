"""Captions: an ASS document made of the voice's own word times."""

from dataclasses import dataclass

import msgspec

from shortsd.domain.ports import Workers
from shortsd.domain.style import CaptionLook
from shortsd.media.fonts import FontFiles
from shortsd.stages.runner import Work
from shortsd.stages.voice import Narration

FILE = "captions.ass"


@dataclass(frozen=True, slots=True)
class Captions:
    """How many captions FILE has, and which characters of them no font here can show."""

    cues: int
    missing: tuple[str, ...]


async def captions(
    narration: Narration, size: tuple[int, int], look: CaptionLook, fonts: FontFiles, workers: Workers, work: Work
) -> Captions:
    """Write the captions of a narration for a frame of `size` (width and height in pixels)."""
    request = {
        "sentences": msgspec.to_builtins(narration.sentences),
        "width": size[0],
        "height": size[1],
        "look": msgspec.to_builtins(look),
        "seconds": narration.duration_s,
        "font_file": str(fonts.file),
        "family": fonts.family,
        "out": str(work.folder / FILE),
    }
    answer = await workers.call("shortsd.media.captions:write", request, work)
    return Captions(answer["cues"], tuple(answer["missing"]))

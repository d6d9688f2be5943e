"""Captions: made of the voice's own word times, as ASS for the picture, as SubRip and WebVTT for players."""

from dataclasses import dataclass

import msgspec

from shortsd.domain.ports import Workers
from shortsd.domain.style import CaptionLook
from shortsd.media.fonts import FontFiles
from shortsd.stages.runner import Work
from shortsd.stages.voice import Narration

FILE = "captions.ass"
SRT, VTT = "captions.srt", "captions.vtt"


@dataclass(frozen=True, slots=True)
class Captions:
    """What FILE, SRT and VTT hold, as the fonts measure it."""

    cues: int
    lines: int
    """The most lines of any caption."""
    outside: tuple[str, ...]
    """The text of each caption that is not wholly where players leave the picture free."""
    missing: tuple[str, ...]
    """Characters that no font here can show."""


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
        "ass": str(work.folder / FILE),
        "srt": str(work.folder / SRT),
        "vtt": str(work.folder / VTT),
    }
    answer = await workers.call("shortsd.media.captions.worker:write", request, work)
    return Captions(answer["cues"], answer["lines"], tuple(answer["outside"]), tuple(answer["missing"]))

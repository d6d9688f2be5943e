"""The worker target that writes captions: as ASS for the picture, as SubRip and WebVTT for players."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from shortsd.domain.story import Sentence
from shortsd.domain.style import CaptionLook
from shortsd.media import fonts
from shortsd.media.captions import ass, subtitles
from shortsd.media.captions.layout import Block, Ground, block
from shortsd.media.captions.styles import MANNERS, paint
from shortsd.media.captions.timing import TimedCue, timed
from shortsd.media.cues import Cue, cues
from shortsd.media.files import save
from shortsd.media.measure import Typeface, system_faces

logger = logging.getLogger("shortsd.worker")


def write(request: Mapping[str, Any], progress: Callable[[float, float, str], None]) -> dict[str, Any]:
    """Worker target: write the captions of a narration.

    Request: `sentences` (as of the domain), `width`, `height` (pixels), `look` (of the domain), `seconds` (of the whole
    short), `font_file`, and the files `ass`, `srt`, `vtt`. Answer: `cues` (how many), `lines` (the most of any cue),
    `outside` (the text of each cue that is not wholly in the safe area), `missing` (characters that no font on this
    machine has; they show as boxes). Raises BadInput, DiskFull, Unavailable.
    """
    sentences = msgspec.convert(request["sentences"], tuple[Sentence, ...])
    look = msgspec.convert(request["look"], CaptionLook)
    size = request["width"], request["height"]
    face = _typeface(sentences, Path(request["font_file"]))
    ground = Ground.of(size, MANNERS[look.style], look.size, look.place)
    reading = MANNERS[look.style].reading
    found = cues(sentences, face.width, ground.line / ground.em, request["seconds"], reading)
    seen = timed(found)
    blocks = [block(cue, ground, MANNERS[look.style], face) for cue in seen]
    events = (event for one in blocks for event in paint(one, look, face))
    save(Path(request["ass"]), ass.document(events, size, face).encode())
    save(Path(request["srt"]), subtitles.srt(seen).encode())
    save(Path(request["vtt"]), subtitles.vtt(seen).encode())
    _tell_unseen(found, seen)
    progress(len(seen), len(seen), "captions")
    return {
        "cues": len(seen),
        "lines": max((len(one.lines) for one in blocks), default=0),
        "outside": _outside(blocks, ground, MANNERS[look.style].reach),
        "missing": list(_missing(sentences, face)),
    }


def _typeface(sentences: Sequence[Sentence], font_file: Path) -> Typeface:
    """The caption font, with all that help out with what it lacks of a story."""
    face = Typeface(fonts.beside(font_file))
    face.add(system_faces(face.missing(_told(sentences))))
    return face


def _missing(sentences: Sequence[Sentence], face: Typeface) -> tuple[str, ...]:
    missing = face.missing(_told(sentences))
    if missing:
        logger.warning(
            "No font here has %s; captions show boxes instead. Installing a font that has them helps.",
            " ".join(missing),
        )
    return missing


def _told(sentences: Sequence[Sentence]) -> str:
    return "".join(sentence.text for sentence in sentences)


def _tell_unseen(found: Sequence[Cue], seen: Sequence[TimedCue]) -> None:
    """Warn of captions that the voice leaves no time for, which are in no frame."""
    there = {id(one.cue) for one in seen}
    for cue in found:
        if id(cue) not in there:
            logger.warning("The voice leaves no time to show “%s”.", " ".join(subtitles.text(cue)))


def _outside(blocks: Sequence[Block], ground: Ground, reach: float) -> list[str]:
    """The text of captions that are not wholly in the safe area."""
    return [" ".join(line.text for line in one.lines) for one in blocks if not ground.area.holds(one.extent(reach))]

"""The moments of a lecture: a picture of a slide as far as it is seen, and what is said over it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shortsd.domain.errors import BadInput
from shortsd.domain.slides import Beat, Item, Script, Slide
from shortsd.domain.text import has_words
from shortsd.stages.sentences import MOST, split
from shortsd.stages.telling import Telling, quiet

TURN_S = 0.45
"""Silence beside that of a sentence, before the next slide."""
SILENT_S = 4.0
"""For which a slide is seen to which nothing is said."""

_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s<>/?#:]+)[^\s<>]*")
"""An address on the web, with the punctuation behind it; its host."""
_BEHIND = ".,;:!?)]}\"'»”’"


@dataclass(frozen=True, slots=True)
class Moment:
    """A slide while something is said."""

    heading: str
    items: tuple[Item, ...]
    """All that come on it, also later."""
    shown: int
    """How many of them are seen."""
    says: tuple[str, ...]
    turns: bool
    """Whether the slide is another one than before."""


def without_pictures(script: Script) -> Script:
    """A lecture without pictures from elsewhere: what was said to one is said to what is before it."""
    slides = [replace(slide, beats=tuple(_without_pictures(slide.beats))) for slide in script.slides]
    return replace(script, slides=tuple(slide for slide in slides if slide.beats or not slide.goes_on))


def _without_pictures(beats: Sequence[Beat]) -> list[Beat]:
    kept: list[Beat] = []
    for beat in beats:
        if beat.item is None or not beat.item.elsewhere:
            kept.append(beat)
        elif kept:
            kept[-1] = replace(kept[-1], says=(*kept[-1].says, *beat.says))
        elif beat.says:
            kept.append(Beat(None, beat.says))
    return kept


def moments(script: Script) -> list[Moment]:
    """All moments of a lecture, in order."""
    found = (moment for slide in script.slides for moment in _moments(slide))
    return [replace(moment, says=tuple(map(_aloud, moment.says))) for moment in found]


def sources(seen: Sequence[Moment]) -> list[str]:
    """The files beside the text that are shown, as it names them, each once."""
    return list(dict.fromkeys(item.detail for moment in seen for item in moment.items if item.beside))


def _moments(slide: Slide) -> Iterator[Moment]:
    opening = (slide.heading,) if has_words(slide.heading) and not slide.goes_on else ()
    now = Moment(slide.heading, slide.items, 0, opening, turns=True)
    for beat in slide.beats:
        if beat.item is None:
            now = replace(now, says=beat.says)
        elif beat.says and now.says:
            yield now
            now = replace(now, shown=now.shown + 1, says=beat.says, turns=False)
        else:
            now = replace(now, shown=now.shown + 1, says=beat.says or now.says)
    yield now


def _aloud(words: str) -> str:
    """Words as they are said: of addresses on the web, which nobody can write down by ear, only who is there."""
    return _ADDRESS.sub(_host, words)


def _host(address: re.Match[str]) -> str:
    """The host of an address, and the punctuation behind that; parentheses may be its own."""
    behind = address[0][len(address[0].rstrip(_BEHIND)) :]
    return address[1].rstrip(_BEHIND) + (behind.lstrip(")") if "(" in address[0] else behind)


def telling(script: Script, voice: str) -> Telling:
    """What is said over which moment. Raises BadInput for too much of it."""
    found = moments(script)
    said = [split("\n\n".join(moment.says), voice) for moment in found]
    sentences = tuple(one for sentences in said for one in sentences)
    if len(sentences) > MOST:
        raise BadInput(f"The script has {len(sentences)} sentences; {MOST} is the limit.", "Make several of it.")
    turns_s = [TURN_S if moment.turns and at else 0.0 for at, moment in enumerate(found)]
    counts = tuple(map(len, said))
    return Telling(counts, sentences, quiet(counts, turns_s, SILENT_S), SILENT_S, tuple(range(len(found))))


def spoken_text(script: Script) -> Sequence[str]:
    """All that is said, paragraph by paragraph."""
    return [one for moment in moments(script) for one in moment.says]

"""Settles what is on each slide: what a slide of paragraphs shows, and where one is too full."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from shortsd.domain.errors import BadInput
from shortsd.domain.slides import Beat, Item, ItemKind, Script, Slide
from shortsd.domain.text import cut, has_words, joined
from shortsd.providers.writer.summary import condense, spoken_words

if TYPE_CHECKING:
    from shortsd.stages.slides.reading import Section

MOST_SLIDES = 150
FULL = 6.0
"""What a slide bears, as `_weight` counts."""
CODE_LINES = 20
"""Of code on a slide; the rest goes on the next."""
GIST_CHARACTERS = 90
"""Of what a slide shows of a paragraph."""
BREATH_WORDS = 45
"""Of a paragraph that is said over one gist; a longer one gets several."""
TITLE_WORDS = 60
"""Of what is said over the title alone."""


def settled(sections: Sequence["Section"]) -> Script:
    """The lecture that sections are. Raises BadInput for one that says nothing, or has too many slides."""
    titled = bool(sections) and sections[0].level == 1
    slides = [slide for at, one in enumerate(sections) for slide in _slides(one, first=titled and at == 0)]
    if len(slides) > MOST_SLIDES:
        raise BadInput(f"The script has {len(slides)} slides; {MOST_SLIDES} is the limit.", "Make several of it.")
    said = [slide.heading for slide in slides] + [one for slide in slides for beat in slide.beats for one in beat.says]
    if not any(map(has_words, said)):
        raise BadInput("The script has no word that could be spoken.", "Write what is to be said into it.")
    return Script(sections[0].heading if titled else "", tuple(slides))


def _slides(section: "Section", *, first: bool) -> Iterator[Slide]:
    opening, beats, goes_on = section.opening, section.beats, section.goes_on
    if first and not beats:
        opening, rest = _title(opening)
        yield Slide(section.heading, _opened(opening))
        opening, goes_on = rest, True
        if not rest:
            return
    if not beats:
        opening, beats = [], [beat for paragraph in opening for beat in _gists(paragraph)]
    whole = (*_opened(opening), *(piece for beat in beats for piece in _cropped(beat)))
    yield from _parted(Slide(section.heading, whole, goes_on))


def _opened(says: Sequence[str]) -> tuple[Beat, ...]:
    return (Beat(None, tuple(says)),) if says else ()


def _title(paragraphs: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is said over the title, and the rest."""
    said = 1 if paragraphs and spoken_words(paragraphs[0]) <= TITLE_WORDS else 0
    return list(paragraphs[:said]), list(paragraphs[said:])


def _gists(paragraph: str) -> Iterator[Beat]:
    """A paragraph in breaths, each with the gist of it to be shown."""
    for breath in _breaths(paragraph):
        short = joined(one for one in _sentences(breath) if len(one) <= GIST_CHARACTERS)
        gist = cut(condense(short or breath, 1) or breath, GIST_CHARACTERS)
        yield Beat(Item(ItemKind.POINT, gist.rstrip(".")), (breath,))


def _breaths(paragraph: str) -> Iterator[str]:
    """A paragraph cut at ends of sentences."""
    now: list[str] = []
    for sentence in _sentences(paragraph):
        if now and spoken_words(joined([*now, sentence])) > BREATH_WORDS:
            yield joined(now)
            now = []
        now.append(sentence)
    if now:
        yield joined(now)


def _sentences(paragraph: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?…])\s+|(?<=[。！？])", paragraph) if one]


def _cropped(beat: Beat) -> Iterator[Beat]:
    """A moment with no more code than a slide bears; what is said is said over the last piece of it."""
    item = beat.item
    lines = item.text.splitlines() if item and item.kind is ItemKind.CODE else []
    if item is None or len(lines) <= CODE_LINES:
        yield beat
        return
    pieces = [lines[at : at + CODE_LINES] for at in range(0, len(lines), CODE_LINES)]
    for at, piece in enumerate(pieces, 1):
        yield Beat(replace(item, text="\n".join(piece)), beat.says if at == len(pieces) else ())


def _parted(slide: Slide) -> Iterator[Slide]:
    """A slide as several ones, each of which bears what is on it."""
    now: list[Beat] = []
    weight = 0.0
    goes_on = slide.goes_on
    for beat in slide.beats:
        more = _weight(beat.item) if beat.item else 0.0
        if weight and weight + more > FULL:
            yield Slide(slide.heading, tuple(now), goes_on)
            now, weight, goes_on = [], 0.0, True
        now.append(beat)
        weight += more
    yield Slide(slide.heading, tuple(now), goes_on)


def _weight(item: Item) -> float:
    match item.kind:
        case ItemKind.CODE:
            return 1.5 + 0.3 * item.text.count("\n")
        case ItemKind.PICTURE:
            return 3.0
        case _:
            return 1.0 + len(item.text) // 75

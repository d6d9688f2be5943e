"""A lecture of an article by its own structure: what its sections say, condensed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shortsd.domain.slides import Beat, ItemKind, Script
from shortsd.domain.story import Article
from shortsd.domain.text import cut
from shortsd.providers.writer.summary import condense, spoken_words
from shortsd.stages.sentences import split
from shortsd.stages.slides.reading import Section, sections
from shortsd.stages.slides.settling import settled

MOST_SECTIONS = 12
LEAST_WORDS = 25
"""That are said of a section."""
MOST_POINTS, POINT = 5, 140
"""Of a section's lists, and characters of a point."""


def outlined(article: Article, markdown: str, words: int) -> Script:
    """An article as a lecture of about so many of its own words. Raises BadInput for one that says nothing."""
    found = _titled(article, sections(markdown))
    told = [section for section in found[1:] if not section.bare][:MOST_SECTIONS]
    whole = sum(map(_length, told)) or 1.0
    shares = [max(LEAST_WORDS, words * _length(section) / whole) for section in told]
    short = [_condensed(one, round(share), article) for one, share in zip(told, shares, strict=True)]
    return settled([found[0], *short])


def _titled(article: Article, found: Sequence[Section]) -> list[Section]:
    """The sections after one with the title alone; what stands before the first heading goes on under it."""
    title = " ".join(article.title.split())
    if not title:
        return [Section(found[0].heading if found else "", 1), *found]
    rest = [replace(one, heading=title, level=0, goes_on=True) if _is_title(one, title) else one for one in found]
    return [Section(title, 1), *rest]


def _is_title(section: Section, title: str) -> bool:
    return not section.heading or section.level == 1 or section.heading.casefold() == title.casefold()


def _length(section: Section) -> float:
    said = [*section.opening, *(one for beat in section.beats for one in beat.says)]
    return spoken_words(" ".join(said))


def _condensed(section: Section, words: int, article: Article) -> Section:
    """A section that takes about so many words to say."""
    beats = list(_few(section.beats))
    listed = sum(spoken_words(" ".join(beat.says)) for beat in beats)
    room = max(LEAST_WORDS, round(words - listed))
    opening = _condensed_texts(section.opening, room, article)
    return replace(section, opening=opening, beats=beats)


def _condensed_texts(texts: Sequence[str], words: int, article: Article) -> list[str]:
    """The best sentences of some paragraphs, in the paragraphs they stand in."""
    kept = condense("\n".join(texts), words, article.language)
    return [said for text in texts if (said := _within(text, kept))]


def _within(text: str, kept: str) -> str:
    return " ".join(one for sentence in split(text, "en") if (one := " ".join(sentence.split())) in kept)


def _few(beats: Sequence[Beat]) -> Iterator[Beat]:
    """The first points, each not too long, and all code, quotes and pictures, with nothing said beside them."""
    points = 0
    for beat in beats:
        item = beat.item
        if item is None or item.kind is ItemKind.PICTURE or item.kind is ItemKind.CODE:
            yield Beat(item)
        elif points < MOST_POINTS:
            points += 1
            short = cut(item.text, POINT)
            yield Beat(replace(item, text=short), (short,))

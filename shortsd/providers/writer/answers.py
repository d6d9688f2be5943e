"""What a language model has to answer: JSON of a certain shape; and what is wrong with an answer, said to the model.

The shape is asked for in words, with `response_format` at {"type": "json_object"}. A JSON schema (`json_schema`) would
bind the model more firmly, but not all endpoints and models take one, and none of them counts words: what comes is
looked at here in any case.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from shortsd.domain.slides import Beat, Item, ItemKind, Script, Slide
from shortsd.domain.story import Passage
from shortsd.domain.text import WORDS_PER_SECOND, has_words, line, plain, speech_seconds
from shortsd.providers.music.moods import MOODS

T = TypeVar("T")

STORY = """\
Answer with one JSON object and nothing else, in this shape:
{"title": "…", "passages": [{"text": "…", "keywords": ["…", "…"]}], "description": "…", "tags": ["…"], "mood": "…"}
The texts of the passages, one after the other, are the whole story, word for word. The title has at most 70 characters.
The description is one or two sentences that make people want to hear it. Give 5 to 12 tags of one to three words."""
SLIDES = """\
Answer with one JSON object and nothing else, in this shape:
{"title": "…", "slides": [{"heading": "…", "points": [{"shown": "…", "said": "…"}]}]}"""
TITLES = """\
Answer with one JSON object and nothing else, in this shape: {"titles": ["…", "…"]}"""

SUMMARY = """\
Answer with one JSON object and nothing else, in this shape: {"paragraphs": ["…", "…"]}"""

LEAST, MOST = 0.6, 1.6
"""Of the words that were asked for, what a story has to have and may have."""
PASSAGE = 1200
"""Characters of a passage: half a minute and more of one picture is too much of it."""
TITLE = 200
"""Characters of a title that can still be made shorter."""
DESCRIPTION = 1000
TAGS, TAG = 12, 30
KEYWORDS, KEYWORD = 6, 40
"""Kept of each passage, and characters of one; as with tags, what is more or longer is left out."""

MOST_SLIDES, MOST_POINTS, POINT = 20, 6, 140
"""Of a lecture, of a slide, and characters of a point."""

NEAR = {
    "creepy": "eerie",
    "dark": "dread",
    "dreadful": "dread",
    "fear": "dread",
    "hopeful": "wonder",
    "horror": "dread",
    "inspiring": "wonder",
    "joyful": "wonder",
    "magical": "wonder",
    "mysterious": "eerie",
    "nostalgic": "melancholy",
    "sad": "melancholy",
    "scary": "dread",
    "sorrow": "melancholy",
    "suspense": "dread",
    "tense": "dread",
    "terror": "dread",
    "tragic": "melancholy",
    "uneasy": "eerie",
    "uplifting": "wonder",
}
"""What moods that models think of sound like."""
USUAL = "eerie"
"""The mood of a story of which nothing else is known."""


class Unfit(Exception):
    """An answer that is not what was asked for; its text tells the model why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A story as a model wrote it, put in order."""

    title: str
    passages: tuple[Passage, ...]
    description: str
    tags: tuple[str, ...]
    mood: str

    @property
    def text(self) -> str:
        """What is spoken."""
        return " ".join(passage.text for passage in self.passages)


class _Passage(msgspec.Struct):
    text: str
    keywords: list[str] = []


class _Story(msgspec.Struct):
    title: str
    passages: list[_Passage]
    description: str = ""
    tags: list[str] = []
    mood: str = ""


class _Point(msgspec.Struct):
    shown: str
    said: str = ""


class _Slide(msgspec.Struct):
    heading: str
    points: list[_Point] = []


class _Slides(msgspec.Struct):
    title: str
    slides: list[_Slide]


class _Titles(msgspec.Struct):
    titles: list[str]


class _Summary(msgspec.Struct):
    paragraphs: list[str]


def read_story(content: str, words: int) -> Draft:
    """The story in an answer; it was to have about so many words. Raises Unfit, saying all that is wrong."""
    answer = _decode(content, _Story)
    draft = Draft(
        title=line(answer.title),
        passages=tuple(_passage(passage) for passage in answer.passages if has_words(line(passage.text))),
        description=line(answer.description)[:DESCRIPTION],
        tags=_few((tag.lstrip("# ").lower() for tag in answer.tags), TAGS, TAG),
        mood=fitting_mood(answer.mood),
    )
    wrong = list(_faults(draft, words))
    if wrong:
        raise Unfit("\n".join(f"- {fault}" for fault in wrong))
    return draft


def read_slides(content: str, words: int) -> Script:
    """The lecture in an answer, its title before it; it was to have about so many words. Raises Unfit."""
    answer = _decode(content, _Slides)
    title = line(answer.title)[:TITLE]
    slides = tuple(slide for slide in map(_slide, answer.slides) if slide.heading and slide.beats)
    wrong = list(_slide_faults(title, slides, words))
    if wrong:
        raise Unfit("\n".join(f"- {fault}" for fault in wrong))
    return Script(title, (Slide(title), *slides))


def _slide(answer: _Slide) -> Slide:
    points = [(line(point.shown), line(point.said)) for point in answer.points]
    beats = (Beat(Item(ItemKind.POINT, shown), (said or shown,)) for shown, said in points if has_words(shown))
    return Slide(line(answer.heading)[:TITLE], tuple(beats))


def _slide_faults(title: str, slides: Sequence[Slide], words: int) -> Iterator[str]:
    if not title:
        yield "`title` is empty."
    if not 2 <= len(slides) <= MOST_SLIDES:
        yield f"There are {len(slides)} slides with points; make 4 to 9."
    for n, slide in enumerate(slides, 1):
        if len(slide.beats) > MOST_POINTS or any(len(item.text) > POINT for item in slide.items):
            yield f"Slide {n} is too full: at most 4 points of at most ten words."
    count = round(
        sum(speech_seconds(one) for slide in slides for beat in slide.beats for one in beat.says) * WORDS_PER_SECOND
    )
    if not LEAST * words <= count <= MOST * words:
        yield f"What is said takes as long as {count} words; about {words} were asked for."


def read_titles(content: str) -> list[str]:
    """The titles in an answer. Raises Unfit."""
    return [one for one in map(line, _decode(content, _Titles).titles) if one]


def read_summary(content: str) -> str:
    """The summary in an answer, its paragraphs apart. Raises Unfit."""
    paragraphs = [one for one in map(line, _decode(content, _Summary).paragraphs) if has_words(one)]
    if not paragraphs:
        raise Unfit("- `paragraphs` holds no text.")
    return "\n\n".join(paragraphs)


def fitting_mood(mood: str) -> str:
    """A mood that there is music for."""
    named = mood.strip().lower()
    return named if named in MOODS else next((NEAR[word] for word in plain(named) if word in NEAR), USUAL)


def _decode(content: str, kind: type[T]) -> T:
    """The JSON object in an answer, also between fences, after thoughts, or with text around it."""
    spoken = content.rpartition("</think>")[2]
    text = spoken[max(spoken.find("{"), 0) : spoken.rfind("}") + 1]
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"), type=kind)
    except (msgspec.DecodeError, RecursionError) as exc:
        raise Unfit(f"- It is not a JSON object of the shape that was asked for: {exc}.") from None


def _faults(draft: Draft, words: int) -> Iterator[str]:
    if not 0 < len(draft.title) <= TITLE:
        yield f"`title` has {len(draft.title)} characters; it has to have from 1 to 70."
    if not draft.passages:
        yield "`passages` holds no text."
        return
    for n, passage in enumerate(draft.passages, 1):
        if len(passage.text) > PASSAGE:
            yield f"Passage {n} has {len(passage.text)} characters; {PASSAGE} is the limit. Cut it into several."
    count = round(speech_seconds(draft.text) * WORDS_PER_SECOND)
    if not LEAST * words <= count <= MOST * words:
        yield f"The passages take as long to say as {count} words; about {words} were asked for."


def _passage(passage: _Passage) -> Passage:
    return Passage(line(passage.text), _few(passage.keywords, KEYWORDS, KEYWORD))


def _few(lines: Iterator[str] | Sequence[str], most: int, longest: int) -> tuple[str, ...]:
    """Not more than so many of some short lines, none of them twice."""
    fitting = dict.fromkeys(one for one in map(line, lines) if 0 < len(one) <= longest)
    return tuple(fitting)[:most]

"""The built-in writer: eerie stories of about a minute, told from data files, for any topic."""

import asyncio
import random
from dataclasses import replace

from shortsd.domain.ports import Desk
from shortsd.domain.slides import Script
from shortsd.domain.story import Article, Assignment, Story
from shortsd.domain.text import words
from shortsd.providers.writer.arcs import VOLUME, Arc, choose
from shortsd.providers.writer.retelling import retell
from shortsd.providers.writer.slots import fill, slots
from shortsd.providers.writer.summary import condense
from shortsd.providers.writer.topic import Subject, headline, read_topic

MAX_TITLE = 70
"""Characters, as Story promises."""
MAX_TAG = 30
"""Characters."""
_HASHTAGS = "#scarystories #storytime #shorts"
_TAGS = ("scary stories", "horror stories", "storytime")
_SMALL_TAGS = 4
"""Letters that a word of the topic needs to become a tag of its own."""


WORDS = 140
"""Of an article retold, if nothing else is asked for: as many as the stories of topics have on the average."""
STRIDE = 97
"""From a story to the one told in its place. It has no factor in common with a volume's 300, so that all have a turn,
and leads away from the neighbours, which whoever counts seeds up has told, too."""


class BuiltinWriter:
    """Writes a story of 110 to 160 words from a topic and a seed, without a network; the same for the same two.

    An article is condensed to about `words` words of its own.
    """

    name = "builtin"

    def __init__(self, words: int = WORDS) -> None:
        self._words = words

    @property
    def key(self) -> str:
        return "builtin-1" if self._words == WORDS else f"builtin-1 {self._words}"

    async def write(self, assignment: Assignment, desk: Desk) -> Story:
        """A story about a topic; the 300 stories with seeds 0 to 299 (or 300 to 599 …) differ clearly.

        Progress counts words. Raises BadInput if the topic is blank, or the article.
        """
        article, avoid = assignment.article, assignment.avoid
        if article is not None:
            story = replace(await asyncio.to_thread(retell, article, self._words, avoid), writer=self.name)
        else:
            story = compose(assignment.topic, instead(assignment.seed, len(avoid)))
        spoken = len(words(story.text))
        desk.progress(spoken, spoken, "words")
        return story

    async def summarize(self, article: Article, words: int, desk: Desk) -> str:
        """The best sentences of an article, in about so many words. Progress counts words."""
        said = await asyncio.to_thread(condense, article.text, words, article.language)
        desk.progress(words, words)
        return said

    async def outline(self, article: Article, words: int, desk: Desk) -> Script | None:
        """Nothing: it tells stories."""
        del article, words, desk
        return None


def instead(seed: int, refused: int) -> int:
    """The number of the story to be told after so many for this seed were refused: another one of the same volume."""
    volume, number = divmod(seed, VOLUME)
    return volume * VOLUME + (number + refused * STRIDE) % VOLUME


def compose(topic: str, seed: int) -> Story:
    """The story number `seed` of a topic. Raises BadInput if the topic is blank."""
    subject = read_topic(topic)
    arc, lines = choose(subject.kind, subject.full, seed)
    chance = random.Random(f"{subject.full}/{seed}")  # noqa: S311 - a story is no secret
    filling = slots(subject, chance, indoors=arc.indoors)
    return Story(
        title=_title(arc, subject, chance),
        text=" ".join(fill(line, filling) for line in lines),
        description=f"{chance.choice(arc.teasers)} A short, eerie story about {subject.full}. {_HASHTAGS}",
        tags=_tags(arc, subject),
        mood=arc.mood,
        writer=BuiltinWriter.name,
    )


def _title(arc: Arc, subject: Subject, chance: random.Random) -> str:
    """A title of the arc with as much of the subject in it as there is room for."""
    patterns = chance.sample(arc.titles, len(arc.titles))
    names = [subject.name] if subject.kind == "title" else [headline(subject.full), headline(subject.core)]
    titles = [pattern.format(Name=_inside(name, pattern)) for name in names for pattern in patterns]
    fitting = next((title for title in titles if len(title) <= MAX_TITLE), None)
    return _capital(fitting or _cut(titles[-1]))


def _inside(name: str, pattern: str) -> str:
    """A name as it stands inside of a title: "the" is small there."""
    return name if pattern.startswith("{Name}") else name.replace("The ", "the ", 1) if name[:4] == "The " else name


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _cut(title: str) -> str:
    """A title that is too long, up to the end of a word, with dots."""
    return title[:MAX_TITLE].rsplit(" ", 1)[0] + "…"


def _tags(arc: Arc, subject: Subject) -> tuple[str, ...]:
    """From 5 to 12 tags: the subject's, the arc's, and those of the kind of story."""
    topic = " ".join(subject.words if subject.kind == "title" else subject.core.lower().removeprefix("the ").split())
    own = [word for word in topic.split() if len(word) >= _SMALL_TAGS and "'" not in word][:3]
    tags = [topic, *own, *arc.tags, arc.mood, *_TAGS]
    return tuple(dict.fromkeys(tag for tag in tags if tag and len(tag) <= MAX_TAG))

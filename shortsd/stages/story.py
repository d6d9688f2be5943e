"""Story: the user's text as it stands, or one written about a topic or after an article."""

import re
from dataclasses import replace

from shortsd.domain.ports import Articles, Desk, Writer
from shortsd.domain.story import Assignment, Story
from shortsd.domain.text import words
from shortsd.stages.plan import Plan

TITLE = 70
"""Characters of a title at most."""
DESCRIPTION = 200
"""Characters of a text of the user's own that describe it."""


async def story(plan: Plan, writer: Writer, articles: Articles, desk: Desk) -> Story:
    """The story to be told. Raises what the writer raises, and what reading an article raises."""
    told = own(plan) if plan.story is not None else await _written(plan, writer, articles, desk)
    told = replace(told, title=plan.title or told.title)
    count = len(words(told.text))
    desk.log.info(f"“{told.title}”, {count} words, mood {told.mood}")
    desk.progress(count, count)
    return told


async def _written(plan: Plan, writer: Writer, articles: Articles, desk: Desk) -> Story:
    article = await articles.fetch(plan.url, desk) if plan.url else None
    told = await writer.write(Assignment(topic=plan.topic or "", article=article, seed=plan.seed), desk)
    return told if article is None else _sourced(told, article.url)


def _sourced(told: Story, url: str) -> Story:
    """A story that says where it is from."""
    return replace(told, source=url, description=f"{told.description}\n\nSource: {url}".strip())


def own(plan: Plan) -> Story:
    """The story that a user gave, word for word, with a title made of its first words if it has none."""
    text = plan.story or ""
    title = plan.title or _first_words(text)
    return Story(title=title, text=text, description=_cut(" ".join(text.split()), DESCRIPTION))


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    sentence = re.split(r"(?<=[.!?…])\s|(?<=[。！？])", line)[0].rstrip(".")
    return _cut(sentence, TITLE) or "Untitled"


def _cut(line: str, most: int) -> str:
    """A line of at most so many characters, cut between words."""
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(",;:- ") + "…"

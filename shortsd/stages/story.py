"""Story: the user's text as it stands, or one written about a topic or of an article, as nobody told it before."""

import re
from dataclasses import dataclass, replace

from shortsd.domain.errors import TooAlike
from shortsd.domain.memory import Told
from shortsd.domain.ports import Articles, Desk, Writer
from shortsd.domain.story import Article, Assignment, Story, Twin
from shortsd.domain.text import cut, words
from shortsd.stages.plan import Plan
from shortsd.stages.twins import Shelf

TITLE = 70
"""Characters of a title at most."""
DESCRIPTION = 200
"""Characters of a text of the user's own that describe it."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Who writes stories, and what was told before."""

    writer: Writer
    shelf: Shelf
    rewrites: int
    """How often a story is written again that is too much like one told before."""


async def story(plan: Plan, teller: Teller, articles: Articles, desk: Desk) -> Story:
    """The story to be told. Raises TooAlike, what the writer raises, and what reading an article raises."""
    if plan.story is not None:
        told = await _own(plan, teller.shelf, desk)
    else:
        article = await articles.fetch(plan.url, desk) if plan.url else None
        told = _sourced(await _new(plan, teller, desk, article), article)
    count = len(words(told.text))
    desk.log.info(f"“{told.title}”, {count} words, mood {told.mood}")
    desk.progress(count, count)
    return told


async def _own(plan: Plan, shelf: Shelf, desk: Desk) -> Story:
    """What a user wants told is told, also if it was before."""
    told = own(plan)
    twin = await shelf.keep(Told(desk.job, told.title, told.text), anyway=True)
    if twin is not None:
        desk.log.info(f"{_alike(told, twin)} It is told all the same, as it is your own.")
    return told


async def _new(plan: Plan, teller: Teller, desk: Desk, article: Article | None) -> Story:
    """A story that is unlike all others, at the last of several attempts if need be. Raises TooAlike."""
    avoid: tuple[Twin, ...] = ()
    tokens = 0
    while True:
        assignment = Assignment(topic=plan.topic or "", article=article, seed=plan.seed, avoid=avoid)
        written = await teller.writer.write(assignment, desk)
        tokens += written.tokens
        told = replace(written, title=plan.title or written.title, tokens=tokens)
        twin = await teller.shelf.keep(Told(desk.job, told.title, told.text))
        if twin is None:
            return told
        if len(avoid) >= teller.rewrites:
            raise _refused(told, twin, len(avoid))
        desk.log.info(f"{_alike(told, twin)} It is written again.")
        avoid = (*avoid, twin)


def _alike(told: Story, twin: Twin) -> str:
    return f"“{told.title}” is too much like “{twin.title}” of job {twin.job} ({twin.likeness:.0f} of 100)."


def _refused(told: Story, twin: Twin, rewrites: int) -> TooAlike:
    again = f" So were the {rewrites} before it." if rewrites else ""
    return TooAlike(
        f"{_alike(told, twin)}{again}",
        "Give another topic or seed (`shortsctl retry ID --set seed=…`), or raise writer.rewrites.",
    )


def _sourced(told: Story, article: Article | None) -> Story:
    """A story that says where it is from, if it is from somewhere."""
    if article is None:
        return told
    said = told.description if article.url in told.description else f"{told.description}\n\nSource: {article.url}"
    return replace(told, source=article.url, description=said.strip())


def own(plan: Plan) -> Story:
    """The story that a user gave, word for word, with a title made of its first words if it has none."""
    text = plan.story or ""
    title = plan.title or _first_words(text)
    return Story(title=title, text=text, description=cut(" ".join(text.split()), DESCRIPTION))


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    sentence = re.split(r"(?<=[.!?…])\s|(?<=[。！？])", line)[0].rstrip(".")
    return cut(sentence, TITLE) or "Untitled"

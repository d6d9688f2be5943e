"""What every writer does (domain.ports.Writer)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest
from servers.chat import ChatServer
from support import TestDesk
from writing import KEY, LIGHTHOUSE, close, writer

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Writer
from shortsd.domain.story import Assignment, Story, Twin
from shortsd.domain.text import words
from shortsd.providers.music.moods import MOODS
from shortsd.providers.writer.builtin import BuiltinWriter
from shortsd.providers.writer.chain import FirstOf
from shortsd.providers.writer.presets import PRESETS
from shortsd.stages.twins import LIKE, nearest, pairs

TOPICS = ("the lighthouse keeper who never sleeps", "夜の海", "why do dogs bark at nothing", "x" * 400)
WRITERS: dict[str, Callable[[ChatServer], Writer]] = {
    "builtin": lambda _: BuiltinWriter(),
    "chain": lambda server: FirstOf([writer(server, "groq"), BuiltinWriter()]),
    **{name: lambda server, name=name: writer(server, name) for name in PRESETS},  # type: ignore[misc] # its default is a name
}


@pytest.fixture(autouse=True)
async def _closed() -> AsyncIterator[None]:
    yield
    await close()


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with ChatServer(key=KEY) as running:
        yield running


@pytest.fixture(params=WRITERS)
def any_writer(request: pytest.FixtureRequest, server: ChatServer) -> Writer:
    return WRITERS[request.param](server)


def likeness(one: Story, other: Story) -> float:
    return nearest(pairs(one.text), [pairs(other.text)])[1]


@pytest.mark.parametrize("assignment", [*(Assignment(topic=t, seed=7) for t in TOPICS), Assignment(article=LIGHTHOUSE)])
async def test_a_story_keeps_its_measures(any_writer: Writer, assignment: Assignment, desk: TestDesk) -> None:
    """Whatever it is about, its title, text, tags, mood and passages are what the stages after it count on."""
    told = await any_writer.write(assignment, desk)
    assert 0 < len(told.title) <= 70
    assert 80 <= len(told.text.split()) <= 230
    assert not told.passages or " ".join(passage.text for passage in told.passages) == told.text
    assert all(len(passage.keywords) <= 6 for passage in told.passages)
    assert 2 <= len(told.tags) <= 12
    assert all(0 < len(tag) <= 30 for tag in told.tags)
    assert told.description
    assert told.mood in MOODS
    assert told.writer.split()[0] in {*PRESETS, "builtin"}
    assert desk.seen[-1] == (len(words(told.text)), len(words(told.text)), "words")


async def test_the_same_is_asked_for_by_the_same_key(any_writer: Writer, server: ChatServer) -> None:
    """A writer's key is a short text that two writers of the same settings share, and which holds no secret."""
    assert any_writer.key
    assert any_writer.key in {make(server).key for make in WRITERS.values()}
    assert KEY not in any_writer.key


async def test_another_topic_seed_or_twin_makes_another_story(any_writer: Writer, desk: TestDesk) -> None:
    """Each of them is told to whoever writes."""
    plain = Assignment(topic="the old piano", seed=1)
    first = await any_writer.write(plain, desk)
    twin = Twin(3, first.title, first.text, 100.0)
    for other in (replace(plain, topic="the well"), replace(plain, seed=2), replace(plain, avoid=(twin,))):
        assert likeness(first, await any_writer.write(other, desk)) < LIKE


async def test_an_article_is_retold_otherwise_if_it_was_before(any_writer: Writer, desk: TestDesk) -> None:
    """Who retells an article a second time is told how it was told, and takes other sentences."""
    first = await any_writer.write(Assignment(article=LIGHTHOUSE), desk)
    avoid = (Twin(3, first.title, first.text, 100.0),)
    second = await any_writer.write(Assignment(article=LIGHTHOUSE, avoid=avoid), desk)
    assert likeness(first, second) < LIKE


async def test_nothing_cannot_be_written_about(any_writer: Writer, desk: TestDesk) -> None:
    """A blank topic is the user's to change, and no service is asked about it."""
    with pytest.raises(BadInput):
        await any_writer.write(Assignment(topic=" \n"), desk)


async def test_several_stories_are_written_at_once(any_writer: Writer) -> None:
    """Two jobs do not get each other's story."""
    assignments = [Assignment(topic=topic, seed=3) for topic in TOPICS[:3]]
    alone = [await any_writer.write(one, TestDesk()) for one in assignments]
    together = await asyncio.gather(*(any_writer.write(one, TestDesk()) for one in assignments))
    assert [told.text for told in together] == [told.text for told in alone]

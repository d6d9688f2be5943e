from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import pytest
from support import TestDesk

from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Desk
from shortsd.domain.story import Article, Assignment, Story
from shortsd.stages import story
from shortsd.stages.plan import Plan, changed, plan
from shortsd.stages.story import Teller
from shortsd.stages.twins import NothingTold, Shelf
from shortsd.wire.models import ShortParams

URL = "https://news.example/lamp"
FOUND = Article("https://www.news.example/lamp-2", "The lamp", "It burned.", "Ida Marsh")


@dataclass
class Retelling:
    """A writer and what it was asked for; the pages that it is given."""

    key = "retelling"
    asked: list[Assignment] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    async def write(self, assignment: Assignment, _desk: Desk) -> Story:
        self.asked.append(assignment)
        return Story("A title", "Some words.", "What it is about.")

    async def fetch(self, url: str, _desk: Desk) -> Article:
        self.fetched.append(url)
        return FOUND


def teller(writer: Retelling) -> Teller:
    return Teller(writer, Shelf(NothingTold()), 0)


def wanted(**params: Any) -> Plan:
    return plan(ShortParams(**params), Settings(), 7)


async def test_an_article_is_retold() -> None:
    """The writer is handed the article; its story says where it is from, as it was found in the end."""
    both = Retelling()
    told = await story.story(wanted(url=URL), teller(both), both, TestDesk())
    assert both.fetched == [URL]
    assert both.asked == [Assignment(topic="", article=FOUND, seed=7)]
    assert (told.source, told.description) == (FOUND.url, f"What it is about.\n\nSource: {FOUND.url}")


async def test_nothing_is_fetched_for_a_topic() -> None:
    """A topic has no article and no source."""
    both = Retelling()
    told = await story.story(wanted(topic="a lamp"), teller(both), both, TestDesk())
    assert (both.fetched, both.asked[0].article, told.source) == ([], None, "")
    assert told.description == "What it is about."


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"topic": "a lamp", "url": URL},
        {"story": "It burned.", "url": URL},
        {"topic": "a", "story": "b", "url": URL},
        {"url": ""},
        {"url": "news.example"},
        {"url": "file:///etc/passwd"},
        {"url": "https://me:secret@news.example/"},
        {"url": "https://news.example:99999/"},
        {"url": "https://" + "a" * 2000},
    ],
)
def test_plans_that_cannot_be(params: dict[str, Any]) -> None:
    """A short has one subject; an address has the form of one, which is all that is looked at."""
    with pytest.raises(BadInput) as caught:
        wanted(**params)
    assert "secret" not in caught.value.message


def test_the_working_title() -> None:
    """Until there is a title, a job is called by its address."""
    assert wanted(url=f" {URL} ").working_title() == URL
    assert wanted(url=URL, title="The lamp").working_title() == "The lamp"


def test_changes_of_the_subject() -> None:
    """An address takes the place of a topic or a story, and the other way round; a story then keeps the title."""
    before = wanted(url=URL)
    after = changed(before, {"story": "It burned."}, "The lamp", Settings())
    assert (after.url, after.story, after.title) == (None, "It burned.", "The lamp")
    again = changed(after, {"url": URL}, "The lamp", Settings())
    assert (again.url, again.story, again.topic) == (URL, None, None)
    assert changed(before, {"fps": 60}, "The lamp", Settings()) == replace(before, fps=60)


def test_plans_of_before() -> None:
    """A job that was asked for before there were addresses has none."""
    data = {name: value for name, value in wanted(topic="a lamp").data().items() if name != "url"}
    assert Plan.of(msgspec.json.decode(msgspec.json.encode(data))).url is None

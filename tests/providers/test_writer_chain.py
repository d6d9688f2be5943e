"""Writers of which the next is asked where one fails."""

from dataclasses import dataclass, field

import pytest
from support import TestDesk

from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused, ShortsError
from shortsd.domain.ports import Desk
from shortsd.domain.slides import Script
from shortsd.domain.story import Article, Assignment, Story
from shortsd.providers.writer.chain import FirstOf

TOPIC = Assignment(topic="a well")


@dataclass
class Told:
    """A writer that does what it is told to."""

    name: str
    does: Story | ShortsError
    asked: list[Assignment] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.name}-1"

    async def write(self, assignment: Assignment, desk: Desk) -> Story:
        del desk
        self.asked.append(assignment)
        if isinstance(self.does, ShortsError):
            raise self.does
        return self.does

    async def summarize(self, article: Article, words: int, desk: Desk) -> str:
        del article, words, desk
        if isinstance(self.does, ShortsError):
            raise self.does
        return self.does.text

    async def outline(self, article: Article, words: int, desk: Desk) -> Script | None:
        del article, words, desk
        if isinstance(self.does, ShortsError):
            raise self.does
        return Script(self.name, ())


async def test_the_first_is_asked_alone_if_it_writes(desk: TestDesk) -> None:
    """A fallback costs nothing as long as it is not needed."""
    one, other = Told("one", Story("One", "One.")), Told("other", Story("Other", "Other."))
    assert (await FirstOf([one, other]).write(TOPIC, desk)).title == "One"
    assert not other.asked
    assert not desk.log.lines


@pytest.mark.parametrize("error", [ServiceFailed("One is down."), ServiceRefused("One refuses our key (401).")])
async def test_the_next_is_asked_where_one_fails(error: ShortsError, desk: TestDesk) -> None:
    """A warning in the job tells who failed, why, and who is asked instead."""
    one, other = Told("one", error), Told("other", Story("Other", "Other."))
    assert (await FirstOf([one, other]).write(TOPIC, desk)).title == "Other"
    assert other.asked == [TOPIC]
    assert desk.log.lines == [f"warning one wrote no story: {error.message} other is asked instead."]


async def test_summaries_fall_back_as_stories_do(desk: TestDesk) -> None:
    """Who fails at one is told of, and the next is asked."""
    writers = FirstOf([Told("one", ServiceFailed("One is down.")), Told("other", Story("Other", "Other."))])
    assert await writers.summarize(Article("https://a.example/", "A", "Text."), 20, desk) == "Other."
    assert desk.log.lines == ["warning one wrote no summary: One is down. other is asked instead."]


async def test_the_last_error_is_raised(desk: TestDesk) -> None:
    """Nobody is left to be asked."""
    failing = [Told("one", ServiceFailed("One is down.")), Told("two", ServiceRefused("Two refuses."))]
    with pytest.raises(ServiceRefused, match="Two refuses"):
        await FirstOf(failing).write(TOPIC, desk)
    assert len(desk.log.lines) == 1


async def test_bad_input_is_nobody_elses_to_mend(desk: TestDesk) -> None:
    """It is raised at once."""
    one, other = Told("one", BadInput("Nothing to write about.")), Told("other", Story("Other", "Other."))
    with pytest.raises(BadInput):
        await FirstOf([one, other]).write(TOPIC, desk)
    assert not other.asked


def test_its_key_is_that_of_all() -> None:
    """Another writer, or another order, may write another story."""
    one, other = Told("one", Story("One", "One.")), Told("other", Story("Other", "Other."))
    assert FirstOf([one, other]).key == "one-1 | other-1"

"""Never the same story twice: the shelf of what was told, and the stage that asks it."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import process
from rapidfuzz.distance import Indel
from support import TestDesk

from shortsd.config.settings import Settings
from shortsd.domain.errors import TooAlike
from shortsd.domain.memory import Told
from shortsd.domain.ports import Desk
from shortsd.domain.story import Article, Assignment, Story
from shortsd.providers.writer.arcs import choose
from shortsd.providers.writer.builtin import BuiltinWriter, compose
from shortsd.providers.writer.slots import fill, slots
from shortsd.providers.writer.topic import read_topic
from shortsd.stages.plan import Plan, plan
from shortsd.stages.story import Teller, story
from shortsd.stages.twins import LIKE, NothingTold, Shelf, nearest, pairs
from shortsd.store.database import Database
from shortsd.store.told import ToldRecords
from shortsd.wire.models import ShortParams

TOPIC = "the lighthouse keeper who never sleeps"


ARTICLE = Article("https://news.example/", "News", "Something happened.")


class Pages:
    """The same article at every address."""

    async def fetch(self, url: str, desk: Desk) -> Article:
        del url, desk
        return ARTICLE


PAGES = Pages()


def likeness(one: str, other: str) -> float:
    return nearest(pairs(one), [pairs(other)])[1]


def lines(topic: str, seed: int, chance: random.Random | None = None, reworded: tuple[int, ...] = ()) -> list[str]:
    """The sentences of a built-in story; with other names if there is a chance, and some told in other words."""
    subject = read_topic(topic)
    arc, chosen = choose(subject.kind, subject.full, seed)
    filling = slots(subject, chance or random.Random(f"{subject.full}/{seed}"), indoors=arc.indoors)
    others = [[line for line in beat if line != own] for beat, own in zip(arc.beats, chosen, strict=True)]
    picked = [others[n][seed % 4] if n in reworded else line for n, line in enumerate(chosen)]
    return [fill(line, filling) for line in picked]


EDITS: dict[str, Callable[[int], list[str]]] = {
    "other names": lambda seed: lines(TOPIC, seed, random.Random(seed)),
    "a fifth in other words": lambda seed: lines(TOPIC, seed, reworded=(2, 5)),
    "another beginning": lambda seed: lines(TOPIC, seed, reworded=(0, 1)),
    "another order": lambda seed: random.Random(seed).sample(lines(TOPIC, seed), 8),
    "shouted": lambda seed: [line.upper() for line in lines(TOPIC, seed)],
    "without punctuation": lambda seed: [re.sub(r"[^\w\s'’]", "", line) for line in lines(TOPIC, seed)],
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_story_in_disguise_is_known_again(edit: str) -> None:
    """Whatever was done to it, it is the same story."""
    for seed in range(60):
        assert likeness(compose(TOPIC, seed).text, " ".join(EDITS[edit](seed))) >= LIKE


@pytest.mark.parametrize("topic", [TOPIC, "horror", "petrichor", "夜の海"])
def test_stories_of_a_topic_are_no_twins(topic: str) -> None:
    """The 300 that the built-in writer tells of a topic may all be told."""
    told = [pairs(compose(topic, seed).text) for seed in range(300)]
    likenesses = process.cdist(told, told, scorer=Indel.normalized_similarity)
    np.fill_diagonal(likenesses, 0)
    assert 100 * likenesses.max() < LIKE


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("夜の海で漁師が古い灯台を見つけた。", "古い灯台を夜の海で漁師が見つけた。", True),
        ("夜の海で漁師が古い灯台を見つけた。", "朝の山で少女が白い猫を拾った。", False),
        ("Boo!", "boo", True),
        ("👻", "👻", False),
        ("", "", False),
    ],
)
async def test_scripts_and_lengths_of_all_kinds_are_held_against_each_other(one: str, other: str, same: bool) -> None:
    """Also without spaces, of one word, and of none, which is like nothing."""
    shelf = Shelf(Remembered([Told(1, "One", one)]))
    assert (await shelf.keep(Told(2, "Other", other)) is not None) is same


@dataclass
class Remembered:
    """Stories by job (domain.memory.ToldStories)."""

    told: list[Told] = field(default_factory=list)

    async def others(self, job: int) -> list[Told]:
        return [one for one in self.told if one.job != job]

    async def tell(self, told: Told) -> None:
        self.told = [*(one for one in self.told if one.job != told.job), told]


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[ToldRecords]:
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    yield ToldRecords(database, lambda: 0.0)
    await database.close()


async def test_the_nearest_twin_is_told(told: ToldRecords) -> None:
    """By its job, its title and how like it is; and what is like it is not kept."""
    shelf = Shelf(told)
    await shelf.keep(Told(1, "Far", "A fisherman found a bell in his net. " * 5 + compose(TOPIC, 4).text))
    await shelf.keep(Told(2, "Near", compose(TOPIC, 4).text), anyway=True)
    twin = await shelf.keep(Told(3, "Again", compose(TOPIC, 4).text))
    assert twin is not None
    assert (twin.job, twin.title, twin.text, twin.likeness) == (2, "Near", compose(TOPIC, 4).text, 100.0)
    assert [one.job for one in await told.others(0)] == [2, 1]


async def test_a_job_is_no_twin_of_itself(told: ToldRecords) -> None:
    """A retry, or a daemon that crashed after a story was kept, tells it again; its new shelf knows the rest."""
    await Shelf(told).keep(Told(1, "One", compose(TOPIC, 4).text))
    shelf = Shelf(told)
    assert await shelf.keep(Told(1, "One", compose(TOPIC, 4).text)) is None
    assert await shelf.keep(Told(2, "Two", compose(TOPIC, 4).text)) is not None


async def test_what_a_job_told_before_is_forgotten_when_it_tells_something_else(told: ToldRecords) -> None:
    """Somebody else may tell it then."""
    shelf = Shelf(told)
    for seed in (4, 5):
        await shelf.keep(Told(1, "One", compose(TOPIC, seed).text))
        assert await shelf.keep(Told(2, "Two", compose(TOPIC, seed).text)) is not None
    assert await shelf.keep(Told(2, "Two", compose(TOPIC, 4).text)) is None


async def test_of_two_at_the_same_time_one_comes_first(told: ToldRecords) -> None:
    """Two jobs that wrote the same story at once do not both tell it."""
    shelf = Shelf(told)
    text = compose(TOPIC, 4).text
    twins = await asyncio.gather(*(shelf.keep(Told(job, str(job), text)) for job in range(1, 6)))
    assert twins.count(None) == 1


def made(**given: object) -> Plan:
    return plan(ShortParams(**given), Settings(), 7)  # type: ignore[arg-type] # each test gives what it is about


class Parrot:
    """A writer that tells the same again and again, a few tokens each time."""

    key = "parrot"

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.asked: list[Assignment] = []

    async def write(self, assignment: Assignment, desk: Desk) -> Story:
        del desk
        self.asked.append(assignment)
        text = self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]
        return Story(title="Parrot", text=text, tokens=5)


async def test_a_twin_is_written_again_with_its_name(desk: TestDesk) -> None:
    """The writer is told of it, the tokens of all attempts are counted, and the log says why it took two."""
    shelf = Shelf(Remembered([Told(1, "The Old One", compose(TOPIC, 4).text)]))
    parrot = Parrot(compose(TOPIC, 4).text, compose(TOPIC, 5).text)
    told = await story(made(topic=TOPIC), Teller(parrot, shelf, 3), PAGES, replace(desk, job=2))
    assert told.text == compose(TOPIC, 5).text
    assert told.tokens == 10
    assert [twin.title for twin in parrot.asked[1].avoid] == ["The Old One"]
    assert any("“The Old One” of job 1" in line for line in desk.log.lines)


@pytest.mark.parametrize("rewrites", [0, 2])
async def test_it_is_given_up_after_so_many(rewrites: int, desk: TestDesk) -> None:
    """The job fails and names the twin, and nothing of it is kept."""
    remembered = Remembered([Told(1, "The Old One", compose(TOPIC, 4).text)])
    parrot = Parrot(compose(TOPIC, 4).text)
    with pytest.raises(TooAlike, match=r"“The Old One” of job 1 \(100 of 100\)") as failed:
        await story(made(topic=TOPIC), Teller(parrot, Shelf(remembered), rewrites), PAGES, replace(desk, job=2))
    assert len(parrot.asked) == rewrites + 1
    assert len(parrot.asked[-1].avoid) == rewrites
    assert "seed" in failed.value.hint
    assert not failed.value.retryable
    assert len(remembered.told) == 1


async def test_the_built_in_writer_finds_another_story(desk: TestDesk) -> None:
    """Asked for the same topic and seed by twenty jobs, it tells twenty stories."""
    shelf = Shelf(Remembered())
    teller = Teller(BuiltinWriter(), shelf, 20)
    told = [await story(made(topic=TOPIC, seed=4), teller, PAGES, replace(desk, job=job)) for job in range(1, 21)]
    assert told[0] == compose(TOPIC, 4)
    assert len({one.text for one in told}) == 20


async def test_your_own_story_is_told_in_any_case(desk: TestDesk) -> None:
    """The log says that it was told before, and a written one is held against it."""
    shelf = Shelf(Remembered())
    text = compose(TOPIC, 4).text
    for job in (1, 2):
        told = await story(made(story=text), Teller(Parrot(text), shelf, 0), PAGES, replace(desk, job=job))
        assert told.text == text
    assert any("of job 1" in line and "your own" in line for line in desk.log.lines)
    with pytest.raises(TooAlike):
        await story(made(topic=TOPIC), Teller(Parrot(text), shelf, 0), PAGES, replace(desk, job=3))


async def test_work_of_no_job_is_held_against_nothing(desk: TestDesk) -> None:
    """A preview leaves no trace."""
    shelf = Shelf(NothingTold())
    for _ in range(2):
        told = await story(made(topic=TOPIC, seed=4), Teller(BuiltinWriter(), shelf, 0), PAGES, replace(desk, job=0))
        assert told == compose(TOPIC, 4)


async def test_an_article_is_handed_to_the_writer(desk: TestDesk) -> None:
    """Each time that it writes."""
    shelf = Shelf(Remembered([Told(1, "Old", compose(TOPIC, 4).text)]))
    parrot = Parrot(compose(TOPIC, 4).text, "Something else happened.")
    await story(made(url="https://news.example/"), Teller(parrot, shelf, 1), PAGES, replace(desk, job=2))
    assert [asked.article for asked in parrot.asked] == [ARTICLE, ARTICLE]

import json
import random
import re
import string
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import TestDesk

from shortsd.domain.errors import BadInput
from shortsd.domain.story import Assignment, Story
from shortsd.providers.writer import slots
from shortsd.providers.writer.arcs import BEATS, CHOICES, VOLUME, arcs, choose, code_word
from shortsd.providers.writer.builtin import BuiltinWriter, compose
from shortsd.providers.writer.topic import read_topic

PROSE = "It was late, and I had walked for hours through the rain when I saw a lamp in the window of the mill. " * 3
TOPICS = (
    "the lighthouse keeper who never sleeps",
    "horror",
    "my grandmother's clock",
    "a house in the woods",
    "three sisters",
    "the dolls",
    "petrichor",
    "{\\an8} %",
    "夜の海",
    "👻",
    "الليل",
    "why do dogs bark at nothing",
    "it's 3 a.m.",
    "x" * 500,
    PROSE,
)
MOODS = {"eerie", "melancholy", "dread", "wonder"}

SAME = 0.5
"""Of the three-word runs of two stories, the share in both (Jaccard) at which they count as near-duplicates.

Broder (1997, "On the resemblance and containment of documents") groups web pages as the same at 0.5. At that share
two stories of eight equal beats have more than five in common: a listener would say they know this one already. Four
in common, the most that the code of arcs.py allows, give 4 / 12 of what both hold, and a little more by shared names.
"""


def sentences(text: str) -> list[str]:
    """Where the writer's own sentences end: a stop, perhaps a closing quote, and a capital."""
    return re.split(r"(?<=[.!?])(?: |(?<=\.)” )(?=[“A-Z])", text)


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def closest(topic: str, seeds: range) -> float:
    """The greatest resemblance of two of a topic's stories."""
    shingled = [runs(compose(topic, seed).text) for seed in seeds]
    return max(len(a & b) / len(a | b) for n, a in enumerate(shingled) for b in shingled[:n])


@pytest.mark.parametrize("topic", ["the lighthouse keeper who never sleeps", "horror"])
def test_three_hundred_stories_of_a_topic_are_three_hundred_stories(topic: str) -> None:
    """No two stories of a volume share half of what they say."""
    assert closest(topic, range(VOLUME)) < SAME


def test_a_later_volume_holds_to_it_too() -> None:
    """The promise is for every volume, not only the first."""
    assert closest("a house in the woods", range(VOLUME, 2 * VOLUME)) < SAME


def test_code_words_of_an_arc_agree_in_at_most_half_of_the_beats() -> None:
    """Stories of one arc share at most four of eight sentences, which is what the bound on resemblance rests on."""
    words = [code_word(n) for n in range(CHOICES**3)]
    same = max(sum(x == y for x, y in zip(a, b, strict=True)) for n, a in enumerate(words) for b in words[:n])
    assert same == BEATS // 2


@pytest.mark.parametrize("topic", TOPICS)
def test_every_story_keeps_its_measures(topic: str) -> None:
    """Whatever the topic, a story has its length, its title fits, and its tags and mood are those promised."""
    for seed in range(60):
        told = compose(topic, seed)
        assert 110 <= len(told.text.split()) <= 160, told.text
        assert 0 < len(told.title) <= 70
        assert told.mood in MOODS
        assert 5 <= len(told.tags) <= 12
        assert len(set(told.tags)) == len(told.tags)
        assert all(tag == tag.lower().strip() and tag and "#" not in tag for tag in told.tags)
        assert 1 <= len(sentences(told.description)) <= 4


@pytest.mark.parametrize("topic", TOPICS)
def test_every_story_can_be_spoken(topic: str) -> None:
    """No slot, bracket or doubled space is left, sentences begin with a capital, and none comes twice."""
    for seed in range(60):
        text = compose(topic, seed).text
        said = sentences(text)
        assert not re.search(r"[{}\[\]()<>\\#%*_~|/]|\s\s|\n| [,.!?]|\ba [aeiou]\w+|\bthe the\b", text), text
        assert len(set(said)) == len(said)
        assert all(re.match(r"“?[A-Z]", sentence) for sentence in said), said
        assert all(len(sentence.split()) <= 22 for sentence in said), said


@pytest.mark.parametrize(
    ("topic", "named"),
    [
        ("the lighthouse keeper who never sleeps", "the lighthouse keeper who never sleeps"),
        ("A man in the wall", "the man in the wall"),
        ("my grandmother's clock", "my grandmother's clock"),
        ("Horror", "“Horror”"),
        ("夜の海", "“夜の海”"),
        ("👻", "the ghost"),
        ("{\\an8} %", "“an8”"),
    ],
)
def test_the_first_sentence_speaks_of_the_topic(topic: str, named: str) -> None:
    """The hook has the topic in it, in every arc."""
    for seed in range(100):
        first = sentences(compose(topic, seed).text)[0]
        assert named.lower() in first.lower()


@pytest.mark.parametrize(
    ("topic", "kind", "full", "short"),
    [
        ("a lighthouse keeper who never sleeps", "being", "the lighthouse keeper who never sleeps", "the keeper"),
        ("The House On The Hill", "place", "the house on the hill", "the house"),
        ("lighthouse", "place", "the lighthouse", "the lighthouse"),
        ("Anna's mirror", "thing", "Anna's mirror", "the mirror"),
        ("my mother", "being", "my mother", "my mother"),
        ("an old piano", "thing", "the old piano", "the piano"),
        ("a story about the girl crying in the attic", "being", "the girl crying in the attic", "the girl"),
        ("the Babadook", "thing", "the Babadook", "the Babadook"),
        (
            "Long ago, in a valley where fog never lifted, bells rang",
            "place",
            "the valley where fog never lifted",
            "the valley",
        ),
        (PROSE, "place", "the mill", "the mill"),
        ("the dog ate my homework", "being", "the dog", "the dog"),
        ("walking home alone", "title", "the thing we call “walking home alone”", "the thing"),
        (
            "the wolves at the door of the church by the sea",
            "being",
            "the wolves at the door of the church",
            "the wolves",
        ),
    ],
)
def test_a_topic_is_read_as_what_it_names(topic: str, kind: str, full: str, short: str) -> None:
    """Noun phrases stand in sentences as they are; anything else is a name that people gave to something."""
    subject = read_topic(topic)
    assert (subject.kind, subject.full, subject.short) == (kind, full, short)


def test_plural_topics_take_plural_verbs() -> None:
    """Nobody says that the dolls was there."""
    told = " ".join(compose("the dolls", seed).text for seed in range(VOLUME))
    assert "the dolls were" in told
    assert not re.search(
        r"(?<!with )(?<!beside )\bthe dolls (was|is|has)\b|\b(was|is) the dolls\b", told, re.IGNORECASE
    )


@pytest.mark.parametrize("topic", ["", "   ", "\n\t", "\u200b", "\ufe0f"])
def test_a_blank_topic_is_refused(topic: str) -> None:
    """There is nothing to write about nothing."""
    with pytest.raises(BadInput):
        compose(topic, 1)


@settings(max_examples=150, deadline=None)
@given(topic=st.text(min_size=1, max_size=120), seed=st.integers(-(2**40), 2**40))
def test_any_text_is_a_topic_or_is_refused(topic: str, seed: int) -> None:
    """No text makes the writer fail in another way, break its measures, or leave a brace."""
    try:
        told = compose(topic, seed)
    except BadInput:
        return
    assert 110 <= len(told.text.split()) <= 160
    assert 0 < len(told.title) <= 70
    assert "{" not in told.text


async def test_the_writer_tells_the_composed_story(desk: TestDesk) -> None:
    """The port gives the story, and progress ends at the number of its words."""
    story: Story = await BuiltinWriter().write(Assignment(topic="horror", seed=3), desk)
    assert story == compose("horror", 3)
    assert desk.seen[-1][:2] == (len(story.text.split()), len(story.text.split()))


def test_the_same_seed_tells_the_same_story_in_another_process() -> None:
    """A story is a function of topic and seed alone, whatever Python hashes strings to."""
    code = "import json; from shortsd.providers.writer.builtin import *; print(json.dumps(compose('horror', 7).text))"
    told = {
        json.loads(
            subprocess.run(
                [sys.executable, "-c", code], env={"PYTHONHASHSEED": n}, capture_output=True, check=True
            ).stdout
        )
        for n in ("1", "2")
    }
    assert told == {compose("horror", 7).text}


def test_the_data_is_whole() -> None:
    """Every arc has its beats, five different sentences for each, and known kinds and moods."""
    for arc in arcs():
        assert len(arc.beats) == BEATS, arc.name
        assert all(len(set(lines)) == CHOICES for lines in arc.beats), arc.name
        assert set(arc.suits) <= {"being", "thing", "place", "title"}
        assert arc.mood in MOODS
        assert all("{Name}" in title for title in arc.titles)
    lines = [line for arc in arcs() for beat in arc.beats for line in beat]
    assert len(set(lines)) == len(lines)


def test_every_slot_is_filled_and_every_filling_is_used() -> None:
    """Lines ask for no slot that nobody fills, and no word waits for a line."""
    filling = slots.slots(read_topic("the clock"), random.Random(0), indoors=True)
    asked = {
        slot
        for arc in arcs()
        for beat in arc.beats
        for line in beat
        for _, slot, _, _ in string.Formatter().parse(line)
        if slot
    }
    assert asked == set(filling)
    assert all(entry.keys() == entries[0].keys() for entries in slots.words().values() for entry in entries)


@pytest.mark.parametrize("topic", ["the keeper", "the clock", "the house", "horror"])
def test_every_sentence_of_every_fitting_arc_is_told(topic: str) -> None:
    """A volume leaves out no arc that suits the topic, and no sentence of one."""
    subject = read_topic(topic)
    told = {line for seed in range(VOLUME) for line in choose(subject.kind, subject.full, seed)[1]}
    fitting = [arc for arc in arcs() if subject.kind in arc.suits]
    assert len(fitting) >= 8
    assert told == {line for arc in fitting for beat in arc.beats for line in beat}


@pytest.mark.parametrize(
    ("topic", "indoors", "setting"),
    [
        ("the lighthouse", True, "sea"),
        ("my grandmother's clock", True, "house"),
        ("my grandmother's clock", False, "hills"),
        ("the dead astronaut", True, "stars"),
        ("a house in the woods", True, "forest"),
        ("petrichor", True, "hills"),
    ],
)
def test_a_story_is_set_where_its_topic_belongs(topic: str, indoors: bool, setting: str) -> None:
    """The lighthouse stands by the sea; where nothing fits, there are moonlit hills."""
    assert slots.setting_of(read_topic(topic), indoors=indoors) == setting

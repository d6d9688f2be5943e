"""Articles told without a language model: the best sentences, and what is said about them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writing import LIGHTHOUSE

from shortsd.domain.errors import BadInput
from shortsd.domain.story import Twin
from shortsd.providers.writer.retelling import retell
from shortsd.providers.writer.summary import condense, spoken_words

TEXT = LIGHTHOUSE.text
FIRST = "The old lighthouse at Kermorvan was switched off on Tuesday, after 173 years."
GERMAN = (
    "Der alte Leuchtturm von Kermorvan wurde am Dienstag abgeschaltet. Sein letzter Wärter stieg noch einmal hinauf. "
    "Die Seeleute des Dorfes sammeln Unterschriften für den Leuchtturm. Was aus dem Turm wird, ist nicht entschieden. "
)
JAPANESE = (
    "灯台は火曜日に消された。最後の灯台守が階段を上った。"
    "村の漁師たちは署名を集めている。塔がどうなるかは決まっていない。"
)


@pytest.mark.parametrize("words", [40, 80, 140])
def test_a_summary_has_about_the_words_asked_for(words: int) -> None:
    """Within a sentence's length."""
    assert 0.75 * words <= spoken_words(condense(TEXT, words)) <= 1.25 * words


def test_its_sentences_are_the_articles_in_its_order() -> None:
    """Nothing is made up, and nothing is told before what it follows from."""
    flat = " ".join(TEXT.split())
    said = condense(TEXT, 100)
    places = [flat.index(sentence) for sentence in said.replace('." ', '."|').replace(". ", ".|").split("|")]
    assert len(places) > 3
    assert places == sorted(places)


def test_it_begins_with_what_matters() -> None:
    """Journalists put that first; headings between paragraphs are no sentences."""
    said = condense(TEXT, 100)
    assert said.startswith(FIRST)
    assert "A new life" not in condense(TEXT, 10_000)


def test_a_short_text_is_told_whole() -> None:
    """There is nothing to be left out."""
    assert condense(FIRST, 140) == FIRST


def test_what_is_said_twice_is_told_once() -> None:
    """A sentence that stands in the text again, as in a pull quote, is the same sentence."""
    assert condense(f"{FIRST}\n{FIRST}\n", 1000) == FIRST


def test_nothing_is_told_again_while_there_is_more() -> None:
    """What was told of an article before is left out of it the next time."""
    first = condense(TEXT, 80)
    second = condense(TEXT, 80, without=[first])
    assert FIRST in first
    assert FIRST not in second
    assert condense(FIRST, 80, without=[FIRST]) == FIRST


@pytest.mark.parametrize(("text", "language"), [(GERMAN, "de"), (JAPANESE, "ja"), (JAPANESE, ""), (GERMAN, "xx-YY")])
def test_other_languages_are_condensed_too(text: str, language: str) -> None:
    """Two of four sentences, also where nobody knows the language and where words are not spaced."""
    said = condense(text, round(spoken_words(text) / 2), language)
    assert 0.3 <= len(said) / len(text) <= 0.7


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=400), words=st.integers(1, 200))
def test_any_text_can_be_condensed(text: str, words: int) -> None:
    """It comes out no longer, and the same each time."""
    said = condense(text, words)
    assert len(said) <= len(text)
    assert condense(text, words) == said


def test_an_article_becomes_a_story() -> None:
    """Its title, its source in the description, tags of what it is about, and a mood of its words."""
    told = retell(LIGHTHOUSE, 140)
    assert told.title == LIGHTHOUSE.title
    assert told.description.startswith(FIRST)
    assert told.description.endswith("Source: M. Kerbrat, Le Journal, https://news.example/lighthouse")
    assert "lighthouse" in told.tags
    assert told.mood == "wonder"


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("The murder was never solved. The killer left no blood.", "dread"),
        ("The ghost ship went missing on a dark night.", "eerie"),
        ("The telescope saw the first stars that ever shone.", "wonder"),
    ],
)
def test_the_mood_is_that_of_the_words(text: str, mood: str) -> None:
    """What is neither dreadful, sad nor strange is told with wonder."""
    assert retell(replace(LIGHTHOUSE, text=text), 140).mood == mood


def test_titles_are_made_short_or_made_up() -> None:
    """A long one is cut between words; where there is none, the text begins it."""
    assert len(retell(replace(LIGHTHOUSE, title="An article of many words " * 9), 140).title) <= 70
    assert retell(replace(LIGHTHOUSE, title=" "), 140).title.startswith("The old lighthouse at Kermorvan")


def test_a_twin_is_told_otherwise() -> None:
    """The second telling has none of the first one's sentences."""
    first = retell(LIGHTHOUSE, 100)
    second = retell(LIGHTHOUSE, 100, (Twin(1, first.title, first.text, 100.0),))
    assert FIRST in first.text
    assert FIRST not in second.text


def test_an_article_without_text_is_refused() -> None:
    """The address is the user's to change."""
    with pytest.raises(BadInput, match=r"news\.example"):
        retell(replace(LIGHTHOUSE, text=" \n "), 140)


def test_no_blanks_between_sentences_of_chinese_and_japanese() -> None:
    """Their sentences follow one another without any."""
    said = "今日は抹茶の点て方を紹介します。まず、茶碗をお湯で温めます。"
    assert condense(said, 1000, "ja") == said

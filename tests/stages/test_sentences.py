import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput
from shortsd.stages.plan import plan
from shortsd.stages.sentences import split
from shortsd.stages.story import own
from shortsd.wire.models import ShortParams


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("One. Two? Three!", "en-us", ["One.", "Two?", "Three!\n\n"]),
        ("First part.\n\nSecond.", "en", ["First part.\n\n", "Second.\n\n"]),
        ("今日は雨です。明日は晴れ！", "ja", ["今日は雨です。", "明日は晴れ！\n\n"]),
        ("It cost 3.14 dollars. {\\an8} stays.", "en", ["It cost 3.14 dollars.", "{\\an8} stays.\n\n"]),
        ("  \n\n \n", "en", []),
    ],
)
def test_a_text_is_cut_into_its_sentences(text: str, language: str, expected: list[str]) -> None:
    """In order, as they stand; the last of a paragraph ends in a blank line."""
    assert split(text, language) == expected


@given(st.text(max_size=80))
def test_no_letter_is_lost_between_sentences(text: str) -> None:
    """Whatever the text, what is spoken is all of it but white space."""
    assert "".join("".join(split(text, "en")).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The lamp went out. Nobody lit it.", "The lamp went out"),
        ("word " * 40, " ".join(["word"] * 13) + "…"),
        ("雨。晴れ。", "雨。"),
    ],
)
def test_an_untitled_story_is_called_by_its_first_words(text: str, title: str) -> None:
    """At most 70 characters, cut between words."""
    made = own(plan(ShortParams(story=text), Settings(), 1))
    assert made.title == title
    assert len(made.title) <= 70


@pytest.mark.parametrize(
    "params",
    [
        ShortParams(),
        ShortParams(topic="a", story="b"),
        ShortParams(topic="  "),
        ShortParams(story="a\0b"),
        ShortParams(topic="fog", fps=0),
        ShortParams(topic="fog", size="1080x1921"),
        ShortParams(topic="fog", title="x" * 300),
        ShortParams(story="x " * 200_000, allow_long=True),
    ],
)
def test_a_plan_that_cannot_be_is_refused(params: ShortParams) -> None:
    """With a sentence and a hint."""
    with pytest.raises(BadInput) as caught:
        plan(params, Settings(), 1)
    assert caught.value.hint

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortsd.domain.text import line, speech_seconds, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The sea, the sea!", ["The", "sea,", "the", "sea!"]),
        ("今日は「雨」です。", ["今", "日", "は", "「雨」", "で", "す。"]),
        ("abc日本 «Bon» (me)", ["abc", "日", "本", "«Bon»", "(me)"]),
        ("Hello 👋🏽 world", ["Hello", "👋🏽", "world"]),
        ("{\\an8}100% \\N", ["{\\an8}100%", "\\N"]),
        (" \n\t", []),
    ],
)
def test_words_are_split_as_they_are_highlighted(text: str, expected: list[str]) -> None:
    """At spaces, and scripts without spaces by character; punctuation clings to its word."""
    assert [word.text for word in words(text)] == expected


@given(st.text(max_size=60))
def test_words_leave_out_nothing_but_white_space(text: str) -> None:
    """Joined, they are the text without its spaces, and each lies where it says it does."""
    found = words(text)
    assert "".join(word.text for word in found) == "".join(text.split())
    assert all(text[word.start : word.end] == word.text for word in found)


def test_speech_is_estimated_by_words_and_by_characters_where_there_are_no_spaces() -> None:
    """150 words a minute; 4.5 characters a second of Chinese."""
    assert speech_seconds("word " * 150) == pytest.approx(60)
    assert speech_seconds("雨" * 45) == pytest.approx(10)


def test_a_line_is_text_and_one_line() -> None:
    """Whatever a service says: no controls, no ends of lines, nothing that turns round what comes after it."""
    assert line("Ann\n\nCredits\u2028by \u202eMallory\x1b[31m\ud800\x07 ") == "Ann Credits by Mallory [31m"
    assert line("\u05e9\u05dc\u05d5\u05dd \u200fAnn") == "\u05e9\u05dc\u05d5\u05dd \u200fAnn"

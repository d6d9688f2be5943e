"""What pictures of a text are looked for by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortsd.domain.keywords import MOST, keywords
from shortsd.domain.text import cut, plain

STORY = (
    "The first night in my new room, I opened the curtain, and there was the lighthouse keeper who never sleeps. "
    "I put my palm against the cold glass, and out there the keeper did the same. "
    "Then, right behind me, for the first time, I heard the keeper breathe."
)


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("I put my palm against the cold glass, and out there the keeper did the same.", {"glass", "palm", "keeper"}),
        ("Der alte Mann sah ein Licht im Fenster der verlassenen Mühle.", {"fenster", "mühle", "licht"}),
        ("Le vieux gardien a vu une lumière dans la fenêtre de l'église.", {"gardien", "lumière", "fenêtre", "église"}),
        ("Ночью старый смотритель маяка увидел корабль без огней.", {"смотритель", "корабль", "маяка"}),
        ("夜の海で漁師が古い灯台を見つけた。", {"漁師", "灯台"}),
        ("रात में पुराने मकान की खिड़की में रोशनी थी", {"मकान", "खिड़की", "रोशनी"}),
    ],
)
def test_things_are_found_in_many_languages(text: str, among: set[str]) -> None:
    """What can be seen is among them; articles, pronouns and the verbs of every sentence are not."""
    assert among <= set(keywords(text))
    assert not {"the", "and", "did", "der", "ein", "le", "dans", "без"} & set(keywords(text))


def test_what_the_whole_speaks_of_comes_first() -> None:
    """A scene of a story about a keeper is looked for by the keeper."""
    scene = "I put my palm against the cold glass, and out there the keeper did the same."
    assert keywords(scene, STORY)[0] == "keeper"


def test_the_whole_tells_the_language() -> None:
    """A German "war" is a verb like any other; an English one is not."""
    german = "Der alte Mann war nicht da, und die Tür war offen."
    assert "war" not in keywords("Es war Krieg.", german)
    assert "war" in keywords("It was war.", "The old man was not there, and the door was open.")


def test_one_thing_is_one_keyword() -> None:
    """Also if it is named once as one and once as many."""
    assert keywords("A lantern stood among lanterns.") == ("lantern",)


@pytest.mark.parametrize("text", ["", "and so it was", "1 2 3", "…", "👻"])
def test_nothing_is_about_nothing(text: str) -> None:
    """There is no keyword where no word says anything."""
    assert keywords(text) == ()


@given(text=st.text(max_size=300), context=st.text(max_size=300))
def test_any_text_has_a_few_at_most(text: str, context: str) -> None:
    """Whatever it is, they are few, different, and the same each time."""
    found = keywords(text, context)
    assert len(found) == len(set(found)) <= MOST
    assert all(found)
    assert keywords(text, context) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The keeper's “door” — it’s open!", ["the", "keeper", "door", "it", "open"]),
        ("L'homme n'était pas là", ["l", "homme", "n", "était", "pas", "là"]),
        ("夜の海 42", ["夜", "の", "海", "42"]),
        ("हिन्दी कहानी।", ["हिन्दी", "कहानी"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
    ],
)
def test_words_are_compared_plainly(text: str, words: list[str]) -> None:
    """Small, and without what only stands beside them."""
    assert plain(text) == words


@given(line=st.text(min_size=1, max_size=200), most=st.integers(2, 80))
def test_a_line_is_cut_to_its_length(line: str, most: int) -> None:
    """Never longer, and as it was if it is short enough."""
    short = cut(line, most)
    assert len(short) <= most
    assert short == line or len(line) > most

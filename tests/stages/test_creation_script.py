"""When the pages of a creation are shown: as long as they are told, or as long as they are silent."""

import pytest

from shortsd.config.settings import Settings
from shortsd.domain.story import Sentence, Speech
from shortsd.media.narration import LEAD_IN_S, LONG_PAUSE_S, TAIL_S, place
from shortsd.stages.creation import TURN_S, CreationPlan, Leaf, script_of
from shortsd.stages.kinds.creation import CREATION
from shortsd.stages.telling import Telling
from shortsd.stages.voice import Narration
from shortsd.wire.creations import CreationParams

PLAN: CreationPlan = CREATION.plan(CreationParams(creation="tale", storage="/books", silent_s=4.0), Settings()).plan
GRID_S = 0.034


def script(*pages: tuple[str, ...], pictured: str = "") -> Telling:
    """Of pages with these texts; `pictured` has a letter for each, `-` for one without a picture."""
    shown = pictured or "i" * len(pages)
    return script_of([Leaf(at, "" if shown[at] == "-" else "file", "", texts) for at, texts in enumerate(pages)], PLAN)


def told(made: Telling) -> Narration:
    """Each sentence takes two seconds."""
    placed = place([Speech("", 2.0, ()) for _ in made.sentences], made.sentences, made.quiet)
    return Narration(placed.duration_s, placed.sentences)


def shown_s(made: Telling) -> list[float]:
    return [span.end_s - span.start_s for span in made.spans(told(made))]


def test_pages_begin_with_their_first_words() -> None:
    """The first one with the video, the last one stays to its end; there is time to turn a page."""
    made = script(("One. Two.",), ("Three.",))
    spoken = told(made)
    first, second = made.spans(spoken)
    assert (first.start_s, second.end_s) == (0.0, spoken.duration_s)
    assert first.end_s == second.start_s == spoken.sentences[2].start_s
    assert spoken.sentences[2].start_s - spoken.sentences[1].end_s == pytest.approx(LONG_PAUSE_S + TURN_S, abs=GRID_S)
    assert (first.text, second.text) == ("One. Two.", "Three.")


def test_a_page_that_says_nothing_is_shown_for_the_chosen_time() -> None:
    """At the beginning, in the middle and at the end, alone or two at once; white space and dots say nothing."""
    made = script((), ("One.",), (" \n", "…"), ("",), ("Two.",), ())
    pages = shown_s(made)
    assert pages[0] == pytest.approx(4.0 + LEAD_IN_S + TURN_S, abs=GRID_S)
    assert pages[2] == pytest.approx(4.0)
    assert pages[3] == pytest.approx(4.0 + TURN_S, abs=2 * GRID_S)
    assert pages[5] == pytest.approx(4.0 + TAIL_S - LONG_PAUSE_S, abs=GRID_S)


def test_a_book_without_words() -> None:
    """Every page has its time."""
    made = script((), (), ())
    assert shown_s(made) == pytest.approx([4.0, 4.0, 4.0 + TAIL_S], abs=GRID_S)


def test_a_picture_stays_over_pages_that_have_none() -> None:
    """So does the first one for pages before it."""
    made = script(("One.",), ("Two.",), ("Three.",), ("Four.",), pictured="-i-i")
    spans = made.spans(told(made))
    assert [span.text for span in spans] == ["One. Two. Three.", "Four."]


def test_texts_of_a_page_follow_each_other() -> None:
    """With a long pause between them."""
    made = script(("One.", "Two."))
    first, second = told(made).sentences
    assert isinstance(first, Sentence)
    assert second.start_s - first.end_s == pytest.approx(LONG_PAUSE_S, abs=GRID_S)

"""Finding, sorting and marking jobs by keys and by the mouse, in front of a real daemon."""

from collections.abc import AsyncIterator

import pytest
from daemon import Home
from textual.pilot import Pilot
from tui.kit import shows, text, until, watched

from shorts_tui.app import ShortsApp
from shorts_tui.screens.jobs import JobsPage

TITLES = ("the lamp", "a bell", "the train", "a lamp again")


@pytest.fixture(scope="module")
def stocked(shared: Home) -> Home:
    """A paused daemon with jobs."""
    shared.client.pause()
    for title in TITLES:
        shared.make(topic=title)
    shared.client.stop(2)
    return shared


@pytest.fixture
async def seen(stocked: Home) -> AsyncIterator[tuple[ShortsApp, Pilot[None]]]:
    async with watched(stocked.client) as (app, pilot):
        await until(pilot, lambda: len(app.known.jobs) == len(TITLES) and app.known.whole, "the jobs")
        yield app, pilot


Seen = tuple[ShortsApp, Pilot[None]]


def keys(app: ShortsApp) -> list[int]:
    page = app.page
    assert isinstance(page, JobsPage)
    return page.table.keys


async def test_what_is_typed_filters_at_once_and_esc_shows_all(seen: Seen) -> None:
    """Letter by letter; enter goes to the rows, esc there shows all again."""
    app, pilot = seen
    await pilot.press("slash", *"lam")
    await until(pilot, lambda: keys(app) == [4, 1], "what has it")
    await pilot.press(*"p state:queued", "enter")
    await shows(pilot, "2 of 4")
    await pilot.press("j", "space")
    await shows(pilot, "2 of 4 · 1 marked")
    await pilot.press("escape")
    await until(pilot, lambda: keys(app) == [4, 3, 2, 1], "all")
    await shows(pilot, "1 marked")
    await pilot.press("escape")
    await until(pilot, lambda: "marked" not in text(pilot), "no marks")


async def test_where_nothing_is_found_it_is_said_how_to_see_all(seen: Seen) -> None:
    """An empty table is no riddle."""
    _, pilot = seen
    await pilot.press("slash", *"zebra")
    await shows(pilot, "Nothing is like that. esc shows all.", "0 of 4")
    await pilot.press("escape")
    await shows(pilot, "the train")


async def test_rows_are_sorted_by_keys_and_by_the_heads_of_columns(seen: Seen) -> None:
    """`o` sorts by the next column, `O` the other way round; so does a click on a head, and another one."""
    app, pilot = seen
    await pilot.press("o")
    await shows(pilot, "State ▲")
    assert keys(app) == [1, 3, 4, 2]
    await pilot.press("O")
    assert keys(app) == [2, 4, 3, 1]
    page = app.page
    assert isinstance(page, JobsPage)
    width = page.table.size.width
    await pilot.click(page.table, offset=(width - 5, 0))
    await shows(pilot, "Title ▲")
    assert keys(app)[0] == 2
    await pilot.click(page.table, offset=(width - 5, 0))
    await shows(pilot, "Title ▼")
    assert keys(app)[-1] == 2


async def test_all_that_are_shown_are_marked_or_none(seen: Seen) -> None:
    """`*` marks what the filter leaves; again it takes the marks away. Ctrl and a click mark one."""
    app, pilot = seen
    page = app.page
    assert isinstance(page, JobsPage)
    await pilot.press("slash", *"lamp", "enter", "asterisk")
    await shows(pilot, "2 of 4 · 2 marked")
    assert [job.id for job in page.targets()] == [1, 4]
    await pilot.press("asterisk")
    await until(pilot, lambda: not page.table.marked, "no marks")
    await pilot.click(page.table, offset=(20, 2), control=True)
    assert page.table.marked == {1}


async def test_help_shows_the_keys_of_where_one_is(seen: Seen) -> None:
    """Those of the page and of the table; over a question those of the question; where one types, `?` is a letter."""
    app, pilot = seen
    await pilot.press("question_mark")
    await shows(pilot, "Keys · Jobs", "Views")
    await pilot.press("question_mark", "asterisk", "s")
    await shows(pilot, "Stop 3 jobs?")
    await pilot.press("question_mark")
    await shows(pilot, "Keys · This question", "Yes")
    await pilot.press("escape", "n", "slash", *"what", "question_mark")
    await until(pilot, lambda: "/ what?" in text(pilot), "the letter")
    assert keys(app) == []


async def test_what_the_help_tells_holds_the_keys_of_the_table(seen: Seen) -> None:
    """Marks and moves are keys of the table, not commands; the help has them all the same."""
    _, pilot = seen
    await pilot.resize_terminal(120, 140)
    await pilot.press("question_mark")
    await shows(pilot, "Mark all that are shown, or none", "Sort by the next column", "↓, j")

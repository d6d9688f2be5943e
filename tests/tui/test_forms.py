"""The forms: a new short, a week."""

import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from daemon import Home, home
from textual.pilot import Pilot
from textual.widgets import Collapsible, Input, Select, TabbedContent, TextArea
from tui.kit import text, until, watched

from shorts_tui import wishes
from shorts_tui.app import ShortsApp
from shorts_tui.screens.form import Form
from shorts_tui.screens.new_short import NewShort
from shorts_tui.screens.offer import Offer
from shorts_tui.screens.page import Page
from shortsd.domain.errors import BadInput, NoDaemon


@pytest.fixture(scope="module")
def paused() -> Iterator[Home]:
    """A daemon that starts no jobs."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder) / "h") as daemon:
        daemon.client.pause()
        yield daemon


@asynccontextmanager
async def form(daemon: Home, key: str, ready: str) -> AsyncIterator[tuple[ShortsApp, Pilot[None], Form[Any]]]:
    """A form that a key opens, once it says what it finds out first."""
    async with watched(daemon.client, (120, 48)) as (app, pilot):
        await until(pilot, lambda: app.known.connected, "the daemon")
        await pilot.press(key)
        await until(pilot, lambda: ready in text(pilot), "the form")
        assert isinstance(app.screen, Form)
        yield app, pilot, app.screen


def type_into(form: Form[Any], **texts: str) -> None:
    """Let these stand in the lines."""
    for key, said in texts.items():
        form.query_one(f"#{key} Input", Input).value = said


async def test_a_short_is_made_and_pointed_at(paused: Home) -> None:
    """A topic is enough; what is chosen beside it counts; the cursor is on the new job."""
    async with form(paused, "n", "What is used") as (app, pilot, asked):
        await pilot.press(*"a bell")
        asked.query_one("#more", Collapsible).collapsed = False
        await until(pilot, lambda: asked.query("#seed"), "what is folded away")
        type_into(asked, title="The  Bell", priority="3", seed="7", publish_at="tomorrow 9:00", caption_size="1.5")
        cast("Select[str]", asked.query_one("#captions Select")).value = "boxed"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is under way" in text(pilot), "what was done")
        page = app.screen_stack[0]
        assert isinstance(page, Page)
        await until(pilot, lambda: [job.title for job in page.targets()] == ["The Bell"], "the cursor on the job")
        job = paused.client.job(page.targets()[0].id)
    captions = job.params["captions"]
    assert (job.params["topic"], job.priority, job.params["seed"]) == ("a bell", 3, 7)
    assert (captions["style"], captions["size"], captions["place"]) == ("boxed", 1.5, "auto")
    assert f"{datetime.fromtimestamp(job.publish_at or 0).astimezone():%H:%M}" == "09:00"


async def test_a_story_is_told_how_long_it_is(paused: Home) -> None:
    """And only what stands in the open tab is sent."""
    async with form(paused, "n", "What is used") as (app, pilot, asked):
        newest = max(app.known.jobs, default=0)
        await pilot.press(*"a bell")
        asked.query_one(TabbedContent).active = "of-story"
        asked.query_one("#story TextArea", TextArea).text = "It came at night."
        await until(pilot, lambda: "4 words, about 1.6 s of speech" in text(pilot), "how long it is")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: max(app.known.jobs, default=0) > newest, "the job")
        params = paused.client.job(max(app.known.jobs)).params
    assert (params["topic"], params["story"]) == (None, "It came at night.")


async def test_what_is_wrong_is_said_at_its_line(paused: Home) -> None:
    """While it is typed, and again by the key that sends: then what is folded away opens."""
    async with form(paused, "n", "What is used") as (app, pilot, asked):
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "There is nothing to tell yet" in text(pilot), "that a topic is missing")
        type_into(asked, topic="a bell", images="/nowhere/at all")
        await until(pilot, lambda: "There is no /nowhere/at all." in text(pilot), "the complaint")
        more = asked.query_one("#more", Collapsible)
        more.collapsed = False
        await until(pilot, lambda: more.query("#fps"), "what is folded away")
        type_into(asked, images="", fps="many")
        more.collapsed = True
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "'many' is no whole number from 1 to 120." in text(pilot), "the other complaint")
        await until(pilot, lambda: app.focused is asked.query_one("#fps Input"), "the focus at it")
        type_into(asked, fps="60")
        await until(pilot, lambda: "'many'" not in text(pilot), "the end of the complaint")


async def test_what_the_daemon_refuses_is_said_in_its_words_and_nothing_is_lost(paused: Home) -> None:
    """What was typed stands there still, and leaving asks before it is lost."""
    async with form(paused, "n", "What is used") as (app, pilot, asked):
        type_into(asked, topic="a bell", voice="nobody-at-all")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "nobody-at-all" in text(pilot).rpartition("▶")[2], "the daemon's complaint")
        assert asked.query_one("#topic Input", Input).value == "a bell"
        await pilot.press("escape")
        await until(pilot, lambda: "would be lost" in text(pilot), "the question")
        await pilot.press("n")
        assert app.screen is asked
        await pilot.press("escape", "y")
        await until(pilot, lambda: app.screen is not asked, "the end of the form")


async def test_a_form_is_taken_away_while_it_is_built(paused: Home) -> None:
    """An offer goes by itself when a daemon comes: a form that was just opened over it goes with it, in peace."""
    async with watched(paused.client) as (app, pilot):
        await until(pilot, lambda: app.known.connected, "the daemon")
        page = app.page
        assert page is not None
        offer = Offer(NoDaemon("Nobody answers."))
        await app.push_screen(offer)
        built = NewShort(page.desk)
        app.push_screen(built)
        offer.dismiss(result=False)
        await until(pilot, lambda: app.screen is page and not built.is_running, "the page")


async def test_voices_and_files_are_suggested(paused: Home, tmp_path: Path) -> None:
    """The right arrow takes what is suggested."""
    (tmp_path / "pictures").mkdir()
    async with form(paused, "n", "What is used") as (_, pilot, asked):
        voice = asked.query_one("#voice Input", Input)
        await until(pilot, lambda: voice.suggester is not None, "the voices")
        voice.focus()
        await pilot.press(*"en-g")
        await until(pilot, lambda: voice._suggestion == "en-gb", "a voice")
        await pilot.press("right")
        assert voice.value == "en-gb"
        folder = asked.query_one("#images Input", Input)
        folder.focus()
        folder.value = f"{tmp_path}/pi"
        await until(pilot, lambda: folder._suggestion == f"{tmp_path}/pictures", "the folder")


async def test_a_week_is_planned_then_made(paused: Home) -> None:
    """The plan shows hours, those that others have, and what it takes; nothing is made before it is agreed to."""
    day = f"{datetime.fromtimestamp(time.time() + 5 * 86400, UTC):%Y-%m-%d}"
    async with form(paused, "W", "What comes next") as (app, pilot, asked):
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "A week has to be about something." in text(pilot), "that topics are missing")
        asked.query_one("#topics TextArea", TextArea).text = "the sea\nold houses"
        type_into(asked, count="3", start=day, at="09:00,18:00", zone="Etc/UTC")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "3 shorts, to be seen at" in text(pilot), "the plan")
        assert f"{day}    09:00  18:00" in text(pilot)
        before = len(app.known.jobs)
        await pilot.press("n")
        await until(pilot, lambda: app.screen is asked, "the form again")
        assert len(app.known.jobs) == before
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "3 shorts, to be seen at" in text(pilot), "the plan")
        await pilot.press("y")
        await until(pilot, lambda: "is under way: 3 shorts." in text(pilot), "what was done")
        await until(pilot, lambda: len(app.known.jobs) == before + 3, "the jobs")
        await pilot.press("W")
        await until(pilot, lambda: isinstance(app.screen, Form) and app.screen.query("#topics"), "another form")
        app.screen.query_one("#topics TextArea", TextArea).text = "the sea"
        again = cast("Form[Any]", app.screen)
        type_into(again, count="2", start=day, at="09:00,18:00", zone="Etc/UTC")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1 hour is taken already" in text(pilot), "the hour that is taken")
        assert "09:00 is job" in text(pilot)


@pytest.mark.parametrize(
    ("read", "typed", "meant"),
    [
        (wishes.moment(lambda: 0.0), "1970-01-03", None),
        (wishes.moment(lambda: 90_000.0), "1970-01-01 00:00", None),
        (wishes.hours, "9:00, 18:30", ["9:00", "18:30"]),
        (wishes.hours, "25:00", None),
        (wishes.size, "1080x1920", "1080x1920"),
        (wishes.size, "1081x1920", None),
        (wishes.colour, "#FFD42A", "#FFD42A"),
        (wishes.colour, "yellow", None),
        (wishes.real(0.5, 2), "nan", None),
        (wishes.page, "ftp://a", None),
        (wishes.look, "title-card", "title-card"),
        (wishes.look, "./nothing.py", None),
        (wishes.day, "someday", None),
        (wishes.file, "/", None),
        (wishes.folder, "~nobody-at-all/x", None),
        (wishes.words, "\u200b", None),
    ],
)
def test_what_is_typed_is_read(read: Any, typed: str, meant: object) -> None:
    """As what is meant, or with a complaint."""
    if meant is None:
        with pytest.raises(BadInput):
            read(typed)
    else:
        assert read(typed) == meant

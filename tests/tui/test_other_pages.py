"""What the pages do: batches, the schedule, the history, processes, doctor; themes."""

import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from client.standin import progress
from textual.pilot import Pilot
from tui.channel_stage import DAY, MONDAY, laid_out, week
from tui.kit import QUIET, shows, still, text, until, watched
from tui.staged import NOW, Staged, happened, now

from shorts_tui.app import ShortsApp
from shorts_tui.model import brief
from shorts_tui.screens.history import HistoryPage
from shorts_tui.screens.jobs import JobsPage
from shorts_tui.screens.processes import ProcessesPage
from shorts_tui.screens.schedule import SchedulePage
from shorts_tui.themes import PLAIN, wanted
from shorts_tui.vitals import sample
from shorts_tui.weekly import monday_of, week_of
from shortsd.client.moments import zone_of
from shortsd.domain.errors import BadInput

FRAME = "#c5c8c6"
"""What Rich writes around a picture of a terminal."""

Seen = tuple[Staged, ShortsApp, Pilot[None]]


@pytest.fixture
def stage(short_folder: Path) -> Iterator[Staged]:
    with laid_out(short_folder) as made:
        yield made


@pytest.fixture
async def seen(stage: Staged) -> AsyncIterator[Seen]:
    async with watched(stage.client, clock=now, places=stage.places) as (app, pilot):
        await until(pilot, lambda: app.known.whole and app.page, "the jobs")
        yield stage, app, pilot


async def test_a_batch_is_counted_as_its_jobs_move_and_leads_to_them(seen: Seen) -> None:
    """What fails counts at once; enter shows the jobs of the batch alone; `s` is meant for all of them."""
    stage, app, pilot = seen
    await pilot.press("2")
    await shows(pilot, "b3", "62%")
    stage.tell(happened(30, "job.failed", 9, state="failed"))
    await until(pilot, lambda: " 2     1     4 " in text(pilot), "another failure")
    await pilot.press("s")
    await shows(pilot, "Stop 5 jobs?")
    await pilot.press("n", "enter")
    await shows(pilot, "14 of 17")
    page = app.page
    assert isinstance(page, JobsPage)
    assert {app.known.jobs[key].batch for key in page.table.keys} == {3}


async def test_the_calendar_is_walked_and_searched(seen: Seen) -> None:
    """By days, by hours, over the end of the week; a search finds in all weeks, and n goes from one to the next."""
    _, app, pilot = seen
    await pilot.press("3")
    await shows(pilot, "Europe/Berlin", "7 made · 1 failed · 1 review · 5 to come")
    page = app.page
    assert isinstance(page, SchedulePage)
    assert page.calendar.job == 28
    await pilot.press("left")
    assert page.calendar.job == 26
    await pilot.press("down", "right", "right")
    assert page.calendar.job == 31
    await pilot.press("end", "down")
    await shows(pilot, "Nothing is planned for this week.")
    await pilot.press("slash", *"bell", "enter")
    await shows(pilot, "3 found")
    assert page.calendar.job == 33
    await pilot.press("n")
    assert page.calendar.job == 21
    await pilot.press("N", "N")
    assert page.calendar.job == 27
    await pilot.press("escape", "n")
    await shows(pilot, "A new short")


async def test_the_calendar_opens_on_the_week_of_the_next_slot(stage: Staged) -> None:
    """Where the present week is empty; t looks at that all the same, and ] goes on from there."""
    async with watched(stage.client, clock=lambda: MONDAY - 10 * DAY, places=stage.places) as (app, pilot):
        await until(pilot, lambda: app.known.whole and app.page, "the jobs")
        await pilot.press("3")
        await shows(pilot, "11 Jan – 17 Jan 2027", "5 to come")
        await pilot.press("t")
        await shows(pilot, "28 Dec – 3 Jan 2027", "Nothing is planned for this week.")
        await pilot.press("right_square_bracket")
        await shows(pilot, "4 Jan – 10 Jan 2027")


async def test_older_shorts_are_fetched_as_one_goes_down(seen: Seen) -> None:
    """A page at a time, and no more than is wanted; the link of the one that is pointed at is copied."""
    stage, app, pilot = seen
    await pilot.press("4")
    await shows(pilot, "00000000249")
    page = app.page
    assert isinstance(page, HistoryPage)
    assert len(page.table.keys) == 100
    for _ in range(2):
        await pilot.press("G")
        await until(pilot, lambda: page.table.cursor < len(page.table.keys) - 1, "older ones")
    await pilot.press("G")
    await until(pilot, lambda: len(page.table.keys) == 250, "all of them")
    asked = [each.query.get("cursor") for each in stage.daemon.asked if each.path == "/v1/history"]
    assert asked == [None, ["151"], ["51"]]
    await pilot.press("slash", *"b3 train", "enter", "c")
    await shows(pilot, "2 of 250", "The link")
    await pilot.press("l")
    await until(pilot, lambda: app.clipboard == "https://youtu.be/00000000058", "the link")


async def test_processes_are_asked_for_only_while_they_are_seen(seen: Seen) -> None:
    """Each look is a sample; the row of a stage stands for its job."""
    stage, app, pilot = seen
    await pilot.press("5")
    await shows(pilot, "render  412 of 900 frames", "179%", "12 s ago")
    page = app.page
    assert isinstance(page, ProcessesPage)
    await pilot.press("j", "j")
    assert [job.id for job in page.targets()] == [30]
    await pilot.press("1")
    asked = len(stage.daemon.asked)
    await pilot.press("5")
    await until(pilot, lambda: len(stage.daemon.asked) > asked, "another sample")
    stage.go()
    await shows(pilot, "The daemon does not answer: nothing is known of its processes.")


async def test_doctor_looks_when_it_is_opened_and_when_it_is_asked(seen: Seen) -> None:
    """What is missing comes first, with what helps; when nothing is, that is said."""
    stage, _, pilot = seen
    await pilot.press("6")
    await shows(pilot, "2 of 7 are not as they should be.", "Or name one in [captions] of config.toml.")
    stage.daemon.findings = [finding for finding in stage.daemon.findings if finding.ok]
    await pilot.press("r")
    await shows(pilot, "Everything is there.")


async def test_the_head_tells_how_fast_frames_are_drawn(seen: Seen) -> None:
    """By what the stages that render say; what there is no room for goes, the least important first."""
    stage, app, pilot = seen
    drawn = 412

    def more() -> bool:
        nonlocal drawn
        drawn += 50
        event = progress(30, 41.0, "render")
        stage.tell(type(event)(**{**vars(event), "data": {**event.data, "message": f"{drawn} of 9000 frames"}}))
        return "frames/s" in text(pilot)

    await until(pilot, more, "the speed")
    await shows(pilot, "34% cpu", "120.0 GB free")
    await pilot.resize_terminal(60, 24)
    await until(pilot, lambda: "GB free" not in text(pilot) and "cpu" not in text(pilot), "what there is room for")
    await shows(pilot, "shortsd", "running")
    assert app.vitals.speeds[-1] > 0


async def test_a_theme_that_was_chosen_is_there_the_next_time(stage: Staged) -> None:
    """It is kept beside config.toml; one that is named for once is not."""
    folder = stage.places.config_file.parent
    async with watched(stage.client, places=stage.places) as (app, pilot):
        await pilot.press("ctrl+p", *"theme", "enter")
        await until(pilot, lambda: "Search for themes" in text(pilot), "the themes")
        await pilot.press(*"high-contrast")
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "high-contrast", "the theme")
        await until(pilot, lambda: wanted(None, folder) == "high-contrast", "its file")
    assert wanted("nord", folder) == "nord"
    (folder / "tui.toml").write_text("theme = 7\n")
    assert wanted(None, folder) == PLAIN
    with pytest.raises(BadInput, match="no theme 'pink'"):
        wanted("pink", folder)


async def test_without_colours_signs_and_words_do(stage: Staged, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR leaves greys; the states have signs, the cursor a ground of its own."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = ShortsApp(stage.client, QUIET, now, places=stage.places, machine=still)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "✗ failed", "▶ running", "✓ succeeded")
        picture = app.export_screenshot()
        shown = set(re.findall(r"fill: (#[0-9a-f]{6})", picture)) - {FRAME}
        assert shown
        assert all(len({colour[1:3], colour[3:5], colour[5:7]}) == 1 for colour in shown)


def test_a_week_is_that_of_the_zone_and_shorts_of_the_same_hour_stand_below_each_other() -> None:
    """Sunday night here may be Monday there; hours that only one day has are a row all the same."""
    there = zone_of("Pacific/Auckland")
    assert there is not None
    jobs = [brief(job) for job in week()]
    jobs.append(brief(week()[0]))
    at = monday_of(NOW, there)
    shown = week_of(at, jobs, there)
    assert len(shown.slots) == 14
    assert {slot.clock for slot in shown.slots} == {"22:00", "07:00"}
    rows = shown.rows()
    assert [clock for clock, _ in rows] == ["07:00", "22:00", "22:00"]
    assert shown.slots[0].job.publish_at is not None
    assert shown.slots[0].job.publish_at > NOW - DAY * 7


def test_the_machine_is_looked_at_where_the_shorts_will_lie(tmp_path: Path) -> None:
    """Also while the folder is yet to be made; where it is on another machine, no disk is told."""
    machine = sample(tmp_path / "not" / "yet")
    assert machine.free_bytes is not None
    assert abs(machine.free_bytes - os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize) < 1e9
    assert sample(None).free_bytes is None
    assert 0 < machine.memory <= 100

"""How the pages look at three sizes, and in states that are easily forgotten: pictures as they were found good.

One app shows all pages; the terminal is made larger under it. Whoever changes how it looks looks at the
pictures, and has them taken anew: `pytest --snapshot-update tests/tui/test_page_looks.py`.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from tui.channel_stage import laid_out
from tui.kit import QUIET, shows, still, until
from tui.staged import Staged, now, staged

from shorts_tui.app import ShortsApp
from shortsd.domain.errors import Unavailable

SIZES = ((80, 24), (120, 40), (200, 60))
PAGES = {
    "batches": ("2", "b3"),
    "schedule": ("3", "Europe/Berlin"),
    "history": ("4", "https://youtu.be"),
    "processes": ("5", "4213"),
    "doctor": ("6", "are not as they should be"),
    "jobs": ("1", "It has written no log yet"),
}
"""The key of each page, and what is seen as soon as it is all there."""


@pytest.fixture(scope="module", autouse=True)
def utc() -> Iterator[None]:
    """The same clock on each machine."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(SVGImageExtension)


@contextmanager
def shown(stage: Staged) -> Iterator[ShortsApp]:
    yield ShortsApp(stage.client, QUIET, now, places=stage.places, machine=still)


async def settled(app: ShortsApp, pilot: Pilot[None]) -> None:
    await until(
        pilot, lambda: app.known.whole and app.vitals.machine and app.vitals.uploads, "the jobs and the machine"
    )


async def test_pages_look_as_they_did(short_folder: Path, picture: SnapshotAssertion) -> None:
    """Each page fits 80×24, and makes use of more room where there is some."""
    with laid_out(short_folder) as stage, shown(stage) as app:
        async with app.run_test(size=SIZES[0], notifications=True) as pilot:
            await settled(app, pilot)
            for page, (key, seen) in PAGES.items():
                await pilot.press(key)
                await shows(pilot, seen)
                if page == "processes":
                    stage.daemon.refuse["/v1/processes"] = Unavailable("A second sample draws another picture.")
                for size in SIZES:
                    await pilot.resize_terminal(*size)
                    await shows(pilot, seen)
                    assert app.size == size
                    assert app.export_screenshot() == picture(name=f"{page}-{size[0]}x{size[1]}")


async def test_states_that_are_easily_forgotten_look_as_they_did(
    short_folder: Path, picture: SnapshotAssertion
) -> None:
    """Jobs filtered, marked and sorted; help; the daemon gone; light colours, and those of high contrast."""
    with laid_out(short_folder) as stage, shown(stage) as app:
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await settled(app, pilot)
            await pilot.press("slash", *"b3 the", "enter", "space", "space")
            await shows(pilot, "2 marked", "to be seen 2027-01-16 18:00:00")
            assert app.export_screenshot() == picture(name="found")
            await pilot.press("question_mark")
            await shows(pilot, "Keys · Jobs")
            assert app.export_screenshot() == picture(name="help")
            await pilot.press("escape", "escape", "escape", "3")
            for theme in ("textual-light", "high-contrast"):
                app.theme = theme
                await shows(pilot, "Europe/Berlin")
                assert app.export_screenshot() == picture(name=theme)
            app.theme = "textual-dark"
            await pilot.press("1")
            stage.go()
            await shows(pilot, "does not answer since 08:00:00", "to be seen 2027-01-16 18:00:00")
            assert app.export_screenshot() == picture(name="gone")


async def test_pages_without_anything_say_what_to_do(short_folder: Path) -> None:
    """Who sees an empty page is told which key makes something of it."""
    with staged(short_folder) as stage, shown(stage) as app:
        async with app.run_test(size=SIZES[0], notifications=True) as pilot:
            await until(pilot, lambda: app.known.whole, "the daemon")
            for key, said in {
                "1": "No jobs yet. n makes a short.",
                "2": "No batches yet. W plans a week",
                "3": "Nothing is planned for this week. W plans a week",
                "4": "Nothing was published yet. n makes a short",
            }.items():
                await pilot.press(key)
                await shows(pilot, said)


async def test_a_storm_of_sizes_does_no_harm(short_folder: Path) -> None:
    """From a few cells to a wall, on every page: nothing breaks, and the last size is what is drawn."""
    with laid_out(short_folder) as stage, shown(stage) as app:
        async with app.run_test(size=SIZES[0], notifications=True) as pilot:
            await settled(app, pilot)
            for key, seen in PAGES.values():
                await pilot.press(key)
                for size in ((1, 1), (220, 70), (20, 5), (101, 24), (120, 40)):
                    await pilot.resize_terminal(*size)
                await shows(pilot, seen)

"""The dashboard where no daemon answers, and one that fails."""

from pathlib import Path

import psutil
import pytest
from daemon import Home, resting
from textual.worker import WorkerFailed
from tui.kit import PATIENCE_S, QUIET, text, until, watched

from shorts_tui.app import ShortsApp
from shorts_tui.screens.offer import Offer


async def test_a_daemon_is_started_by_who_says_yes(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none answers the app asks, and starts one; the page then shows its jobs."""
    with resting(short_folder / "h") as home:
        monkeypatch.setenv("SHORTSD_HOME", str(home.folder))
        async with watched(home.client) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, Offer), "the question")
            assert "Start one?" in text(pilot)
            await pilot.press("y")
            await until(pilot, lambda: app.known.connected, "the daemon")
            assert app.screen.query("#jobs")
        end(home)


async def test_a_form_that_finds_no_daemon_offers_one_and_is_sent_on(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who said no before is asked again where it is needed, and loses nothing that was typed."""
    with resting(short_folder / "h") as home:
        monkeypatch.setenv("SHORTSD_HOME", str(home.folder))
        async with watched(home.client) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, Offer), "the question")
            await pilot.press("n")
            await until(pilot, lambda: "S starts one" in text(pilot), "what starts one")
            await pilot.press("n", *"bees", "enter")
            await until(pilot, lambda: isinstance(app.screen, Offer), "the question")
            await pilot.press("y")
            await until(pilot, lambda: 1 in app.known.jobs, "the job")
            assert home.client.job(1).params["topic"] == "bees"
        end(home)


async def test_the_question_goes_when_a_daemon_comes(short_folder: Path) -> None:
    """Started by somebody else it is simply shown; who says no is not asked again."""
    with resting(short_folder / "h") as home:
        async with watched(home.client) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, Offer), "the question")
            home.start()
            await until(pilot, lambda: app.known.connected and not isinstance(app.screen, Offer), "the daemon")


@pytest.mark.parametrize("ask", ["call_later", "run_worker"])
async def test_a_fault_leaves_a_report_and_says_where(
    short_folder: Path, capsys: pytest.CaptureFixture[str], ask: str
) -> None:
    """The app ends with a sentence, not with a traceback; the report has it, and is for its user alone."""
    with resting(short_folder / "h") as home:
        app = ShortsApp(home.client, QUIET, reports=short_folder / "logs")
        with pytest.raises((ZeroDivisionError, WorkerFailed)):
            await fail(app, ask)
        (report,) = (short_folder / "logs").iterdir()
        assert "in divide" in report.read_text()
        assert report.stat().st_mode & 0o077 == 0
        said = capsys.readouterr().err
        assert str(report) in said
        assert "Traceback" not in said


def end(home: Home) -> None:
    """Shut a daemon down that was started by somebody else."""
    daemon = psutil.Process(home.client.live().pid)
    home.client.shutdown()
    daemon.wait(PATIENCE_S)


async def fail(app: ShortsApp, ask: str) -> None:
    """Run an app into a fault."""

    async def divide() -> None:
        1 // 0  # noqa: B018 - the fault

    async with app.run_test() as pilot:
        getattr(app, ask)(divide)
        await pilot.pause()

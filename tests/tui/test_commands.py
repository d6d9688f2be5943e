"""Everything that can be done to jobs and to the daemon, in front of a real one."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from daemon import TINY, Home, home
from servers.google import Google
from servers.loopback import together
from textual.pilot import Pilot
from textual.widgets import Button, Input
from tui.kit import text, until, watched

from shorts_tui.app import ShortsApp
from shorts_tui.commands import EVERYWHERE
from shorts_tui.screens.clean import Clean
from shorts_tui.screens.confirm import Confirm
from shorts_tui.screens.jobs import JobsPage
from shorts_tui.screens.page import Page


@dataclass
class Made:
    """A daemon that is paused, with jobs in those states that take work to come to."""

    daemon: Home
    done: int
    doomed: int
    """Is finished, too; its short may be taken away."""
    failed: int
    held: int
    to_approve: int
    """Waits to be looked at, as `held` does."""

    def watched(self) -> AbstractAsyncContextManager[tuple[ShortsApp, Pilot[None]]]:
        return watched(self.daemon.client, (120, 40))

    def state(self, job: int) -> str:
        return self.daemon.client.job(job).state


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    google = Google()
    identity, secret = google.client
    services = '[services]\ngoogle_accounts = "{0}"\ngoogle_tokens = "{0}"\n'
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, together(google):
        config = TINY + services.format(google.address)
        names = {"SHORTSD_YOUTUBE_CLIENT_ID": identity, "SHORTSD_YOUTUBE_CLIENT_SECRET": secret}
        with home(Path(folder) / "h", config, **names) as daemon:
            done, doomed = daemon.make(), daemon.make(story="It came at night.")
            failed = daemon.make(url="http://127.0.0.1:9/story")
            held, to_approve = daemon.make(review="render"), daemon.make(review="render")
            daemon.finished(done)
            daemon.finished(doomed)
            daemon.until(failed, "failed")
            daemon.until(held, "review")
            daemon.until(to_approve, "review")
            daemon.client.pause()
            yield Made(daemon, done, doomed, failed, held, to_approve)


async def look_at(app: ShortsApp, pilot: Pilot[None], *jobs: int) -> None:
    """Have the cursor on a job; several are marked."""
    await until(pilot, lambda: set(jobs) <= app.known.jobs.keys(), "the jobs")
    page = app.screen_stack[0]
    assert isinstance(page, Page)
    for job in jobs:
        page.point(job)
        await pilot.pause()
        if len(jobs) > 1:
            await pilot.press("space")
    page.point(jobs[0])
    await pilot.pause()


def command(app: ShortsApp, name: str) -> None:
    """Ask for a command that has no key."""
    page = app.screen_stack[0]
    assert isinstance(page, Page)
    page.action_command(name)


async def test_several_jobs_are_stopped_after_a_question(made: Made) -> None:
    """The harmless answer is the one that enter gives."""
    jobs = made.daemon.make(), made.daemon.make()
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, *jobs)
        await pilot.press("s")
        await until(pilot, lambda: "Stop 2 jobs?" in text(pilot), "the question")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, Confirm), "its end")
        assert [made.state(job) for job in jobs] == ["queued", "queued"]
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, Confirm), "the question")
        await pilot.press("y")
        await until(pilot, lambda: [made.state(job) for job in jobs] == ["stopped", "stopped"], "their end")
        await until(pilot, lambda: f"Jobs {jobs[0]}, {jobs[1]} stopped." in text(pilot), "what was done")


async def test_a_job_is_done_again_from_a_chosen_stage(made: Made) -> None:
    """The stages are shown with how they stand, and their number chooses one."""
    job = made.daemon.make()
    made.daemon.client.stop(job)
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, job)
        await pilot.press("R")
        await until(pilot, lambda: "thumbnail" in text(pilot), "the stages")
        await pilot.press("3")
        await until(pilot, lambda: made.daemon.client.job(job).reason == "retried from images", "the retry")


async def test_all_that_failed_is_done_again(made: Made) -> None:
    """What it takes is told before."""
    async with made.watched() as (app, pilot):
        await until(pilot, lambda: app.known.counts["failed"] == 1, "the job")
        await pilot.press("F")
        await until(pilot, lambda: "takes about" in text(pilot), "the question")
        await pilot.press("y")
        await until(pilot, lambda: made.state(made.failed) == "queued", "the retry")


async def test_priorities_go_up_and_down(made: Made) -> None:
    """A key hit twice counts twice."""
    job = made.daemon.make()
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, job)
        await pilot.press("plus", "plus")
        await until(pilot, lambda: app.known.jobs[job].priority == 2, "the priority")
        await pilot.press("minus")
        await until(pilot, lambda: f"Job {job} has priority 1" in text(pilot), "what was done")


async def test_a_job_in_review_is_changed(made: Made) -> None:
    """Title, text and pictures stand in the form; what is different alone is sent."""
    client = made.daemon.client
    picture = client.material(made.held).pictures[0].file
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, made.held)
        await pilot.press("e")
        await until(pilot, lambda: "Scene 1" in text(pilot), "the form")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Nothing is different yet." in text(pilot), "that nothing is")
        app.screen.query_one("#title Input", Input).value = "The Bell"
        app.screen.query_one("#scene-1 Input", Input).value = picture
        await pilot.press("ctrl+s")
        await until(pilot, lambda: client.job(made.held).state == "queued", "the change")
        params = client.job(made.held).params
        assert (params["title"], params["picture"]) == ("The Bell", [[1, picture]])


async def test_a_job_in_review_is_approved(made: Made) -> None:
    """It goes on, as soon as there is room."""
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, made.to_approve)
        await pilot.press("a")
        await until(pilot, lambda: made.state(made.to_approve) == "queued", "the approval")


async def test_without_a_display_a_video_is_not_opened_but_its_path_copied(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And that is said."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, made.done)
        await pilot.press("w")
        await until(pilot, lambda: "no display here" in text(pilot), "what was done")
        assert Path(app.clipboard).suffix == ".mp4"


async def test_with_a_display_a_video_is_opened(made: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By the program that opens things here, which is handed the path as it is."""
    opener, heard = tmp_path / "xdg-open", tmp_path / "heard"
    opener.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {heard}\n')
    opener.chmod(0o700)
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, made.done)
        await pilot.press("w")
        await until(pilot, lambda: "Opened" in text(pilot), "what was done")
        assert heard.read_text() == app.known.jobs[made.done].video


async def test_what_there_is_of_a_job_is_copied(made: Made) -> None:
    """Of what there is not, nothing is offered."""
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, made.done)
        await pilot.press("c")
        await until(pilot, lambda: "The number" in text(pilot), "the choice")
        assert "The link" not in text(pilot)
        await pilot.press("p")
        await until(pilot, lambda: app.clipboard == app.known.jobs[made.done].video, "the path")
        await pilot.press("c", "n")
        await until(pilot, lambda: app.clipboard == str(made.done), "the number")


async def test_a_job_is_deleted_after_a_question(made: Made) -> None:
    """The question says what is lost."""
    job = made.daemon.make()
    made.daemon.client.stop(job)
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, job)
        await pilot.press("d")
        await until(pilot, lambda: f"Delete job {job} from the list?" in text(pilot), "the question")
        await pilot.press("y")
        await until(pilot, lambda: job not in app.known.jobs, "its end")


async def test_a_finished_short_goes_only_by_a_second_yes(made: Made) -> None:
    """Working files go by one; what would be freed is told first."""
    is_there = Path(made.daemon.client.job(made.doomed).result["video"]).exists
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, made.doomed)
        await pilot.press("x")
        await until(pilot, lambda: "which stay" in text(pilot), "how much it is")
        await pilot.press("y")
        await until(pilot, lambda: "freed." in text(pilot), "the end of the working files")
        assert is_there()
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Clean), "what is left")
        assert app.screen.query_one("#yes", Button).disabled
        await pilot.click("Checkbox")
        await pilot.press("y")
        await until(pilot, lambda: "go for good" in text(pilot) and isinstance(app.screen, Confirm), "the question")
        assert is_there()
        await pilot.press("y")
        await until(pilot, lambda: not is_there(), "the end of the short")


async def test_another_like_it_is_asked_for(made: Made) -> None:
    """The form has what that one was asked for, and the new job is pointed at."""
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, made.done)
        await pilot.press("N")
        await until(pilot, lambda: "Nobody lit the lamp." in text(pilot), "the form")
        newest = max(app.known.jobs)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: max(app.known.jobs) > newest, "the job")
        page = app.screen_stack[0]
        assert isinstance(page, Page)
        await until(pilot, lambda: [job.id for job in page.targets()] == [max(app.known.jobs)], "the cursor on it")


async def test_the_job_database_is_copied_into_a_file(made: Made, tmp_path: Path) -> None:
    """None that is there is replaced, and that is said at the form."""
    there, free = tmp_path / "there.db", tmp_path / "free.db"
    there.write_text("mine")
    async with made.watched() as (app, pilot):
        await until(pilot, lambda: app.known.connected, "the daemon")
        command(app, "backup")
        await until(pilot, lambda: app.screen.query("#file Input"), "the form")
        app.screen.query_one("#file Input", Input).value = str(there)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is there already" in text(pilot), "the complaint")
        app.screen.query_one("#file Input", Input).value = str(free)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "copied to" in text(pilot), "what was done")
        assert (there.read_text(), free.read_bytes()[:6], free.stat().st_mode & 0o777) == ("mine", b"SQLite", 0o600)


async def test_somebody_signs_in(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's address is shown and copied; once a browser has been there, that is said."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    async with made.watched() as (app, pilot):
        await until(pilot, lambda: app.known.connected, "the daemon")
        command(app, "signintoyoutube")
        await until(pilot, lambda: "Waiting" in text(pilot), "the page's address")
        await pilot.press("c")
        async with httpx.AsyncClient(trust_env=False) as browser:
            await browser.get(app.clipboard, follow_redirects=True)
        await until(pilot, lambda: "Signed in to YouTube." in text(pilot), "what was done")


async def test_an_error_of_the_daemon_is_shown_in_its_own_words(made: Made) -> None:
    """With its hint; here that of a state in which what was asked for is not possible."""
    job = made.daemon.make()
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, job)
        await pilot.press("r")
        await until(pilot, lambda: f"job {job} is queued; it cannot be retried." in text(pilot), "the error")
        await until(pilot, lambda: "Wait for it, or stop it first" in text(pilot), "its hint")


async def test_the_palette_has_what_can_be_done_here(made: Made) -> None:
    """What cannot be done now is absent."""
    async with made.watched() as (app, pilot):
        await look_at(app, pilot, made.done)
        page = app.screen_stack[0]
        assert isinstance(page, Page)
        offered = {name for name, command in page.commands.items() if command.fits(page.desk)}
        assert {"new", "makeweek", "retry", "open", "copypath", "cleanthese", "delete", "signintoyoutube"} <= offered
        assert not offered & {"stop", "approve", "copylink", "copyerror", "openlink", "pause"}


def test_no_key_means_two_things_at_once() -> None:
    """Of what a page offers, at any rate where all kinds of commands are: among the jobs."""
    keys = [key for command in (*JobsPage.offers, *EVERYWHERE) for key in command.keys.split(",") if key]
    assert [key for key, times in Counter(keys).items() if times > 1] == []


async def test_the_daemon_is_shut_down_and_what_needs_it_says_so(short_folder: Path) -> None:
    """Only who chooses so ends it; what is asked for then cannot be done now."""
    with home(short_folder / "h") as daemon:
        async with watched(daemon.client) as (app, pilot):
            await until(pilot, lambda: app.known.connected, "the daemon")
            await pilot.press("ctrl+p", *"shut")
            await until(pilot, lambda: "Shut the daemon down" in text(pilot), "the command in the palette")
            await pilot.press("enter")
            await until(pilot, lambda: "Leave it running" in text(pilot), "the choice")
            await pilot.press("enter")
            assert daemon.lives
            command(app, "shutdown")
            await until(pilot, lambda: "Leave it running" in text(pilot), "the choice")
            await pilot.press("x")
            assert daemon.died() == 0
            await until(pilot, lambda: not app.known.connected, "the banner")
            await pilot.press("p")
            await until(pilot, lambda: "this cannot be done now" in text(pilot), "the error")

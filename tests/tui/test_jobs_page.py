"""The page of jobs in front of a real daemon."""

from daemon import Home
from tui.kit import text, until, watched


async def test_jobs_are_shown_as_they_are_made_and_stopped_by_a_key(daemon: Home) -> None:
    """A job that is asked for elsewhere comes up by itself; `s` stops it, and `q` leaves the app."""
    daemon.client.pause()
    async with watched(daemon.client) as (app, pilot):
        await until(pilot, lambda: "Paused" in text(pilot), "the banner")
        job = daemon.make()
        await until(pilot, lambda: "queued" in text(pilot), "the job")
        await pilot.press("s")
        await until(pilot, lambda: app.known.jobs[job].state == "stopped", "the end of the job")
        await until(pilot, lambda: f"Job {job} stopped." in text(pilot), "what was done")
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0, "the end of the app")


async def test_a_daemon_that_was_killed_is_called_until_it_is_back(daemon: Home) -> None:
    """Meanwhile the app shows what it knew; then it goes on with the event after the last one that it heard."""
    daemon.client.pause()
    first = daemon.make()
    async with watched(daemon.client) as (app, pilot):
        await until(pilot, lambda: first in app.known.jobs, "the first job")
        daemon.kill()
        await until(pilot, lambda: "does not answer since" in text(pilot), "the banner")
        assert "queued" in text(pilot)
        daemon.start()
        second = daemon.make()
        await until(pilot, lambda: second in app.known.jobs, "the second job")
        assert "does not answer" not in text(pilot)
        assert app.known.counts["queued"] == 2

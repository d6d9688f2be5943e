"""What is seen of one job: beside the table, on a page of its own, its log and its pictures."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from daemon import Home, home
from msgspec import to_builtins
from tui.kit import QUIET, text, until, watched
from tui.staged import Staged, failed, finished, happened, now, rendering, sampled, staged

from shorts_tui.host import Options
from shorts_tui.pictures import understood
from shorts_tui.widgets.detail import Detail
from shorts_tui.widgets.picture import Picture
from shortsd.config.settings import Settings
from shortsd.domain.errors import Unavailable
from shortsd.stages.kinds.creation import CREATION
from shortsd.wire.creations import CreationParams

PICTURED = Options(images=True, motion=False, drawn_as="blocks")


@pytest.fixture
def stage(short_folder: Path) -> Iterator[Staged]:
    with staged(short_folder, rendering(), failed(), finished()) as made:
        made.log(7, "2026-11-29 00:04:57.000 [render] the first frame\n")
        yield made


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Home, int]]:
    """A daemon with a short that it has made."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder) / "h") as daemon:
        yield daemon, daemon.finished(daemon.make()).id


async def test_a_running_job_moves_with_the_feed_and_is_asked_for_once(stage: Staged) -> None:
    """Its bar, its words and its log go on; a fact about it is a reason to ask again, another job's are none."""
    async with watched(stage.client, clock=now, places=stage.places) as (app, pilot):
        await until(pilot, lambda: "the first frame" in text(pilot), "its log")
        detail = app.screen.query_one(Detail)
        await until(pilot, lambda: detail.view is not None, "the job")
        stage.tell(*(sampled(7, "render", 50.0 + done, f"{450 + done} of 900 frames") for done in range(20)))
        await until(pilot, lambda: "469 of 900 frames" in text(pilot), "how far it is")
        seen = detail.view
        stage.tell(sampled(5, "render", 1.0, ""), happened(6, "stage.started", 2, stage="story"))
        await until(pilot, lambda: app.known.jobs[6].stage == "story", "what happened to others")
        assert detail.view is seen
        assert stage.asked_for(7) == 1
        stage.daemon.jobs[7] = rendering(title="Another title")
        stage.log(7, "2026-11-29 00:04:57.000 [render] the first frame\n2026-11-29 00:04:58.000 [render] the last\n")
        stage.tell(happened(7, "job.titled", 3, title="Another title"))
        await until(pilot, lambda: stage.asked_for(7) == 2 and "[render] the last" in text(pilot), "the fact")


async def test_who_runs_through_many_jobs_asks_for_the_last(stage: Staged) -> None:
    """Only a job that somebody stays with is worth a question."""
    async with watched(stage.client, clock=now, places=stage.places) as (app, pilot):
        detail = app.screen.query_one(Detail)
        await until(pilot, lambda: detail.view is not None, "the job that is pointed at first")
        for number in (6, 5, 6, 5):
            detail.look_at(number)
        await until(pilot, lambda: detail.view is not None and detail.view.id == 5, "the last")
        assert (stage.asked_for(6), stage.asked_for(5)) == (0, 1)


async def test_what_went_wrong_and_what_was_made_is_told(stage: Staged) -> None:
    """An error with its hint and the next try; a video with its checks and warnings; on its page also its history."""
    async with watched(stage.client, clock=now, places=stage.places) as (_, pilot):
        await until(pilot, lambda: "412 of 900" in text(pilot), "the running job")
        await pilot.press("j")
        await until(pilot, lambda: "does not answer" in text(pilot), "the error")
        assert "→ Wait for it, or name another one in [images]." in text(pilot)
        assert "in 1:35 min, at" in text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "postponed, attempt 2: The picture" in text(pilot), "its history")
        await pilot.press("escape", "j")
        await until(pilot, lambda: "/out/5-the-last-train.mp4" in text(pilot), "the video")
        assert "1 of 2 passed" in text(pilot)
        assert "✗ glyphs: 2 missing, not none missing" in text(pilot)
        assert "! voice: edge is away, espeak speaks" in text(pilot)


async def test_a_job_of_another_kind_tells_what_it_is_and_what_was_asked_for(short_folder: Path) -> None:
    """The table has its kind, its page what the film in it is to be, line by line and not as a program writes it."""
    asked = CREATION.plan(CreationParams(creation="night-sky", storage="/books", title="Stars"), Settings()).params
    with staged(short_folder, replace(finished(), kind="creation", params=to_builtins(asked))) as stage:
        async with watched(stage.client, size=(120, 70), clock=now, places=stage.places) as (_, pilot):
            await until(pilot, lambda: "creation The last train" in text(pilot), "its kind")
            await pilot.press("enter")
            await until(pilot, lambda: "Asked for" in text(pilot), "its page")
            said = [" ".join(line.split()) for line in text(pilot).splitlines()]
            for line in (
                "creation night-sky",
                "storage /books",
                "title Stars",
                "seed 0",
                "captions style karaoke, colour",
            ):
                assert any(line in seen for seen in said), line
            assert "{" not in text(pilot)


async def test_a_finished_job_is_shown_with_its_log_whoever_can_read_that(made: tuple[Home, int]) -> None:
    """From its file; and from the daemon, where its folder is out of reach."""
    daemon, job = made
    for places in (daemon.places, None):
        async with watched(daemon.client, places=places) as (_, pilot):
            await until(pilot, lambda: "all 31 passed" in text(pilot), "its checks")
            await until(pilot, lambda: f"published as {daemon.places.output}" in text(pilot), "its log")
            await pilot.press("l")
            await until(pilot, lambda: f"Log of job {job}" in text(pilot), "the page")
            await until(pilot, lambda: "succeeded" in text(pilot), "the end of the log")
            await pilot.press("q")
            assert "Log of job" not in text(pilot)


async def test_thumbnails_and_storyboards_are_shown_unless_they_are_switched_off(made: tuple[Home, int]) -> None:
    """`i` switches pictures; `b` shows the frames of the short."""
    daemon, _ = made
    async with watched(daemon.client, options=PICTURED, places=daemon.places) as (app, pilot):
        picture = app.screen.query_one("#thumbnail", Picture)
        await until(pilot, lambda: picture.display and "▀▀▀" in text(pilot), "the thumbnail")
        await pilot.press("b")
        await until(pilot, lambda: "▀" * 30 in text(pilot), "the frames")
        await pilot.press("escape", "i")
        await until(pilot, lambda: not picture.display, "an end of pictures")
        assert "▀" not in text(pilot)


async def test_without_a_daemon_nobody_asks_for_pictures(stage: Staged) -> None:
    """What it cannot give is not asked for; a job without a picture is one without a picture."""
    stage.daemon.refuse["/v1/jobs/5/preview"] = Unavailable("No.")
    async with watched(stage.client, options=PICTURED, clock=now, places=stage.places) as (app, pilot):
        await until(pilot, lambda: "412 of 900" in text(pilot), "the running job")
        await pilot.press("j", "j")
        await until(pilot, lambda: any("preview" in asked.path for asked in stage.daemon.asked), "the question")
        picture = app.screen.query_one("#thumbnail", Picture)
        assert not picture.display
        stage.go()
        await until(pilot, lambda: not app.known.connected, "the daemon's end")
        await until(pilot, lambda: picture._of is None, "an end of pictures")
        asked = len(stage.daemon.asked)
        await pilot.press("b")
        assert "Storyboard of" not in text(pilot)
        assert not any("preview" in question.path for question in stage.daemon.asked[asked:])


@pytest.mark.parametrize(
    ("environ", "protocol"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM_PROGRAM": "WezTerm", "TERM": "xterm-256color"}, "sixel"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-kitty", "TMUX": "/run/tmux/default"}, "blocks"),
        ({"TERM": "xterm-256color"}, "blocks"),
    ],
)
def test_a_terminal_is_given_pictures_as_its_name_says(environ: dict[str, str], protocol: str) -> None:
    """Half blocks of colour are what each of them understands."""
    assert understood(environ) == protocol


def test_what_draws_pictures_is_not_loaded_before_there_is_one() -> None:
    """It would take a third of the time to the first paint."""
    loads = "import sys, shorts_tui.app; print({'PIL', 'numpy', 'textual_image'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_a_job_can_be_read_on_any_screen(stage: Staged, size: tuple[int, int]) -> None:
    """Each stage, its standing and the end of the log are there, whichever room there is."""
    stage.daemon.jobs[7] = replace(rendering(), title="東京の夜 " * 40)
    async with watched(stage.client, size, QUIET, now, stage.places) as (_, pilot):
        await until(pilot, lambda: "✓ captions" in text(pilot) and "the first frame" in text(pilot), "the job")
        assert "▶ render" in text(pilot)
        assert "running · 41%" in text(pilot)

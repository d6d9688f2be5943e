"""Work that was said to be done and is not there: never kept, and made again."""

import shutil
from pathlib import Path

import held
import imageio_ffmpeg
from daemon import TINY, home, wait_for

LAZY = """#!/bin/sh
case "$*" in *"$(cat {folder}/lazy)"*) exit 0;; esac
exec {ffmpeg} "$@"
"""
"""An FFmpeg that says it did well and did nothing where its work has the word in it that a file `lazy` holds."""


def test_a_stage_that_made_nothing_has_failed(short_folder: Path) -> None:
    """An FFmpeg that ends well without its file fails the stage; when it is mended, a retry does the stage again."""
    program = short_folder / "ffmpeg"
    program.write_text(LAZY.format(folder=short_folder, ffmpeg=imageio_ffmpeg.get_ffmpeg_exe()))
    program.chmod(0o755)
    lazy = short_folder / "lazy"
    lazy.write_text("voice.wav")
    with home(short_folder / "h", TINY + f'\n[children]\nffmpeg = "{program}"\n') as daemon:
        job = daemon.make()
        for stage, next_word in [("voice", "libx264"), ("render", "nothing")]:
            view = daemon.until(job, "failed", "succeeded")
            assert view.error is not None
            assert (view.state, view.error.stage) == ("failed", stage)
            lazy.write_text(next_word)
            daemon.retry(job)
        assert {one.name: one.state for one in daemon.finished(job).stages}["render"] == "done"


def test_fonts_that_were_taken_away_are_put_back(short_folder: Path) -> None:
    """The cache is what can be made again, also while a job is at work."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "render")
        job = daemon.make()
        wait_for(reached.exists, "the render")
        shutil.rmtree(daemon.places.cache)
        held.release(short_folder, "render")
        daemon.finished(job)
        assert (daemon.places.cache / "fonts" / "FiraGO-Bold.ttf").is_file()
        shutil.rmtree(daemon.places.cache)
        reached.unlink()
        held.hold(short_folder, "render")
        daemon.retry(job, "captions")
        wait_for(reached.exists, "the render of the next attempt")

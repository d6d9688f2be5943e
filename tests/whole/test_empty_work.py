"""Work that was said to be done and is not there: never kept, and made again."""

import shutil
from pathlib import Path

import held
import imageio_ffmpeg
import pytest
from daemon import TINY, home, wait_for

LAZY = """#!/bin/sh
case "$*" in *{word}*) if [ -e {folder}/lazy ]; then exit 0; fi;; esac
exec {ffmpeg} "$@"
"""
"""An FFmpeg that says it did well and did nothing, for as long as a file `lazy` lies there."""


@pytest.mark.parametrize(("stage", "word"), [("voice", "voice.wav"), ("render", "libx264")])
def test_a_stage_that_made_nothing_has_failed(short_folder: Path, stage: str, word: str) -> None:
    """An FFmpeg that ends well without its file fails the stage; when it is mended, a retry does the stage again."""
    program = short_folder / "ffmpeg"
    program.write_text(LAZY.format(word=word, folder=short_folder, ffmpeg=imageio_ffmpeg.get_ffmpeg_exe()))
    program.chmod(0o755)
    with home(short_folder / "h", TINY + f'\n[children]\nffmpeg = "{program}"\n') as daemon:
        (short_folder / "lazy").touch()
        job = daemon.make()
        view = daemon.until(job, "failed", "succeeded")
        assert view.state == "failed"
        assert view.error is not None
        assert view.error.stage == stage
        (short_folder / "lazy").unlink()
        daemon.retry(job)
        assert {one.name: one.state for one in daemon.finished(job).stages}[stage] == "done"


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
        daemon.finished(daemon.make())

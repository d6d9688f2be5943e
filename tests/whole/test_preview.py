"""Previews with a real daemon: that they show what the short shows, whatever else goes on, and leave nothing behind."""

import io
import signal
import socket
import subprocess
from pathlib import Path

import held
import numpy as np
import pytest
from daemon import STORY, Home, home, resting, wait_for
from imageio_ffmpeg import get_ffmpeg_exe
from numpy.typing import NDArray
from patient import patient
from PIL import Image

from shortsd.domain.errors import BadInput, BadRequest, NotFound, ShortsError, WrongState
from shortsd.wire.models import ShortParams

ENDLESS = (
    "import time\ndef look(short):\n    while True:\n        print('still here', flush=True)\n        time.sleep(0.1)\n"
)
"""A look that never comes to an end."""

Levels = NDArray[np.float64]


@pytest.fixture(scope="module")
def made(shared: Home) -> tuple[Home, int]:
    """A daemon that has made a short."""
    job = shared.make()
    shared.finished(job)
    return shared, job


def levels(png: bytes) -> Levels:
    """The levels of a PNG's pixels, RGB."""
    assert png.startswith(b"\x89PNG")
    return np.asarray(Image.open(io.BytesIO(png)), np.float64)


def filmed(video: str, number: int) -> Levels:
    """A frame of a finished short."""
    to_rgb = "scale=in_color_matrix=bt709:in_range=tv:in_h_chr_pos=0:in_v_chr_pos=128:out_range=pc"
    argv = [get_ffmpeg_exe(), "-v", "error", "-i", video, "-vf", f"select=eq(n\\,{number}),{to_rgb},format=rgb24"]
    png = ["-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "-"]
    return levels(subprocess.run([*argv, *png], capture_output=True, check=True).stdout)


def psnr(one: Levels, other: Levels) -> float:
    """How alike two pictures are, in decibels."""
    assert one.shape == other.shape
    return float(10 * np.log10(255**2 / max(1e-9, float(np.mean((one - other) ** 2)))))


def refused(error: type[ShortsError], daemon: Home, job: int, at: float | None = 1.0, *, strip: bool = False) -> str:
    """What is said of a preview that cannot be."""
    with pytest.raises(error) as raised:
        daemon.client.preview(job, at, strip=strip)
    return raised.value.message


@pytest.mark.parametrize("number", [0, 12, 33])
def test_a_preview_is_the_frame_of_the_finished_short(made: tuple[Home, int], number: int) -> None:
    """Picture, caption and colours are those of the MP4 at that time, but for what the encoder leaves out."""
    daemon, job = made
    video = daemon.client.job(job).result["video"]
    shown = levels(daemon.client.preview(job, number / 10))
    assert psnr(shown, filmed(video, number)) > 35
    assert psnr(shown, filmed(video, number + 5)) < 30


def test_the_command_writes_a_file_and_says_which(made: tuple[Home, int], tmp_path: Path) -> None:
    """A frame as large as the video, and a sheet of twelve frames, in the working folder."""
    daemon, job = made
    for words, name, size in (
        (("--at", "1"), f"{job}-1s.png", (270, 480)),
        (("--strip",), f"{job}-strip.png", (4 * 270 + 12, 3 * 480 + 8)),
    ):
        done = daemon.ctl("preview", str(job), *words, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{name}\n", "")
        with Image.open(tmp_path / name) as picture:
            assert picture.size == size


def test_a_sheet_has_the_frames_that_it_would_have_alone(made: tuple[Home, int]) -> None:
    """The frames stand row by row, each with its own caption."""
    daemon, job = made
    frames = round(daemon.client.job(job).result["duration_s"] * 10)
    step = frames // 12
    sheet = levels(daemon.client.preview(job, strip=True))
    for place in (0, 6, 11):
        number = (frames - 11 * step) // 2 + place * step
        alone = levels(daemon.client.preview(job, number / 10))
        row, column = divmod(place, 4)
        part = sheet[row * 484 : row * 484 + 480, column * 274 : column * 274 + 270]
        assert psnr(part, alone) > 45


def test_what_cannot_be_shown_is_told(made: tuple[Home, int]) -> None:
    """A moment outside of the short with its length, a job that is not, a request that says nothing or too much."""
    daemon, job = made
    length = f"lasts {daemon.client.job(job).result['duration_s']:.2f} s"
    for at in (-1.0, 1e6, float("nan"), float("inf")):
        assert length in refused(BadInput, daemon, job, at)
    refused(NotFound, daemon, 4711)
    refused(BadRequest, daemon, job, None)
    refused(BadRequest, daemon, job, 1.0, strip=True)
    done = daemon.ctl("preview", str(job), "--at", "-1")
    assert done.returncode == 2
    assert length in done.stderr


def test_a_job_that_was_cleaned_has_no_preview(made: tuple[Home, int]) -> None:
    """It says that its working files may be gone, and how they come back."""
    daemon, _ = made
    job = daemon.make(review="render")
    daemon.until(job, "review")
    daemon.client.stop(job)
    daemon.client.clean(str(job))
    assert "working files were removed" in refused(WrongState, daemon, job)
    assert not (daemon.places.work / str(job)).exists()


def test_a_job_that_is_not_so_far_has_no_preview_yet(short_folder: Path) -> None:
    """As soon as its captions are there it has one, though its render is not."""
    with home(short_folder, module="held") as daemon:
        held.hold(short_folder, "render")
        reached = held.hold(short_folder, "images")
        job = daemon.make()
        wait_for(reached.exists, "the images")
        assert refused(WrongState, daemon, job) == f"job {job} has no pictures yet; it is running."
        held.release(short_folder, "images")
        wait_for((short_folder / "held-render").exists, "the render")
        assert levels(daemon.client.preview(job, 2.0)).shape == (480, 270, 3)


def test_a_render_goes_on_beside_previews(short_folder: Path) -> None:
    """Its one encoder is not waited for, and its job comes to its end in one attempt."""
    with home(short_folder / "h", patient(short_folder, "parallel_encoders = 1\n")) as daemon:
        job = daemon.make()
        wait_for((short_folder / "encoding").exists, "the render")
        assert levels(daemon.client.preview(job, 2.0)).shape == (480, 270, 3)
        assert daemon.client.job(job).stage == "render"
        (short_folder / "go").touch()
        assert daemon.finished(job).attempt == 1


def test_a_story_that_is_no_job_looks_as_its_job_will(made: tuple[Home, int], tmp_path: Path) -> None:
    """Voice and pictures are made once, also for other captions, and again if they were taken away."""
    daemon, job = made
    kept = daemon.places.cache / "preview"
    before = len(daemon.client.jobs().jobs), set(daemon.places.work.iterdir())
    params = ShortParams(story=STORY, seed=1)
    assert daemon.client.preview_of(params, 1.0) == daemon.client.preview(job, 1.0)
    pictures = {file: file.stat().st_ino for file in kept.glob("*/images-*/*")}
    (tmp_path / "a story.txt").write_text(STORY)
    other = daemon.ctl("preview", "--story", "a story.txt", "--seed=1", "--captions=boxed", "--at=1", cwd=tmp_path)
    assert (other.returncode, other.stdout) == (0, "a story-1s.png\n")
    assert (tmp_path / "a story-1s.png").read_bytes() != daemon.client.preview(job, 1.0)
    assert {file: file.stat().st_ino for file in kept.glob("*/images-*/*")} == pictures
    for file in pictures:
        file.unlink()
    assert daemon.client.preview_of(params, 1.0) == daemon.client.preview(job, 1.0)
    assert (len(daemon.client.jobs().jobs), set(daemon.places.work.iterdir())) == before


def test_a_story_that_cannot_be_told_is_refused(shared: Home) -> None:
    """As `make` refuses it."""
    for wrong in (ShortParams(story=" "), ShortParams(story=STORY, voice="martian"), ShortParams(topic="a", story="b")):
        with pytest.raises(BadInput):
            shared.client.preview_of(wrong, 1.0)


def test_a_look_draws_its_preview(shared: Home, tmp_path: Path) -> None:
    """A look that ships shows something else than the camera; one that is wrong is told by its file and line."""
    plain = shared.client.preview_of(ShortParams(story=STORY, seed=1), 1.0)
    carded = shared.client.preview_of(ShortParams(story=STORY, seed=1, look="documentary"), 1.0)
    assert psnr(levels(plain), levels(carded)) < 30
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def look(short):\n    return 1 / 0\n")
    with pytest.raises(BadInput, match="raised ZeroDivisionError in line 2"):
        shared.client.preview_of(ShortParams(story=STORY, seed=1, look=str(wrong)), 1.0)


@pytest.mark.parametrize("end", ["hang up", "shutdown"])
def test_a_preview_that_nobody_awaits_ends_with_its_processes(short_folder: Path, end: str) -> None:
    """When the client hangs up, and when the daemon ends: that is not held up."""
    look = short_folder / "endless.py"
    look.write_text(ENDLESS)
    with home(short_folder) as daemon:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(daemon.places.socket))
            body = f'{{"params": {{"story": "{STORY}", "look": "{look}"}}, "at": 1}}'
            head = (
                f"POST /v1/preview HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            )
            caller.sendall(f"{head}\r\n\r\n{body}".encode())
            wait_for(lambda: _drawing(daemon), "the look")
            if end == "shutdown":
                assert daemon.kill(signal.SIGTERM) == 0
        wait_for(lambda: not daemon.strays() if end == "shutdown" else not _drawing(daemon), "their end")
        assert "shutdown took too long" not in daemon.said()
        assert "Traceback" not in daemon.said()


def test_a_preview_starts_a_daemon(short_folder: Path, tmp_path: Path) -> None:
    """As `make` does, if none answers on a socket of the user's own."""
    (tmp_path / "story.txt").write_text(STORY)
    with resting(short_folder) as daemon:
        done = daemon.ctl("preview", "--story", "story.txt", "--strip", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, "story-strip.png\n")
        assert "starting one" in done.stderr
        assert daemon.ctl("shutdown").returncode == 0


def _drawing(daemon: Home) -> list[str]:
    """The processes that draw previews."""
    return [one.name for one in daemon.client.processes().others if "preview" in one.name]

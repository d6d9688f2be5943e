"""A whole short, from a topic and from a story with pictures and music, by the command that users type."""

import json
import subprocess
import wave
from pathlib import Path

import msgspec
import pytest
from daemon import Home
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from shortsd.wire.models import JobView


def test_a_topic_becomes_a_short(shared: Home) -> None:
    """`make TOPIC` ends with the MP4's path alone on stdout, and its files in the output folder."""
    made = shared.ctl("make", "the lighthouse keeper who never sleeps", "--seed", "5")
    assert made.returncode == 0, made.stderr
    video = Path(made.stdout.removesuffix("\n"))
    assert video.parent == shared.places.output
    metadata = json.loads(video.with_suffix(".json").read_text())
    assert len(metadata["title"]) <= 70
    assert "lighthouse keeper" in metadata["text"]
    assert (metadata["writer"], metadata["tokens"]) == ("builtin", 0)
    assert all(check["ok"] for check in metadata["checks"])
    assert {"loudness", "true peak", "duration", "black", "silence"} <= {check["name"] for check in metadata["checks"]}
    assert video.with_suffix(".srt").read_text().startswith("1\n00:00:00,")
    assert video.with_suffix(".vtt").read_text().startswith("WEBVTT\n\n00:00:00.")
    thumbnail = video.with_suffix(".jpg")
    assert thumbnail.stat().st_size <= 2_000_000
    with Image.open(thumbnail) as picture:
        assert picture.size == (270, 480)
    for stage in ("story", "voice", "images", "captions", "render", "thumbnail", "check", "publish"):
        assert stage in made.stderr


def test_a_story_with_pictures_and_music_becomes_a_short(shared: Home, tmp_path: Path) -> None:
    """The story is spoken word for word, the user's pictures are shown in order, the title is the user's."""
    pictures, music = tmp_path / "my pictures", tmp_path / "-it's \n music.wav"
    pictures.mkdir()
    for name, colour in (("1.png", (200, 30, 30)), ("2.jpg", (30, 200, 30)), ("10.webp", (30, 30, 200))):
        Image.new("RGB", (400, 700), colour).save(pictures / name)
    _hum(music)
    story = tmp_path / "-a story.txt"
    text = "Red came first, and it stayed for quite a while so that all could see it.\n\n" * 2
    text += "Then green came along, slowly and with some hesitation, and would not leave. Blue was last."
    story.write_text(text)
    words = ["make", f"--story={story}", f"--images={pictures}", f"--music={music}", "--title", "Three “Colours”"]
    made = shared.ctl(*words, "--json")
    assert made.returncode == 0, made.stderr
    view = msgspec.json.decode(made.stdout, type=JobView)
    metadata = json.loads(Path(view.result["metadata"]).read_text())
    assert metadata["title"] == view.title == "Three “Colours”"
    assert metadata["text"] == text
    assert [picture["source"] for picture in metadata["pictures"]][:3] == ["1.png", "2.jpg", "10.webp"]
    red, green, blue = _colour(Path(view.result["video"]), 1.0)
    assert red > 150
    assert max(green, blue) < 80


@pytest.fixture(scope="module")
def flat(shared: Home) -> JobView:
    """A job whose short has another rate and another shape."""
    made = shared.ctl("make", "--story=-", "--fps", "60", "--size", "320x180", "--json", stdin=b"It was flat.")
    assert made.returncode == 0, made.stderr
    return msgspec.json.decode(made.stdout, type=JobView)


def test_sixty_frames_a_second_and_another_shape(flat: JobView) -> None:
    """`--fps` and `--size` are kept, as the checks of the finished file measured."""
    measured = {check["name"]: check["measured"] for check in flat.result["checks"]}
    assert measured["size"] == "320x180"
    assert measured["frame rate"] == "60 constant"


def test_the_log_of_a_job_holds_every_stage_and_ffmpegs_own_words(shared: Home, flat: JobView) -> None:
    """What a stage and what FFmpeg said can be read with `logs`."""
    log = shared.ctl("logs", str(flat.id), "-n", "10000").stdout
    for stage in ("story", "voice", "images", "captions", "render", "thumbnail", "check", "publish"):
        assert f"[{stage}] begins" in log
        assert f"[{stage}] done" in log
    assert "Lavc" in log


def test_several_stories_are_a_batch(shared: Home, tmp_path: Path) -> None:
    """Jobs asked for together share a batch, which names them all."""
    shared.client.pause()
    stories = [tmp_path / "fog.txt", tmp_path / "sea.txt"]
    for story in stories:
        story.write_text(f"It was the {story.stem}.")
    made = shared.ctl("make", *(f"--story={story}" for story in stories), "--bg")
    assert made.returncode == 0, made.stderr
    numbers = [int(number) for number in made.stdout.split()]
    views = [shared.client.job(number) for number in numbers]
    assert len(numbers) == 2
    assert views[0].batch == views[1].batch is not None
    listed = shared.ctl("show", f"b{views[0].batch}", "--json")
    assert len(json.loads(listed.stdout)) == 2
    assert shared.ctl("stop", f"b{views[0].batch}").returncode == 0
    shared.client.resume()


def _hum(file: Path) -> None:
    """A second of a low tone."""
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"".join(((n * 300) % 16000 - 8000).to_bytes(2, "little", signed=True) for n in range(8000)))


def _colour(video: Path, at_s: float) -> tuple[int, int, int]:
    """The mean colour of a frame of a video."""
    argv = [
        get_ffmpeg_exe(),
        "-v",
        "error",
        "-ss",
        f"{at_s}",
        "-i",
        str(video),
        "-frames:v",
        "1",
        "-vf",
        "crop=iw:ih/3:0:0,scale=1:1",
    ]
    pixel = subprocess.run([*argv, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True).stdout
    return pixel[0], pixel[1], pixel[2]

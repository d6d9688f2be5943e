"""Bad input gets a clear sentence on stderr, the right exit code, and leaves nothing half-made."""

import json
import os
import socket
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from daemon import STORY, Home
from PIL import Image


@pytest.fixture(autouse=True)
def _nothing_is_made(shared: Home, request: pytest.FixtureRequest) -> object:
    """Whatever was refused made no job and no file."""
    before = (shared.outputs(), len(shared.client.jobs(limit=1000).jobs))
    yield
    if "accepted" not in request.keywords:
        assert (shared.outputs(), len(shared.client.jobs(limit=1000).jobs)) == before


def refused(done: "subprocess.CompletedProcess[str]", code: int, *says: str) -> None:
    """Check that a command was refused with this code, saying all of this, and nothing on stdout."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("shortsctl: "), done.stderr
    for words in says:
        assert words in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", [b"", b"  \n\t\n", "\ufeff\u00a0".encode(), "\u200b\U000e0041".encode()])
def test_an_empty_story(shared: Home, text: bytes) -> None:
    """A story without a word is refused as empty."""
    refused(shared.ctl("make", "--story=-", stdin=text), 2, "empty")


def test_a_story_that_is_not_utf8(shared: Home, tmp_path: Path) -> None:
    """The file and the byte offset of the first wrong byte are named."""
    file = tmp_path / "latin.txt"
    file.write_bytes("Zwölf ".encode() + "Füße".encode("latin-1"))
    refused(shared.ctl("make", "--story", str(file)), 2, "latin.txt", "UTF-8", "byte 8")


def test_a_story_that_is_too_long(shared: Home) -> None:
    """The estimate and the way to let it through are told."""
    refused(shared.ctl("make", "--story=-", stdin=b"word " * 600), 2, "4 min 00 s", "3 min 00 s", "--allow-long")


@pytest.mark.parametrize("text", ["-".join(["lantern"] * 900), "1234567890123 " * 200, "a" * 60_000])
def test_a_story_that_is_long_though_its_words_are_few(shared: Home, text: str) -> None:
    """Long words and numbers take their time, too."""
    refused(shared.ctl("make", "--story=-", stdin=text.encode()), 2, "--allow-long")


def test_a_story_of_too_many_sentences(shared: Home) -> None:
    """Even a long one has a limit, which is told."""
    refused(shared.ctl("make", "--story=-", "--allow-long", stdin=b"I am. " * 900), 2, "900 sentences", "800")


def test_a_playlist_is_no_music(shared: Home, tmp_path: Path) -> None:
    """A file that only names other files is refused: nobody knows what it would play tomorrow."""
    with wave.open(str(tmp_path / "tone.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0\1" * 8000)
    (tmp_path / "list.mp3").write_text("ffconcat version 1.0\nfile 'tone.wav'\n")
    music = str(tmp_path / "list.mp3")
    refused(shared.ctl("make", "--story=-", "--music", music, stdin=STORY.encode()), 2, "list.mp3")


def test_a_story_file_that_does_not_exist(shared: Home) -> None:
    """The file is named."""
    refused(shared.ctl("make", "--story", "nowhere.txt"), 2, "nowhere.txt")


def test_a_missing_folder_of_pictures(shared: Home, tmp_path: Path) -> None:
    """The folder is named, in full."""
    done = shared.ctl("make", "--story=-", "--images", "nowhere", stdin=STORY.encode(), cwd=tmp_path)
    refused(done, 2, str(tmp_path / "nowhere"))


def test_a_folder_with_no_readable_picture(shared: Home, tmp_path: Path) -> None:
    """Files that only look like pictures do not count."""
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a JPEG after all")
    (tmp_path / "b.txt").write_text("a text")
    refused(shared.ctl("make", "--story=-", "--images", str(tmp_path), stdin=STORY.encode()), 2, str(tmp_path), "JPEG")


@pytest.mark.accepted
def test_a_corrupt_picture_among_good_ones_is_skipped_with_a_warning(shared: Home, tmp_path: Path) -> None:
    """The short is made of the others; the log, the job and who follows it are told which file was left out."""
    Image.new("RGB", (300, 500), "teal").save(tmp_path / "2.png")
    (tmp_path / "1 broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a JPEG after all")
    made = shared.ctl("make", "--story=-", "--images", str(tmp_path), "--json", stdin=STORY.encode())
    assert made.returncode == 0, made.stderr
    job = json.loads(made.stdout)
    assert "1 broken.jpg" in "".join(line for line in shared.log(job["id"]).splitlines() if "warning" in line)
    assert "1 broken.jpg" in job["result"]["warnings"][0]
    assert "1 broken.jpg" in made.stderr
    assert "1 broken.jpg" in shared.ctl("show", str(job["id"])).stdout


@pytest.mark.parametrize("content", [b"", b"no sound at all" * 100])
def test_unreadable_music(shared: Home, tmp_path: Path, content: bytes) -> None:
    """The file is named, with what could be used instead."""
    music = tmp_path / "song.mp3"
    music.write_bytes(content)
    refused(shared.ctl("make", "--story=-", "--music", str(music), stdin=STORY.encode()), 2, "song.mp3", "MP3")


def test_an_unknown_voice(shared: Home) -> None:
    """Near names are told."""
    refused(shared.ctl("make", "--story=-", "--voice", "en-usa", stdin=STORY.encode()), 2, "en-usa", "en-us")


@pytest.mark.parametrize("verb", ["show", "logs", "attach", "stop", "retry"])
def test_an_id_that_does_not_exist(shared: Home, verb: str) -> None:
    """Every verb says which one, with the exit code for an unknown id."""
    refused(shared.ctl(verb, "4711"), 4, "4711")


@pytest.mark.parametrize("size", ["0x0", "271x480", "1080", "99999x2", "axb"])
def test_a_size_that_cannot_be_made(shared: Home, size: str) -> None:
    """The size and what can be made are told."""
    refused(shared.ctl("make", "--story=-", "--size", size, stdin=STORY.encode()), 2, size)


def test_a_stage_that_does_not_exist(shared: Home) -> None:
    """The stages that do are told."""
    refused(shared.ctl("retry", "1", "--from", "rendr"), 2, "rendr", "render")


@pytest.mark.accepted
def test_a_story_in_all_scripts_is_spoken_and_shown_as_it_stands(shared: Home) -> None:
    """Codes of captions, placeholders, emoji, CJK and right-to-left script are text like any other."""
    text = 'He said {\\an8}"100%\\N of it" 🎃. 今日は「雨」です。 مرحبا بالعالم. <b>Bold</b> & \\h done.'
    job = shared.make(story=text, title="{\\an8} 100% \\N 🎃 雨 مرحبا", review="render")
    view = shared.until(job, "review", "failed")
    (captions,) = (shared.places.work / str(job)).glob("captions-*/captions.ass")
    shown = captions.read_text().replace("\u2060", "")
    assert "100%" in shown
    assert "{\\an8}" not in shown.replace("\\{", "(")
    assert view.title == "{\\an8} 100% \\N 🎃 雨 مرحبا"
    listed = shared.ctl("ls").stdout
    assert "100%" in listed


def test_a_socket_path_over_the_kernels_limit(tmp_path: Path) -> None:
    """Command and daemon both say how long it is and what to set."""
    environ = {**os.environ, "SHORTSD_HOME": str(tmp_path), "SHORTSD_SOCKET": str(tmp_path / ("s" * 120))}
    for module in ("shortsd.cli", "shortsd"):
        words = ["ls"] if module == "shortsd.cli" else []
        argv = [sys.executable, "-m", module, *words]
        done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2, done.stderr
        assert "SHORTSD_SOCKET" in done.stderr


def test_no_daemon_and_none_startable(tmp_path: Path) -> None:
    """A verb that needs one says so with its exit code; `make` says why none could be started."""
    broken = {**os.environ, "SHORTSD_HOME": str(tmp_path)}
    ls = [sys.executable, "-m", "shortsd.cli", "ls"]
    done = subprocess.run(ls, env=broken, capture_output=True, text=True, timeout=60, check=False)
    refused(done, 3, "make")
    (tmp_path / "config.toml").write_text("nonsense = [")
    make = [sys.executable, "-m", "shortsd.cli", "make", "fog"]
    done = subprocess.run(make, env=broken, capture_output=True, text=True, timeout=60, check=False)
    refused(done, 3, "config.toml")


def test_a_socket_on_which_nobody_answers(tmp_path: Path) -> None:
    """A socket without a daemon behind it is no daemon."""
    with socket.socket(socket.AF_UNIX) as silent:
        path = tmp_path / "dead"
        silent.bind(str(path))
    environ = {**os.environ, "SHORTSD_HOME": str(tmp_path), "SHORTSD_SOCKET": str(path)}
    argv = [sys.executable, "-m", "shortsd.cli", "ls"]
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60, check=False)
    refused(done, 3)


@pytest.mark.accepted
def test_a_story_of_what_no_font_has_fails_before_it_is_rendered(shared: Home) -> None:
    """Boxes are all that there would be to read: the job ends after its captions, and says what to install."""
    job = shared.make(story="😀😀🎃👻. 👨‍👩‍👧‍👦!")
    failed = shared.until(job, "failed", "succeeded")
    assert failed.error is not None
    assert failed.error.code == "check_failed"
    assert "install a font" in failed.error.hint.lower()
    assert not list((shared.places.work / str(job)).glob("render-*"))

import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from numpy.typing import NDArray

from shortsd.domain.ports import Command
from shortsd.domain.timeline import Scene, Timeline, View
from shortsd.media.encode import encode, frame_source, join
from shortsd.media.frames import Film
from shortsd.media.progress import EncodeProgress, ProgressReader

WIDTH, HEIGHT, FPS, FRAMES = 270, 480, 10, 21
FFMPEG = get_ffmpeg_exe()

SQUARE = """[Script Info]
ScriptType: v4.00+
PlayResX: 270
PlayResY: 480
YCbCr Matrix: None

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, BorderStyle, Outline, Shadow, Alignment
Style: A,FiraGO,40,&H000000FF,1,0,0,7

[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.00,0:00:09.00,A,{\\pos(0,0)\\p1}m 0 0 l 100 0 100 100 0 100{\\p0}
"""
"""A red square of 100 pixels in the upper left corner."""


def aac(path: Path, seconds: float = FRAMES / FPS) -> Path:
    tone = f"sine=frequency=440:sample_rate=48000:duration={seconds},aformat=channel_layouts=stereo"
    argv = [FFMPEG, "-loglevel", "error", "-f", "lavfi", "-i", tone, "-c:a", "aac", "-f", "mp4", f"file:{path}"]
    subprocess.run(argv, check=True)
    return path


def film(folder: Path, colour: tuple[int, int, int] = (200, 120, 40)) -> Timeline:
    """A timeline of two scenes, each a flat picture."""
    for index in range(2):
        bgr = np.full((700, 400, 3), colour[::-1], np.uint8)
        assert cv2.imwrite(str(folder / f"{index}.png"), bgr)
    views = View(0.5, 0.5, 1.0), View(0.5, 0.5, 1.2)
    scenes = (Scene("0.png", 0, 10, *views), Scene("1.png", 10, FRAMES - 10, *views))
    timeline = Timeline(WIDTH, HEIGHT, FPS, FRAMES, scenes, (), crossfade=3)
    (folder / "timeline.json").write_bytes(msgspec.json.encode(timeline))
    return timeline


def piped(source: Command, sink: Command) -> str:
    """Run two commands joined by a pipe; what the second one wrote."""
    with subprocess.Popen(source.argv, stdout=subprocess.PIPE) as drawing:
        run = subprocess.run(sink.argv, stdin=drawing.stdout, check=False, capture_output=True, text=True)
        assert drawing.stdout
        drawing.stdout.close()
    assert (drawing.returncode, run.returncode) == (0, 0), run.stderr
    return run.stdout


def segment(folder: Path, timeline: Timeline, first: int, frames: int, out: Path, ass: Path | None = None) -> str:
    """Draw and encode some frames; what FFmpeg wrote."""
    sink = encode(FFMPEG, timeline=timeline, out=out, first=first, ass=ass, fonts=ass and ass.parent)
    return piped(frame_source(folder / "timeline.json", folder, first, frames), sink)


def render(
    folder: Path, timeline: Timeline, sound: Path, cuts: Sequence[int] = (), ass: Path | None = None
) -> tuple[Path, str]:
    """A whole render, cut into segments before some frames; what FFmpeg wrote."""
    out, edges = folder / "out.mp4", [0, *cuts, timeline.frames]
    lines = [
        segment(folder, timeline, first, end - first, folder / f"{first}.mp4", ass) for first, end in pairwise(edges)
    ]
    (folder / "list.txt").write_text("".join(f"file {first}.mp4\n" for first in edges[:-1]))
    command = join(FFMPEG, timeline.fps, folder / "list.txt", sound, out)
    subprocess.run(command.argv, check=True, capture_output=True)
    return out, "".join(lines)


def timestamps(path: Path) -> list[tuple[int, int]]:
    """Presentation time and duration of each packet of the picture, in order, in units of its time base."""
    argv = [FFMPEG, "-loglevel", "error", "-i", f"file:{path}", "-map", "0:v", "-c", "copy", "-f", "framecrc", "-"]
    lines = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines()
    packets = [line.split(",") for line in lines if not line.startswith("#")]
    return sorted((int(packet[2]), int(packet[3])) for packet in packets)


def described(path: Path) -> str:
    return subprocess.run([FFMPEG, "-i", f"file:{path}"], check=False, capture_output=True, text=True).stderr


def decoded(path: Path, *what: str) -> bytes:
    argv = [FFMPEG, "-loglevel", "error", "-i", f"file:{path}", *what, "pipe:1"]
    return subprocess.run(argv, check=True, capture_output=True).stdout


def picture_frames(path: Path) -> NDArray[np.uint8]:
    return np.frombuffer(decoded(path, "-f", "rawvideo"), np.uint8).reshape(-1, HEIGHT * 3 // 2, WIDTH)


def test_a_render_is_what_was_ordered(tmp_path: Path) -> None:
    """Through the real pipe: all frames at the size and rate asked for, H.264 High, BT.709 limited, AAC-LC stereo."""
    out, _ = render(tmp_path, film(tmp_path), aac(tmp_path / "sound.mp4"))

    streams = described(out)
    assert "h264 (High)" in streams
    assert "yuv420p(tv, bt709, progressive), 270x480" in streams
    assert "10 fps, 10 tbr" in streams
    assert "aac (LC)" in streams
    assert "48000 Hz, stereo" in streams
    assert len(picture_frames(out)) == FRAMES


def test_a_render_can_be_played_while_it_is_loaded(tmp_path: Path) -> None:
    """The index comes before the media, and carries the colour tags for players that do not look into the stream."""
    out, _ = render(tmp_path, film(tmp_path), aac(tmp_path / "sound.mp4"))

    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"colrnclx" + bytes([0, 1, 0, 1, 0, 1]) in data


def test_sound_and_picture_end_together(tmp_path: Path) -> None:
    """Both streams end within a frame of each other, and the sound is the very one that was handed over."""
    sound = aac(tmp_path / "sound.mp4")
    out, _ = render(tmp_path, film(tmp_path), sound)

    heard, handed = (decoded(file, "-map", "0:a", "-f", "s16le") for file in (out, sound))
    assert heard == handed
    assert len(heard) / 4 / 48_000 == pytest.approx(FRAMES / FPS, abs=1024 / 48_000)
    (duration,) = re.findall(r"Duration: 00:00:([\d.]+)", described(out))
    assert float(duration) == pytest.approx(FRAMES / FPS, abs=1 / FPS)


def test_colours_survive(tmp_path: Path) -> None:
    """A flat picture decodes to the levels that it was drawn with, within two, in every frame."""
    timeline = film(tmp_path)
    out, _ = render(tmp_path, timeline, aac(tmp_path / "sound.mp4"))

    frames = picture_frames(out).astype(int)

    assert np.abs(frames - Film(timeline, tmp_path).frame(0)).max() <= 2


def test_keyframes_come_every_two_seconds(tmp_path: Path) -> None:
    """The twenty-first frame at ten frames a second is a keyframe again."""
    out, _ = render(tmp_path, film(tmp_path), aac(tmp_path / "sound.mp4"))

    argv = [FFMPEG, "-skip_frame", "nokey", "-i", f"file:{out}", "-vf", "showinfo", "-an", "-f", "null", "-"]
    shown = subprocess.run(argv, check=True, capture_output=True, text=True).stderr
    assert re.findall(r"pts_time:([\d.]+)", shown) == ["0", "2"]


def test_the_same_render_gives_the_same_file(tmp_path: Path) -> None:
    """Nothing of the day or the machine's mood gets into the file."""
    timeline, sound = film(tmp_path), aac(tmp_path / "sound.mp4")

    first = render(tmp_path, timeline, sound)[0].read_bytes()

    assert render(tmp_path, timeline, sound)[0].read_bytes() == first


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "it's \"so\" [fine], isn't; it: a=b %d %% {x} @#~$HOME `x` | & * ? < > !",
        "new\nline\ttab",
        "back\\slash\\'quote\\:colon",
        " spaces around ",
        "-dash",
        "été 日本 😀",
    ],
)
def test_captions_are_burnt_in_from_any_path(tmp_path: Path, name: str) -> None:
    """Whatever a folder is called, its captions are drawn, in BT.709 red."""
    timeline = film(tmp_path)
    folder = tmp_path / name
    folder.mkdir()
    ass = folder / f"{name}.ass"
    ass.write_text(SQUARE, encoding="utf-8")
    out = folder / f"{name}.mp4.part"
    segment(tmp_path, timeline, 0, FRAMES, out, ass)

    frame = picture_frames(out)[5]
    flat = frame.reshape(-1)
    chroma = HEIGHT * WIDTH + 25 * WIDTH // 2 + 25
    levels = [int(frame[50, 50]), int(flat[chroma]), int(flat[chroma + HEIGHT * WIDTH // 4])]
    assert np.abs(np.array(levels) - (63, 102, 240)).max() <= 3


@pytest.mark.parametrize("fps", [10, 25, 30, 60, 7])
def test_segments_follow_each_other_without_a_gap(tmp_path: Path, fps: int) -> None:
    """Joined, frames come at the same pace across every join, from zero on, and none is lost or doubled."""
    timeline = replace(film(tmp_path), fps=fps)
    (tmp_path / "timeline.json").write_bytes(msgspec.json.encode(timeline))
    out, _ = render(tmp_path, timeline, aac(tmp_path / "sound.mp4", FRAMES / fps), cuts=(4, 11))

    times = timestamps(out)
    step = times[0][1]
    assert times == [(index * step, step) for index in range(FRAMES)]


def test_a_join_is_not_seen(tmp_path: Path) -> None:
    """Around each join the frames are those of a render in one piece, but for the encoder's noise; captions, too."""
    timeline, sound = film(tmp_path), aac(tmp_path / "sound.mp4")
    ass = tmp_path / "captions.ass"
    ass.write_text(SQUARE.replace("0:00:00.00,0:00:09.00", "0:00:00.60,0:00:01.30"), encoding="utf-8")

    pieces = picture_frames(render(tmp_path, timeline, sound, (4, 11), ass)[0]).astype(int)
    whole = picture_frames(render(tmp_path, timeline, sound, (), ass)[0]).astype(int)

    assert np.abs(pieces - whole).mean(axis=(1, 2)).max() < 0.5
    marked = [abs(int(frame[50, 50]) - 63) < 4 for frame in pieces]
    assert marked == [6 <= number < 13 for number in range(FRAMES)]


def test_progress_comes_by_the_frame(tmp_path: Path) -> None:
    """What a real encode reports rises to the last frame, and its end is told once."""
    seen: list[EncodeProgress] = []
    reader = ProgressReader(seen.append)

    lines = segment(tmp_path, film(tmp_path), 0, FRAMES, tmp_path / "out.mp4")
    for line in lines.splitlines(keepends=True):
        reader.feed(line)

    assert [one.ended for one in seen] == [False] * (len(seen) - 1) + [True]
    assert [one.frame for one in seen] == sorted(one.frame for one in seen)
    assert seen[-1].frame == FRAMES
    assert seen[-1].out_time_s == pytest.approx(FRAMES / FPS, abs=3 / FPS)


def test_progress_lines_become_numbers() -> None:
    """A block of lines is told as one value when its `progress` line is there, and not before."""
    seen: list[EncodeProgress] = []
    reader = ProgressReader(seen.append)

    for line in ("frame=12\n", "fps= 24.5\n", "out_time_us=1200000", "speed=2.4x", "total_size=48"):
        reader.feed(line)
    assert seen == []
    reader.feed("progress=continue\n")

    assert seen == [EncodeProgress(12, 24.5, 1.2, 2.4, ended=False)]


def test_progress_bears_with_gaps_and_garbage() -> None:
    """What FFmpeg does not know, and lines that are none of its own, break nothing."""
    seen: list[EncodeProgress] = []
    reader = ProgressReader(seen.append)

    for line in ("", "\x00\xff", "[aac @ 0x1] Qavg: 12", "frame=N/A", "fps=nan", "out_time_us=N/A", "speed=   inf"):
        reader.feed(line)
    reader.feed("progress=end")
    reader.feed("progress=continue")

    assert seen == [
        EncodeProgress(0, None, None, None, ended=True),
        EncodeProgress(0, None, None, None, ended=False),
    ]

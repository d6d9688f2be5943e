"""How much longer a render takes than encoding its own raw frames does, with the same x264 settings in the same run.

The frames of a thirty-second short (six scenes, pictures with fine detail, all made here) are drawn to a raw file
first, in memory if it fits. Then, in turn: FFmpeg encodes that file, without captions or sound; the two processes of a
real render make the whole short, with captions and sound. What counts is the ratio, since both share the machine with
whatever else runs on it; on a busy machine look at that of the processor time. The goal is 1.4 at most.

    python bench/render.py [--seconds 30] [--rounds 3] [--preset veryfast] [--crf 20]
"""

import argparse
import resource
import shutil
import subprocess
import tempfile
import time
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import msgspec
import numpy as np
from imageio_ffmpeg import get_ffmpeg_exe
from numpy.typing import NDArray

from shortsd.domain.ports import Command
from shortsd.domain.story import Picture, Sentence, Word
from shortsd.domain.timeline import Timeline
from shortsd.media import fonts
from shortsd.media.direction import scenes, timeline
from shortsd.media.encode import EncodeSettings, encode, frame_source

WIDTH, HEIGHT, FPS = 1080, 1920, 30
PICTURE = (1440, 2560)
SENTENCE_S, PAUSE_S, WORDS = 4.65, 0.35, 12
GOAL = 1.4
SPARE_BYTES = 1 << 30

ASS_HEAD = f"""[Script Info]
ScriptType: v4.00+
PlayResX: {WIDTH}
PlayResY: {HEIGHT}
YCbCr Matrix: None

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginV
Style: Word,{fonts.FAMILY},96,&H00FFFFFF,&H00000000,1,1,6,2,2,520

[Events]
Format: Layer, Start, End, Style, Text
"""


@dataclass(frozen=True)
class Short:
    """The files of a short to be rendered."""

    timeline: Timeline
    folder: Path
    timeline_file: Path
    captions: Path
    sound: Path

    def out(self, name: str) -> Path:
        return self.folder / f"{name}.mp4"


Task = Callable[[Short, Path, EncodeSettings], None]
"""Something to be measured; it is handed a short, its raw frames, and how to encode."""


def main() -> None:
    """Measure and print."""
    options = _options()
    settings = EncodeSettings(preset=options.preset, crf=options.crf)
    with tempfile.TemporaryDirectory(dir=_roomy(options.seconds), prefix="shortsd-bench-") as folder:
        short = make_short(Path(folder), options.seconds)
        raw = draw_raw(short)
        rows = [[cost(task, short, raw, settings) for task in TASKS.values()] for _ in range(options.rounds)]
        size = short.out("render").stat().st_size
    report(rows, short.timeline, settings, size)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Render against encode only.")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--preset", default=EncodeSettings().preset)
    parser.add_argument("--crf", type=int, default=EncodeSettings().crf)
    return parser.parse_args()


def _roomy(seconds: float) -> str:
    """Memory, if the raw frames fit there, or else the folder for temporary files."""
    needed = seconds * FPS * WIDTH * HEIGHT * 3 / 2 + SPARE_BYTES
    memory = Path("/dev/shm")  # noqa: S108 - only looked at; the folder in it is made by tempfile
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > needed else tempfile.gettempdir()


def make_short(folder: Path, seconds: float) -> Short:
    """Make pictures, captions, sound and timeline of a short in a folder."""
    sentences = [_sentence(index) for index in range(max(1, int(seconds // (SENTENCE_S + PAUSE_S))))]
    spans = scenes(sentences, seconds)
    pictures = [_paint(folder, index) for index in range(len(spans))]
    film = timeline(spans, sentences, pictures, width=WIDTH, height=HEIGHT, fps=FPS, duration_s=seconds, seed=1)
    short = Short(film, folder, folder / "timeline.json", folder / "captions.ass", folder / "sound.wav")
    short.timeline_file.write_bytes(msgspec.json.encode(film))
    short.captions.write_text(ASS_HEAD + "".join(_lines(sentences)), encoding="utf-8")
    _hum(short.sound, seconds)
    fonts.install(folder / "fonts")
    return short


def _sentence(index: int) -> Sentence:
    start = index * (SENTENCE_S + PAUSE_S)
    step = SENTENCE_S / WORDS
    words = tuple(Word(f"word{at}", start + at * step, start + (at + 1) * step) for at in range(WORDS))
    return Sentence(" ".join(word.text for word in words) + ".", start, start + SENTENCE_S, words)


def _paint(folder: Path, index: int) -> Picture:
    """A picture of cloudy noise at all sizes down to a pixel, with fine lines: harder to encode than most."""
    width, height = PICTURE
    random = np.random.default_rng(index)
    picture: NDArray[Any] = np.zeros((height, width, 3), np.float32)
    for octave in range(2, 11):
        noise = random.standard_normal((2**octave * height // width, 2**octave, 3)).astype(np.float32)
        picture += cv2.resize(noise, PICTURE, interpolation=cv2.INTER_CUBIC) * 0.55**octave
    low, high = picture.min(), picture.max()
    picture = ((picture - low) * (255 / (high - low))).astype(np.uint8)
    for x in range(0, width, 90):
        cv2.line(picture, (x, 0), (width - x, height), (225, 230, 240), 2, cv2.LINE_AA)
    name = f"scene {index}.jpg"
    cv2.imwrite(str(folder / name), picture, (cv2.IMWRITE_JPEG_QUALITY, 92))
    return Picture(name, width, height, "bench")


def _lines(sentences: Sequence[Sentence]) -> list[str]:
    """A caption of four words for each word spoken, which is highlighted."""
    lines = []
    for sentence in sentences:
        for at, word in enumerate(sentence.words):
            page = sentence.words[at // 4 * 4 : at // 4 * 4 + 4]
            text = " ".join(f"{{\\c&H00D7FF&}}{one.text}{{\\c}}" if one is word else one.text for one in page)
            lines.append(f"Dialogue: 0,{_clock(word.start_s)},{_clock(word.end_s)},Word,{text}\n")
    return lines


def _clock(seconds: float) -> str:
    return f"0:{int(seconds // 60):02}:{seconds % 60:05.2f}"


def _hum(path: Path, seconds: float) -> None:
    at = np.arange(int(seconds * 48_000)) / 48_000
    tone = (np.sin(2 * np.pi * 110 * at) * 6000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 48_000, 0, "NONE", ""))
        file.writeframes(np.column_stack([tone, tone]).tobytes())


def draw_raw(short: Short) -> Path:
    """The frames of the short as a raw file."""
    raw = short.folder / "frames.yuv"
    with raw.open("wb") as file:
        subprocess.run(_frames(short).argv, stdout=file, check=True)
    return raw


def _frames(short: Short) -> Command:
    return frame_source(short.timeline_file, short.folder, 0, short.timeline.frames)


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall, and seconds of all cores: the second hardly minds what else the machine is doing."""

    wall_s: float
    cpu_s: float


def cost(task: Task, short: Short, raw: Path, settings: EncodeSettings) -> Cost:
    """What a task costs."""
    start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    task(short, raw, settings)
    wall, now = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)


def encode_only(short: Short, raw: Path, settings: EncodeSettings) -> None:
    """Encode the raw frames to a video without captions or sound."""
    film = short.timeline
    source = ("-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{film.width}x{film.height}")
    quality = ("-c:v", "libx264", "-preset", settings.preset, "-crf", str(settings.crf), "-profile:v", "high")
    out = ("-g", str(2 * film.fps), "-flags:v", "+cgop", str(short.out("only")))
    argv = [get_ffmpeg_exe(), "-y", "-loglevel", "error", "-nostdin", *source, "-framerate", str(film.fps)]
    with raw.open("rb") as frames:
        subprocess.run([*argv, "-i", "pipe:0", *quality, *out], stdin=frames, check=True)


def encode_all(short: Short, raw: Path, settings: EncodeSettings) -> None:
    """Run the FFmpeg of a render on frames that are there already."""
    with raw.open("rb") as frames:
        subprocess.run(_encode(short, settings, "all").argv, stdin=frames, stdout=subprocess.DEVNULL, check=True)


def render(short: Short, _raw: Path, settings: EncodeSettings) -> None:
    """Render: the frame source and FFmpeg, joined by a pipe."""
    with subprocess.Popen(_frames(short).argv, stdout=subprocess.PIPE) as source:
        argv = _encode(short, settings, "render").argv
        subprocess.run(argv, stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)
        if source.stdout:
            source.stdout.close()
    if source.returncode:
        raise SystemExit("The frame source failed.")


TASKS: dict[str, Task] = {
    "encode only": encode_only,
    "encode with captions and sound": encode_all,
    "render": render,
}


def _encode(short: Short, settings: EncodeSettings, name: str) -> Command:
    return encode(
        get_ffmpeg_exe(),
        timeline=short.timeline,
        frames=short.timeline.frames,
        sound=short.sound,
        out=short.out(name),
        ass=short.captions,
        fonts=short.folder / "fonts",
        settings=settings,
    )


def report(rounds: Sequence[Sequence[Cost]], film: Timeline, settings: EncodeSettings, size: int) -> None:
    """Print what was measured, the medians of the rounds; the last row is the render."""
    print(
        f"{film.frames} frames of {film.width}x{film.height} at {film.fps} fps, {len(film.scenes)} scenes, "
        f"x264 {settings.preset} crf {settings.crf}, {size / 1e6:.1f} MB, {len(rounds)} rounds"
    )
    print(f"{'':<32}{'wall s':>8}{'frames/s':>10}{'ratio':>7}{'cpu s':>9}{'ratio':>7}")
    for at, name in enumerate(TASKS):
        wall_s, cpu_s = median(row[at].wall_s for row in rounds), median(row[at].cpu_s for row in rounds)
        ratio = median(row[at].wall_s / row[0].wall_s for row in rounds)
        cpu_ratio = median(row[at].cpu_s / row[0].cpu_s for row in rounds)
        print(f"{name:<32}{wall_s:8.2f}{film.frames / wall_s:10.1f}{ratio:7.2f}{cpu_s:9.2f}{cpu_ratio:7.2f}")
    print(f"goal: a render takes at most {GOAL} x encode only: {'met' if ratio <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()

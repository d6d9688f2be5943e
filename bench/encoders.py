"""What encoders of the picture cost, and how good what they make is to look at: the table of docs/encoders.md.

Six seconds of a short are drawn once to a raw file, in memory if it fits: parts of four scenes with captions, two of
pictures painted by shortsd, two of pictures with fine detail at all sizes, which are harder to encode than most. Each
candidate encodes that file, in turn and on its own; then VMAF (Netflix, model vmaf_v0.6.1) holds the result
against the raw frames. Processor time hardly minds what else the machine is doing; wall time does.

    python bench/encoders.py [--only WORDS] [--rounds 1]
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from imageio_ffmpeg import get_ffmpeg_exe
from short import FPS, HEIGHT, PICTURE, WIDTH, short

from shortsd.media.encode import frame_source
from shortsd.media.encoders import EncodeSettings, options
from shortsd.providers.images.painting.paint import paint

SCENES, SCENE_S = 4, 5.0
FRAMES = 45
"""Of each scene: its first second and a half, with the crossfade that it begins with."""
EVERY = 5
"""VMAF looks at each fifth frame: it takes longer than the encode."""
PAINTED = {1: "A lighthouse above a stormy sea at night.", 3: "A forest path in the fog."}
"""Scenes whose pictures are painted, after a text; the others have fine detail."""
RAW = ("-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", str(FPS))
QUIET = ("-hide_banner", "-nostdin", "-y", "-loglevel", "error")
X264 = {
    "superfast": (18, 20, 23),
    "veryfast": (18, 20, 23),
    "faster": (20,),
    "fast": (20,),
    "medium": (20,),
}
"""Presets, and the crf that are tried with each."""
PLAIN = ("-bf", "-1", "-rc-lookahead", "-1", "-mbtree", "-1")
"""What a preset says of these, instead of what we do."""
VARIANTS = {
    "": (),
    "crf 18": ("-crf", "18"),
    "crf 23": ("-crf", "23"),
    "veryfast": ("-preset", "veryfast"),
    "uncapped": ("-maxrate", "0", "-bufsize", "0"),
    "threads 1": ("-threads", "1"),
    "threads 3": ("-threads", "3"),
    "B-frames 1": ("-bf", "1"),
    "B-frames 3": ("-bf", "3"),
    "no mbtree": ("-mbtree", "0", "-rc-lookahead", "0"),
    "lookahead 5": ("-rc-lookahead", "5"),
    "lookahead 20": ("-rc-lookahead", "20"),
    "tune film": ("-tune", "film"),
    "aq 0": ("-aq-mode", "0"),
    "trellis 1": ("-trellis", "1"),
    "subme 2": ("-x264-params", "stitchable=1:subme=2"),
}
"""Options that are given after those of the default."""
AV1 = ((8, 30), (9, 26), (9, 30), (9, 34), (10, 30), (12, 30))
"""Presets and crf of SVT-AV1."""
GOAL_VMAF, GOAL_BPS = 95.0, 12_000_000


@dataclass(frozen=True)
class Candidate:
    """A way to encode: its name in the table, and FFmpeg's options."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """What an encode took."""

    wall_s: float
    cpu_s: float
    peak_mb: float


@dataclass(frozen=True)
class Looks:
    """How like the raw frames it is, as VMAF has it: over all frames, the worst, and over each kind of picture."""

    mean: float
    least: float
    painted: float
    detail: float


def main() -> None:
    """Measure and print, a row as soon as it is there."""
    chosen = _options()
    wanted = [one for one in candidates() if all(word in one.name for word in chosen.only.split())]
    load = os.getloadavg()[0]
    with _frames() as raw:
        seconds = raw.stat().st_size / (WIDTH * HEIGHT * 3 / 2) / FPS
        print(f"{os.cpu_count()} cores, load {load:.1f} before, {seconds:g} s of {WIDTH}x{HEIGHT} at {FPS} fps")
        head = f"{'':<34}{'wall s':>8}{'cpu s':>8}{'MB':>6}{'Mbit/s':>8}{'VMAF':>7}{'least':>7}"
        print(f"{head}{'painted':>9}{'detail':>8}")
        for one in wanted:
            print(_row(one, raw, seconds, chosen.rounds), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time, size and VMAF of encoders.")
    parser.add_argument("--only", default="", help="words that a candidate's name has to have")
    parser.add_argument("--rounds", type=int, default=1, help="encodes of each, of which the cheapest counts")
    return parser.parse_args()


def candidates() -> list[Candidate]:
    """Everything that is compared."""
    return [*_x264(), *_variants(), *_av1()]


def _x264() -> Iterator[Candidate]:
    for preset, crfs in X264.items():
        for crf in crfs:
            settings = EncodeSettings(preset=preset, crf=crf)
            yield Candidate(f"x264 {preset} crf {crf}", (*options(settings, FPS), *PLAIN))


def _variants() -> Iterator[Candidate]:
    """Changes of the default, one at a time. Of an option that is given twice FFmpeg takes the last."""
    ours = options(EncodeSettings(), FPS)
    for name, extra in VARIANTS.items():
        yield Candidate(f"default, {name}" if name else "default", (*ours, *extra))


def _av1() -> Iterator[Candidate]:
    ours = options(EncodeSettings(encoder="svtav1"), FPS)
    for preset, crf in AV1:
        yield Candidate(f"svtav1 {preset} crf {crf}", (*ours, "-preset", str(preset), "-crf", str(crf)))


@contextmanager
def _frames() -> Iterator[Path]:
    """The raw frames, with captions; gone afterwards."""
    with short(SCENES * SCENE_S) as film:
        for index, text in PAINTED.items():
            _paint(film.folder / f"scene {index}.jpg", index, text)
        film.raw.unlink()
        with film.raw.open("wb") as raw:
            for scene in film.timeline.scenes:
                drawn = frame_source(film.timeline_file, film.folder, scene.first, FRAMES)
                _with_captions(drawn.argv, film.captions, scene.first / FPS, raw)
        yield film.raw


def _paint(file: Path, seed: int, text: str) -> None:
    """Have a picture painted in another one's place."""
    with tempfile.TemporaryDirectory() as folder:
        scene = {"text": text, "mood": "calm", "index": seed, "seed": seed}
        answer = paint({"scenes": [scene], "size": PICTURE, "folder": folder}, lambda *_: None)
        shutil.move(Path(folder) / answer["pictures"][0]["file"], file)


def _with_captions(source: Sequence[str], captions: Path, start_s: float, to: IO[bytes]) -> None:
    """Draw frames, burn in the captions of their time, and append them to a raw file."""
    at = f"setpts=PTS+{start_s}/TB"
    burn = f"{at},ass=filename={captions}:fontsdir={captions.parent / 'fonts'}"
    argv = [get_ffmpeg_exe(), *QUIET, *RAW, "-i", "pipe:0", "-vf", burn, "-fps_mode", "passthrough", "-f", "rawvideo"]
    with subprocess.Popen(source, stdout=subprocess.PIPE) as drawing:
        subprocess.run([*argv, "-pix_fmt", "yuv420p", "pipe:1"], stdin=drawing.stdout, stdout=to, check=True)


def _row(candidate: Candidate, raw: Path, seconds: float, rounds: int) -> str:
    out = raw.with_name("encoded.mp4")
    cost = min((_encode(candidate, raw, out) for _ in range(rounds)), key=lambda one: one.cpu_s)
    bps = out.stat().st_size * 8 / seconds
    looks = _looks(out, raw)
    met = "" if looks.mean >= GOAL_VMAF and bps <= GOAL_BPS else "  MISSED"
    figures = f"{cost.wall_s:8.2f}{cost.cpu_s:8.2f}{cost.peak_mb:6.0f}{bps / 1e6:8.2f}"
    quality = f"{looks.mean:7.2f}{looks.least:7.2f}{looks.painted:9.2f}{looks.detail:8.2f}"
    return f"{candidate.name:<34}{figures}{quality}{met}"


def _encode(candidate: Candidate, raw: Path, out: Path) -> Cost:
    argv = [get_ffmpeg_exe(), *QUIET, *RAW, "-i", str(raw), *candidate.options, str(out)]
    begun = time.perf_counter()
    process = subprocess.Popen(argv, stderr=subprocess.DEVNULL)
    peak_mb = _watched(process.pid)
    _, status, used = os.wait4(process.pid, 0)  # whose figures are of this process alone
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, argv)
    return Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime, peak_mb)


def _watched(pid: int) -> float:
    """Wait for the end of a child; its peak of resident memory, which wait4 has no less than that of its parent."""
    peak_mb = 0.0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        peak_mb = int(found[1]) / 1024 if found else peak_mb
        time.sleep(0.02)
    return peak_mb


def _looks(encoded: Path, raw: Path) -> Looks:
    log = raw.with_name("vmaf.json")
    measure = f"[0:v][1:v]libvmaf=log_fmt=json:log_path={log}:n_threads={os.cpu_count()}:n_subsample={EVERY}"
    argv = [get_ffmpeg_exe(), *QUIET, "-i", str(encoded), *RAW, "-i", str(raw), "-lavfi", measure, "-f", "null", "-"]
    subprocess.run(argv, check=True)
    frames = json.loads(log.read_text())["frames"]
    scores = np.array([frame["metrics"]["vmaf"] for frame in frames])
    painted = np.isin(np.array([frame["frameNum"] for frame in frames]) // FRAMES, list(PAINTED))
    return Looks(
        float(scores.mean()),
        float(scores.min()),
        float(scores[painted].mean()),
        float(scores[~painted].mean()),
    )


if __name__ == "__main__":
    main()

"""How much longer a render takes than encoding its own raw frames does, with the same x264 settings in the same run.

The frames of a thirty-second short (six scenes, pictures with fine detail, all made here) are drawn to a raw file
first, in memory if it fits. Then, in turn: FFmpeg encodes that file, without captions or sound; the two processes of a
real render make the whole short, with captions and sound. What counts is the ratio, in the round in which the rest
of the machine was calmest; if it never was, look at the ratio of the processor time. The goal is 1.4 at most.

    python bench/render.py [--seconds 30] [--rounds 3] [--preset veryfast] [--crf 20]
"""

import argparse
import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO

import psutil
from imageio_ffmpeg import get_ffmpeg_exe
from row import Row
from short import Short, short

from shortsd.domain.errors import ChildFailed
from shortsd.domain.ports import Command
from shortsd.domain.timeline import Timeline
from shortsd.media.encode import encode
from shortsd.media.encoders import KEYFRAME_S, EncodeSettings

GOAL = 1.4
WITHIN_S = 110.0
"""How long all rounds may take where the render is one figure among others."""

Task = Callable[[Short, EncodeSettings], None]
"""Something to be measured; it is handed a short, and how to encode."""


@dataclass(frozen=True)
class Cost:
    """What a task takes."""

    wall_s: float
    cpu_s: float
    """Of all cores: it hardly minds what else the machine is doing."""
    others_s: float
    """Of all cores, for processes that are none of ours."""


def main() -> None:
    """Measure and print."""
    options = _options()
    settings = EncodeSettings(preset=options.preset, crf=options.crf)
    with short(options.seconds) as film:
        rounds = _rounds(list(TASKS.values()), options.rounds, film, settings)
        size = film.out("render").stat().st_size
    report(calmest(rounds), film.timeline, settings, size)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Render against encode only.")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--preset", default=EncodeSettings().preset)
    parser.add_argument("--crf", type=int, default=EncodeSettings().crf)
    return parser.parse_args()


def speed() -> list[Row]:
    """The row of the render of a thirty-second short: the calmest of three rounds, or as many as fit in WITHIN_S."""
    with short(30.0) as film:
        only, whole = calmest(_rounds([encode_only, render], 3, film, EncodeSettings(), WITHIN_S))
    ratio = whole.wall_s / only.wall_s
    others = 100 * (only.others_s + whole.others_s) / (only.wall_s + whole.wall_s)
    measured = (
        f"{ratio:.2f} x encode only, {whole.wall_s:.1f} by {only.wall_s:.1f} s; "
        f"cpu {whole.cpu_s / only.cpu_s:.2f} x; others took {others:.0f} % of a core"
    )
    return [Row("render", measured, f"<= {GOAL} x", ratio <= GOAL)]


def calmest(rounds: Sequence[Sequence[Cost]]) -> Sequence[Cost]:
    """The round in which other processes had the least share of the machine."""
    return min(rounds, key=lambda costs: sum(cost.others_s for cost in costs) / sum(cost.wall_s for cost in costs))


def _rounds(
    tasks: Sequence[Task], rounds: int, film: Short, settings: EncodeSettings, within_s: float = float("inf")
) -> list[list[Cost]]:
    """What each task costs, in each of some rounds; fewer rounds, at least one, if they take too long."""
    begun = time.monotonic()
    costs: list[list[Cost]] = []
    while not costs or (len(costs) < rounds and (time.monotonic() - begun) * (1 + 1 / len(costs)) < within_s):
        costs.append([_cost(task, film, settings) for task in tasks])
    return costs


def _cost(task: Task, film: Short, settings: EncodeSettings) -> Cost:
    """What a task costs."""
    before, own_before, all_before = time.perf_counter(), _own_s(), _busy_s()
    task(film, settings)
    wall_s, own_s, all_s = time.perf_counter() - before, _own_s() - own_before, _busy_s() - all_before
    return Cost(wall_s, own_s, max(0.0, all_s - own_s))


def _own_s() -> float:
    """Processor seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _busy_s() -> float:
    """Processor seconds of the whole machine since it started."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def encode_only(film: Short, settings: EncodeSettings) -> None:
    """Encode the raw frames to a video without captions or sound."""
    line = film.timeline
    source = ("-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{line.width}x{line.height}")
    quality = ("-c:v", "libx264", "-preset", settings.preset, "-crf", str(settings.crf), "-profile:v", "high")
    out = ("-g", str(KEYFRAME_S * line.fps), "-flags:v", "+cgop", str(film.out("only")))
    argv = [get_ffmpeg_exe(), "-y", "-loglevel", "error", "-nostdin", *source, "-framerate", str(line.fps)]
    with film.raw.open("rb") as frames:
        _run([*argv, "-i", "pipe:0", *quality, *out], frames)


def encode_all(film: Short, settings: EncodeSettings) -> None:
    """Run the FFmpeg of a render on frames that are there already."""
    with film.raw.open("rb") as frames:
        _run(_encode(film, settings, "all").argv, frames)


def render(film: Short, settings: EncodeSettings) -> None:
    """Render: the frame source and FFmpeg, joined by a pipe."""
    with subprocess.Popen(film.frames.argv, stdout=subprocess.PIPE) as source:
        _run(_encode(film, settings, "render").argv, source.stdout)
        if source.stdout:
            source.stdout.close()
    if source.returncode:
        raise ChildFailed(f"The frame source ended with code {source.returncode}.")


def _run(argv: Sequence[str], frames: IO[bytes] | None) -> None:
    """Run FFmpeg on frames; what it has to say matters only if it fails."""
    done = subprocess.run(argv, stdin=frames, capture_output=True, check=False)
    if done.returncode:
        raise ChildFailed(f"FFmpeg ended with code {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")


def _encode(film: Short, settings: EncodeSettings, name: str) -> Command:
    return encode(
        get_ffmpeg_exe(),
        timeline=film.timeline,
        sound=film.sound,
        out=film.out(name),
        ass=film.captions,
        fonts=film.folder / "fonts",
        settings=settings,
    )


TASKS: dict[str, Task] = {
    "encode only": encode_only,
    "encode with captions and sound": encode_all,
    "render": render,
}


def report(costs: Sequence[Cost], film: Timeline, settings: EncodeSettings, size: int) -> None:
    """Print what was measured; the last row is the render."""
    print(
        f"{film.frames} frames of {film.width}x{film.height} at {film.fps} fps, {len(film.scenes)} scenes, "
        f"x264 {settings.preset} crf {settings.crf}, {size / 1e6:.1f} MB, the calmest round"
    )
    print(f"{'':<32}{'wall s':>8}{'frames/s':>10}{'ratio':>7}{'cpu s':>9}{'ratio':>7}{'others s':>10}")
    only = costs[0]
    for name, one in zip(TASKS, costs, strict=True):
        wall, cpu = one.wall_s / only.wall_s, one.cpu_s / only.cpu_s
        on_the_wall = f"{one.wall_s:8.2f}{film.frames / one.wall_s:10.1f}{wall:7.2f}"
        print(f"{name:<32}{on_the_wall}{one.cpu_s:9.2f}{cpu:7.2f}{one.others_s:10.2f}")
    print(f"goal: a render takes at most {GOAL} x encode only: {'met' if wall <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()

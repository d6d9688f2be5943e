"""How much longer a render takes than encoding its own raw frames does, with the same x264 settings in the same run.

The frames of a thirty-second short (six scenes, pictures with fine detail, all made here) are drawn to a raw file
first, in memory if it fits. Then, in turn: FFmpeg encodes that file, without captions or sound; the two processes of a
real render make the whole short, with captions and sound. What counts is the ratio, since both share the machine with
whatever else runs on it; on a busy machine look at that of the processor time. The goal is 1.4 at most.

    python bench/render.py [--seconds 30] [--rounds 3] [--preset veryfast] [--crf 20]
"""

import argparse
import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import IO

from imageio_ffmpeg import get_ffmpeg_exe
from row import Row
from short import Short, short

from shortsd.domain.errors import ChildFailed
from shortsd.domain.ports import Command
from shortsd.domain.timeline import Timeline
from shortsd.media.encode import KEYFRAME_S, EncodeSettings, encode

GOAL = 1.4
WITHIN_S = 130.0
"""How long all rounds may take where the render is one figure among others."""

Task = Callable[[Short, EncodeSettings], None]
"""Something to be measured; it is handed a short, and how to encode."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall, and seconds of all cores: the second hardly minds what else the machine is doing."""

    wall_s: float
    cpu_s: float


def main() -> None:
    """Measure and print."""
    options = _options()
    settings = EncodeSettings(preset=options.preset, crf=options.crf)
    with short(options.seconds) as film:
        rounds = _rounds(list(TASKS.values()), options.rounds, film, settings)
        size = film.out("render").stat().st_size
    report(rounds, film.timeline, settings, size)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Render against encode only.")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--preset", default=EncodeSettings().preset)
    parser.add_argument("--crf", type=int, default=EncodeSettings().crf)
    return parser.parse_args()


def speed() -> list[Row]:
    """The row of the render of a thirty-second short: three rounds, or as many as fit into WITHIN_S."""
    with short(30.0) as film:
        rounds = _rounds([encode_only, render], 3, film, EncodeSettings(), WITHIN_S)
    wall, cpu = _ratio(rounds, 1, "wall_s"), _ratio(rounds, 1, "cpu_s")
    wall_s, cpu_s = median(costs[1].wall_s for costs in rounds), median(costs[1].cpu_s for costs in rounds)
    measured = f"{wall:.2f} x encode only ({wall_s:.1f} s); cpu {cpu:.2f} x ({cpu_s:.1f} s)"
    return [Row("render", measured, f"<= {GOAL} x", wall <= GOAL)]


def _rounds(
    tasks: Sequence[Task], rounds: int, film: Short, settings: EncodeSettings, within_s: float = float("inf")
) -> list[list[Cost]]:
    """What each task costs, in each of some rounds; fewer rounds, at least one, if they take too long."""
    begun = time.monotonic()
    costs: list[list[Cost]] = []
    while not costs or (len(costs) < rounds and (time.monotonic() - begun) * (1 + 1 / len(costs)) < within_s):
        costs.append([_cost(task, film, settings) for task in tasks])
    return costs


def _ratio(rounds: Sequence[Sequence[Cost]], task: int, what: str) -> float:
    """What a task costs by what the first one does, in the same round."""
    return float(median(getattr(costs[task], what) / getattr(costs[0], what) for costs in rounds))


def _cost(task: Task, film: Short, settings: EncodeSettings) -> Cost:
    """What a task costs."""
    start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    task(film, settings)
    wall, now = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)


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
        frames=film.timeline.frames,
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


def report(rounds: Sequence[Sequence[Cost]], film: Timeline, settings: EncodeSettings, size: int) -> None:
    """Print what was measured, the medians of the rounds; the last row is the render."""
    print(
        f"{film.frames} frames of {film.width}x{film.height} at {film.fps} fps, {len(film.scenes)} scenes, "
        f"x264 {settings.preset} crf {settings.crf}, {size / 1e6:.1f} MB, {len(rounds)} rounds"
    )
    print(f"{'':<32}{'wall s':>8}{'frames/s':>10}{'ratio':>7}{'cpu s':>9}{'ratio':>7}")
    for at, name in enumerate(TASKS):
        wall_s, cpu_s = median(row[at].wall_s for row in rounds), median(row[at].cpu_s for row in rounds)
        ratio, cpu_ratio = _ratio(rounds, at, "wall_s"), _ratio(rounds, at, "cpu_s")
        print(f"{name:<32}{wall_s:8.2f}{film.frames / wall_s:10.1f}{ratio:7.2f}{cpu_s:9.2f}{cpu_ratio:7.2f}")
    print(f"goal: a render takes at most {GOAL} x encode only: {'met' if ratio <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()

"""How much longer a render takes than encoding its own raw frames does, with the same x264 settings in the same run.

The frames of a thirty-second short (six scenes, pictures with fine detail, all made here) are drawn to a raw file
first, in memory if it fits. Then, in turn: FFmpeg encodes that file, without captions or sound; the render stage of a
job makes the whole short: voice and music mixed and mastered, segments drawn and encoded with captions, all joined.
What counts is the ratio, in the round in which the rest of the machine was calmest; if it never was, look at the ratio
of the processor time. The goal is 1.15 at most.

    python bench/render.py [--seconds 30] [--rounds 3] [--preset veryfast] [--crf 20]
"""

import argparse
import asyncio
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
from imageio_ffmpeg import get_ffmpeg_exe
from row import Row
from short import Short, short

from shortsd.config.settings import Settings
from shortsd.domain.errors import ChildFailed
from shortsd.domain.process import ChildRecord
from shortsd.domain.timeline import Timeline
from shortsd.kit import child_processes
from shortsd.media.encoders import EncodeSettings, options
from shortsd.media.fonts import FAMILY, MAIN, FontFiles
from shortsd.providers.music.file import FileMusic
from shortsd.stages import render as stages
from shortsd.stages.footage import Camera
from shortsd.stages.pieces import Pieces
from shortsd.stages.plan import Plan
from shortsd.stages.preflight import NoJob
from shortsd.stages.runner import Done, Work

GOAL = 1.15
PLAN = {
    "topic": "a bench",
    "story": None,
    "title": None,
    "voice": "en-us",
    "images": None,
    "music": None,
    "seed": 1,
    "max_speech_s": None,
}
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
        size = (film.folder / "stage" / stages.FILE).stat().st_size
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
        only, whole = calmest(_rounds([encode_only, stage], 3, film, EncodeSettings(), WITHIN_S))
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
    """Encode the raw frames to a video without captions or sound, as a render encodes them."""
    line = film.timeline
    source = ("-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{line.width}x{line.height}")
    argv = [get_ffmpeg_exe(), "-y", "-loglevel", "error", "-nostdin", *source, "-framerate", str(line.fps)]
    with film.raw.open("rb") as frames:
        _run([*argv, "-i", "pipe:0", *options(settings, line.fps), str(film.out("only"))], frames)


class Unrecorded:
    """A registry for children that end with us."""

    async def add(self, record: ChildRecord) -> None:
        del record

    async def remove(self, pid: int) -> None:
        del pid


def stage(film: Short, settings: EncodeSettings) -> None:
    """Do the whole stage of a job: the sound mixed and mastered, all segments drawn and encoded, all of it joined."""
    folder = film.folder / "stage"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    asyncio.run(_stage(film, settings, folder))


async def _stage(film: Short, settings: EncodeSettings, folder: Path) -> None:
    children = child_processes(Settings(), "bench", Unrecorded())
    fonts = FontFiles(FAMILY, film.folder / "fonts" / MAIN, film.folder / "fonts")
    at_once = Settings().children.parallel_encoders
    camera = Camera(children, get_ffmpeg_exe(), fonts, settings, 60.0, at_once)
    music = FileMusic(children, get_ffmpeg_exe(), film.music)
    desk = NoJob("render")
    work = Work(0, "render", folder, desk, desk.progress, Pieces(folder / "pieces"))
    voice, pictures = Done(film.narration, film.folder, ""), Done(film.gallery, film.folder, "")
    plan = Plan.of({**PLAN, "width": film.timeline.width, "height": film.timeline.height, "fps": film.timeline.fps})
    await stages.render(plan, "eerie", voice, pictures, film.captions, None, stages.Studio(camera, music), work)
    await children.end_all()


def _run(argv: Sequence[str], frames: IO[bytes] | None) -> None:
    """Run FFmpeg on frames; what it has to say matters only if it fails."""
    done = subprocess.run(argv, stdin=frames, capture_output=True, check=False)
    if done.returncode:
        raise ChildFailed(f"FFmpeg ended with code {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")


TASKS: dict[str, Task] = {"encode only": encode_only, "render": stage}


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

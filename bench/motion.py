"""How far the camera of a rendered shot strays from its ideal path, in pixels, and what drawing a frame takes.

A pattern of waves in all directions is filmed by the program that draws the frames of a render, one scene for each of
some moves. As the pattern is a formula, what an ideal camera would see is known at any place to any precision; squares
of each frame are laid over it by phase correlation, and how far they have to be shifted is what the camera strays.
The same is measured again once the frames are encoded and decoded, with the settings of a render.

    python bench/motion.py [--seconds 2] [--size 1080x1920] [--fps 30]
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
from imageio_ffmpeg import get_ffmpeg_exe
from numpy.typing import NDArray
from row import Row

from shortsd.domain.story import Picture
from shortsd.domain.style import Cut
from shortsd.domain.timeline import Scene, Timeline
from shortsd.media.camera import Window, camera
from shortsd.media.direction import Span, timeline
from shortsd.media.encode import frame_source
from shortsd.media.encoders import EncodeSettings, options
from shortsd.media.frames import Film
from shortsd.media.planes import split

GOAL_PX = 0.05
SHOTS = 7
EVERY = 4
"""Of so many frames one is tracked."""
SQUARE = 256
"""Side of the squares that are tracked, in pixels: one in the middle, the others near the corners."""
WAVES = 150
FINEST_PX = 4.0
"""The shortest wave, in pixels of the picture."""
ROOM = 4 / 3
"""How much larger than the frame pictures are."""

Plane = NDArray[Any]


@dataclass(frozen=True)
class Pattern:
    """A sum of waves; each has its own direction and length."""

    across: Plane
    down: Plane
    turn: Plane

    @classmethod
    def drawn(cls, seed: int) -> "Pattern":
        random = np.random.default_rng(seed)
        angle, length = random.uniform(0, np.pi, WAVES), FINEST_PX * random.uniform(1, 12, WAVES)
        pull = 2 * np.pi / length
        return cls(pull * np.cos(angle), pull * np.sin(angle), random.uniform(0, 2 * np.pi, WAVES))

    def at(self, x: Plane, y: Plane) -> Plane:
        """The levels at a grid of places, in pixels of the picture from its corner: 128, give or take."""
        across, down = np.outer(x, self.across) + self.turn, np.outer(y, self.down)
        waves = np.cos(down) @ np.cos(across).T - np.sin(down) @ np.sin(across).T
        return np.asarray(128 + 30 * np.sqrt(2 / WAVES) * waves)


@dataclass(frozen=True)
class Shot:
    """A timeline of shots of one pattern, and where its files lie."""

    line: Timeline
    folder: Path
    pattern: Pattern
    picture: tuple[int, int]

    def ideal(self, number: int, left: int, top: int) -> Plane:
        """What an ideal camera sees in a square of frame `number`."""
        view = self.view(number)
        x, y = (start + np.arange(SQUARE) + 0.5 for start in (left, top))
        return self.pattern.at(
            (view.x + x / self.line.width * view.width) * self.picture[0],
            (view.y + y / self.line.height * view.height) * self.picture[1],
        )

    def view(self, number: int) -> Window:
        scene = self.scene(number)
        frame = self.line.width, self.line.height
        return camera(scene, number - scene.first, scene.frames, self.picture, frame)

    def scene(self, number: int) -> Scene:
        return next(scene for scene in self.line.scenes if number < scene.first + scene.frames)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The camera's path against the ideal one.")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each shot")
    parser.add_argument("--size", default="1080x1920")
    parser.add_argument("--fps", type=int, default=30)
    asked = parser.parse_args()
    width, height = (int(side) for side in asked.size.split("x"))
    with tempfile.TemporaryDirectory(prefix="shortsd-motion-") as folder:
        rows = measure(Path(folder), (width, height), asked.fps, asked.seconds)
    print(*rows, sep="\n")
    return not all(row.met for row in rows)


def measure(folder: Path, size: tuple[int, int], fps: int, seconds: float) -> list[Row]:
    """The camera's straying in raw and in encoded frames, and the cost of a frame, of shots of so many seconds."""
    shot = _filmed(folder, size, fps, seconds)
    raw, coded = folder / "raw.yuv", folder / "coded.mp4"
    with raw.open("wb") as file:
        subprocess.run(_source(shot), stdout=file, check=True)
    _encode(shot, raw, coded)
    moves = f"{SHOTS} shots, {size[0]}x{size[1]} at {fps} fps"
    rows = [
        _row("path, raw frames", _strays(shot, _lumas(shot, ["cat", str(raw)])), moves),
        _row("path, encoded", _strays(shot, _lumas(shot, _decode(coded))), "by x264 and back"),
    ]
    return [*rows, _cost(shot)]


def _row(name: str, strays: Plane, of: str) -> Row:
    """The row of how far squares stray: (squares, 2) in pixels."""
    off = np.hypot(*strays.T)
    rms = float(np.sqrt((off**2).mean()))
    return Row(name, f"{rms:.4f} px RMS, {off.max():.4f} at most; {of}", f"<= {GOAL_PX} px", rms <= GOAL_PX)


def _filmed(folder: Path, size: tuple[int, int], fps: int, seconds: float) -> Shot:
    """A timeline of shots, directed as any short's, of one pattern."""
    pattern = Pattern.drawn(1)
    picture = round(size[0] * ROOM), round(size[1] * ROOM)
    grey = pattern.at(*(np.arange(side) + 0.5 for side in picture)).round().clip(0, 255).astype(np.uint8)
    cv2.imwrite(str(folder / "pattern.png"), cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
    spans = [Span(f"Shot {n}.", n * seconds, (n + 1) * seconds) for n in range(SHOTS)]
    pictures = [Picture("pattern.png", *picture, "bench")] * SHOTS
    whole_s = SHOTS * seconds
    line = timeline(
        spans, [], pictures, width=size[0], height=size[1], fps=fps, duration_s=whole_s, seed=2, cut=Cut.HARD
    )
    (folder / "timeline.json").write_bytes(msgspec.json.encode(line))
    return Shot(line, folder, pattern, picture)


def _source(shot: Shot) -> tuple[str, ...]:
    return frame_source(shot.folder / "timeline.json", shot.folder, 0, shot.line.frames).argv


def _encode(shot: Shot, raw: Path, coded: Path) -> None:
    line = shot.line
    frames = ("-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{line.width}x{line.height}")
    source = (*frames, "-framerate", str(line.fps), "-i", str(raw))
    quiet = (get_ffmpeg_exe(), "-y", "-nostdin", "-loglevel", "error")
    subprocess.run([*quiet, *source, *options(EncodeSettings(), line.fps), str(coded)], check=True)


def _decode(coded: Path) -> list[str]:
    return [get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-i", str(coded), "-f", "rawvideo", "pipe:1"]


def _lumas(shot: Shot, argv: list[str]) -> Iterator[Plane]:
    """The frames' luma, as a program writes frames to its standard output."""
    bytes_ = shot.line.width * shot.line.height * 3 // 2
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as program:
        for _ in range(shot.line.frames):
            frame = program.stdout.read(bytes_) if program.stdout else b""
            yield split(np.frombuffer(frame, np.uint8).reshape(-1, shot.line.width))[0]
        program.communicate()


def _strays(shot: Shot, lumas: Iterator[Plane]) -> Plane:
    """How far each square of each frame lies from where the ideal camera sees it: (squares, 2), in pixels."""
    hanning = cv2.createHanningWindow((SQUARE, SQUARE), cv2.CV_64F)
    right, low = shot.line.width - SQUARE, shot.line.height - SQUARE
    squares = [(right // 2, low // 2), *((x, y) for x in (8, right - 8) for y in (8, low - 8))]
    strays = []
    for number, luma in enumerate(lumas):
        if number % EVERY:
            continue
        for left, top in squares:
            seen = luma[top : top + SQUARE, left : left + SQUARE].astype(np.float64)
            away, _ = cv2.phaseCorrelate(shot.ideal(number, left, top), seen, hanning)
            strays.append(away)
    return np.array(strays)


def _cost(shot: Shot) -> Row:
    """What drawing a frame takes, of one core."""
    cv2.setNumThreads(1)
    film = Film(shot.line, shot.folder)
    frame = film.blank()
    before = time.process_time()
    for number in range(shot.line.frames):
        film.draw(number, frame)
    each_ms = (time.process_time() - before) / shot.line.frames * 1000
    return Row("drawing", f"{each_ms:.2f} ms of one core a frame, reading pictures included", "", met=True)


if __name__ == "__main__":
    sys.exit(main())

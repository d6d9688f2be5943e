"""Frames of a short before it is rendered: which ones, and the process that makes a picture for people of them."""

import math
from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Command
from shortsd.domain.timeline import Timeline
from shortsd.media.encode import picture_filters

ON_SHEET = 12
SHORT_SIDE = 270
"""Pixels of the shorter side of a frame on a contact sheet."""
GAP = 4
"""Pixels between the frames of a contact sheet."""
_TO_RGB = "in_color_matrix=bt709:in_range=tv:in_h_chr_pos=0:in_v_chr_pos=128:out_range=pc"
"""As `planes.to_rgb` does it: chroma lies where H.264 has it by default. FFmpeg 7.0 has no other words for that."""
_SRGB = "setparams=range=pc:colorspace=gbr:color_primaries=bt709:color_trc=iec61966-2-1"


@dataclass(frozen=True, slots=True)
class Shots:
    """Frames of a short: `first`, and each one `step` frames after the one before."""

    first: int
    step: int = 1
    count: int = 1

    @property
    def numbers(self) -> range:
        return range(self.first, self.first + self.step * self.count, self.step)


def frame_at(film: Timeline, at_s: float) -> Shots:
    """The frame that is on the screen at a time. Raises BadInput for a time at which there is none."""
    if not 0 <= at_s <= film.duration_s:  # nor is there at what is no number
        raise BadInput(
            f"There is no frame at {at_s:g} s: the short lasts {film.duration_s:.2f} s.",
            f"Give seconds from 0 to {math.floor(film.duration_s * 100) / 100:g}.",
        )
    return Shots(min(int(at_s * film.fps + 1e-6), film.frames - 1))


def throughout(film: Timeline) -> Shots:
    """ON_SHEET frames, equally far from each other, from near the beginning to near the end; of few frames all."""
    count = min(ON_SHEET, film.frames)
    step = film.frames // count
    return Shots((film.frames - step * (count - 1)) // 2, step, count)


def frame(ffmpeg: str, film: Timeline, shots: Shots, raw: Path, ass: Path, fonts: Path, out: Path) -> Command:
    """The process that makes a PNG of a raw I420 frame, with its caption. Its colours are sRGB."""
    return _picture(ffmpeg, film, shots, raw, ass, fonts, out, f"scale={_TO_RGB}:flags={_flags('bicubic')}")


def sheet(ffmpeg: str, film: Timeline, shots: Shots, raw: Path, ass: Path, fonts: Path, out: Path) -> Command:
    """The process that makes a contact sheet of raw I420 frames, each with its caption: a PNG in sRGB."""
    width, height = frame_size(film)
    columns, rows = grid(film, shots.count)
    scaled = f"scale={width}:{height}:{_TO_RGB}:flags={_flags('area')}"
    tiled = f"format=rgb24,tile={columns}x{rows}:padding={GAP}:color=black"
    return _picture(ffmpeg, film, shots, raw, ass, fonts, out, f"{scaled},{tiled}")


def frame_size(film: Timeline) -> tuple[int, int]:
    """Width and height of a frame on a contact sheet, in pixels."""
    scale = min(1.0, SHORT_SIDE / min(film.width, film.height))
    return max(1, round(film.width * scale)), max(1, round(film.height * scale))


def grid(film: Timeline, count: int) -> tuple[int, int]:
    """Columns and rows of a contact sheet: four columns of frames that are no wider than high, three of wide ones."""
    columns = min(count, 4 if film.width <= film.height else 3)
    return columns, math.ceil(count / columns)


def _picture(
    ffmpeg: str, film: Timeline, shots: Shots, raw: Path, ass: Path, fonts: Path, out: Path, shaped: str
) -> Command:
    burnt = picture_filters(shots.first, film.fps, ass, fonts, shots.step)
    return Command(
        "ffmpeg",
        (
            *(ffmpeg, "-hide_banner", "-nostdin", "-y", "-loglevel", "warning", "-nostats"),
            *("-f", "rawvideo", "-pixel_format", "yuv420p"),
            *("-video_size", f"{film.width}x{film.height}", "-framerate", str(film.fps), "-i", f"file:{raw}"),
            *("-vf", f"{burnt},{shaped},format=rgb24,{_SRGB}", "-frames:v", "1"),
            *("-c:v", "png", "-compression_level", "1", "-f", "image2", "-update", "1", f"file:{out}"),
        ),
    )


def _flags(kernel: str) -> str:
    return f"{kernel}+accurate_rnd+full_chroma_int+full_chroma_inp"

"""Command lines for the two processes of a render: the frame source, and FFmpeg that encodes what it draws."""

import re
import sys
from pathlib import Path

from shortsd.domain.ports import Command
from shortsd.domain.timeline import Timeline
from shortsd.media.encoders import EncodeSettings, options


def frame_source(timeline_file: Path, pictures: Path, first: int, frames: int) -> Command:
    """The process that writes frames [first, first + frames) of a timeline to its standard output, as raw I420."""
    return Command(
        "frames",
        (
            sys.executable,
            "-m",
            "shortsd.media.frames",
            f"--timeline={timeline_file}",
            f"--pictures={pictures}",
            f"--first={first}",
            f"--frames={frames}",
        ),
    )


def encode(
    ffmpeg: str,
    *,
    timeline: Timeline,
    sound: Path,
    out: Path,
    ass: Path | None = None,
    fonts: Path | None = None,
    settings: EncodeSettings | None = None,
) -> Command:
    """The process that reads raw I420 frames and writes them as an MP4 with captions and sound.

    H.264 High, yuv420p, BT.709 limited range, constant frame rate, closed groups of KEYFRAME_S. The sound is taken as
    it is: AAC (see shortsd.media.mastering), as long as the frames are. `ass` is burnt in with fonts from the folder
    `fonts`. Progress goes to standard output (see shortsd.media.progress).
    """
    return Command(
        "ffmpeg",
        (
            ffmpeg,
            *("-hide_banner", "-nostdin", "-y", "-loglevel", "warning"),
            *("-nostats", "-progress", "pipe:1", "-stats_period", "0.1"),
            *("-f", "rawvideo", "-pixel_format", "yuv420p"),
            *("-video_size", f"{timeline.width}x{timeline.height}", "-framerate", str(timeline.fps), "-i", "pipe:0"),
            *("-i", f"file:{sound}"),
            *("-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "-1"),
            *("-vf", _picture_filters(ass, fonts)),
            *options(settings or EncodeSettings(), timeline.fps),
            *("-fps_mode", "cfr"),
            *("-c:a", "copy"),
            *("-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4", f"file:{out}"),
        ),
    )


def _picture_filters(ass: Path | None, fonts: Path | None) -> str:
    """Tags come first: they tell libass's painter, and then the encoder, what the levels of a pixel mean."""
    filters = ["setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"]
    if ass:
        burn = f"ass=filename={_option(ass)}"
        filters.append(f"{burn}:fontsdir={_option(fonts)}" if fonts else burn)
    return ",".join(filters)


def _option(path: Path) -> str:
    """A path as the value of a filter's option in a filter graph.

    It is parsed twice, first as part of the graph and then as an option (ffmpeg-filters, "Notes on filtergraph
    escaping"), and both trim white space: each time, what means something there is escaped.
    """
    value = re.sub(r"[\\':\s]", _escaped, str(path))
    return re.sub(r"[\\'\[\],;\s]", _escaped, value)


def _escaped(found: re.Match[str]) -> str:
    return "\\" + found[0]

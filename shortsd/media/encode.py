"""Command lines for the two processes of a render: the frame source, and FFmpeg that encodes what it draws."""

import re
import sys
from pathlib import Path

from shortsd.domain.ports import Command
from shortsd.domain.timeline import Timeline
from shortsd.media.encoders import EncodeSettings, input_options, last_filters, options


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
    out: Path,
    first: int = 0,
    ass: Path | None = None,
    fonts: Path | None = None,
    settings: EncodeSettings | None = None,
) -> Command:
    """The process that reads raw I420 frames, from frame `first` of a timeline on, and writes them as an MP4.

    BT.709 limited range, constant frame rate, beginning with a keyframe at zero. `ass` is burnt in, as it is at the
    time of `first`, with fonts from the folder `fonts`. Progress goes to standard output (see shortsd.media.progress).
    """
    encoding = settings or EncodeSettings()
    filters = (picture_filters(first, timeline.fps, ass, fonts), *last_filters(encoding))
    return Command(
        "ffmpeg",
        (
            ffmpeg,
            *("-hide_banner", "-nostdin", "-y", "-loglevel", "warning"),
            *("-nostats", "-progress", "pipe:1", "-stats_period", "0.1"),
            *input_options(encoding),
            *("-f", "rawvideo", "-pixel_format", "yuv420p"),
            *("-video_size", f"{timeline.width}x{timeline.height}", "-framerate", str(timeline.fps), "-i", "pipe:0"),
            *("-map", "0:v:0", "-map_metadata", "-1"),
            *("-vf", ",".join(filters)),
            *options(encoding, timeline.fps),
            *("-fps_mode", "cfr"),
            *("-fflags", "+bitexact", "-f", "mp4", f"file:{out}"),
        ),
    )


def join(ffmpeg: str, fps: int, listed: Path, sound: Path, out: Path) -> Command:
    """The process that joins segments and a sound to an MP4 whose index comes first; nothing is encoded again.

    `listed` is a file with a line `file NAME` for each segment, which lies beside it, all encoded with the same
    settings. The sound is AAC, as long as all of them together (see shortsd.media.mastering). Where a segment begins,
    the concat demuxer knows by the microsecond only: frames are put back on the grid of their rate.
    """
    grid = f"round({{0}}*TB*{fps})/(TB*{fps})"
    exact = f"setts=pts={grid.format('PTS')}:dts={grid.format('DTS')}:duration=1/(TB*{fps})"
    return Command(
        "join",
        (
            *(ffmpeg, "-hide_banner", "-nostdin", "-y", "-loglevel", "warning", "-nostats"),
            *("-f", "concat", "-safe", "1", "-i", f"file:{listed}", "-i", f"file:{sound}"),
            *("-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "-1", "-c", "copy", "-bsf:v", exact),
            *("-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4", f"file:{out}"),
        ),
    )


def picture_filters(first: int, fps: int, ass: Path | None, fonts: Path | None, step: int = 1) -> str:
    """Tags come first: they tell libass's painter, and then the encoder, what the levels of a pixel mean.

    libass is told the time in the whole short, in which each frame comes `step` frames after the one before; the
    encoder is told the time in what it encodes.
    """
    filters = ["setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"]
    if ass:
        burn = f"ass=filename={_option(ass)}"
        burn = f"{burn}:fontsdir={_option(fonts)}" if fonts else burn
        shift = f"setpts=PTS{f'*{step}' if step > 1 else ''}+round({first}/({fps}*TB))"
        filters += [shift, burn, "setpts=PTS-STARTPTS"] if first or step > 1 else [burn]
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

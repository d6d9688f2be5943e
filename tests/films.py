"""What tests of finished files share: a file that passes every check, made by FFmpeg, and what is found of others."""

from pathlib import Path

from listening import FFMPEG, PlainChildren, ffmpeg
from support import TestDesk

from shortsd.media import inspect
from shortsd.media.judging import Expected, Facts

GOOD = Expected(128, 228, 30, 4.0)
PICTURE = ("-f", "lavfi", "-i", "testsrc=s=128x228:r=30:d=4")
SINE = "sine=f=997:r=48000:d=4,volume=7.1dB,aformat=channel_layouts=stereo"
SOUND = ("-f", "lavfi", "-i", SINE)
TAGS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
TAGGED = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high", "-x264-params", "8x8dct=1")
CODED = (*X264, "-pix_fmt", "yuv420p", "-g", "60")
H264 = ("-vf", TAGGED, *CODED, *TAGS)
AAC = ("-c:a", "aac", "-b:a", "192k")
FAST = ("-movflags", "+faststart")


def film(folder: Path, *argv: str) -> Path:
    """A file that FFmpeg makes."""
    file = folder / "-a 'short'.mp4"
    ffmpeg(*argv, f"file:{file}")
    return file


def good(folder: Path, *, filters: str = "", sound: str = SINE) -> Path:
    """A file as the renderer makes it, but for filters over its picture and another sound."""
    seen = ("-vf", f"{filters},{TAGGED}" if filters else TAGGED, *CODED, *TAGS)
    return film(folder, *PICTURE, "-f", "lavfi", "-i", sound, *seen, *AAC, *FAST)


def again(folder: Path, file: Path, *argv: str) -> Path:
    """A file with the same packets, put together anew; `argv` stands before the output."""
    out = folder / "again.mp4"
    ffmpeg("-i", f"file:{file}", "-c", "copy", *argv, *FAST, out)
    return out


async def facts(file: Path) -> Facts:
    return await inspect.inspect(PlainChildren(), FFMPEG, file, TestDesk())


async def failed(file: Path, expected: Expected = GOOD) -> set[str]:
    """The names of the checks that a file must pass and does not; of what it only should, `test_judging` tells."""
    return {check.name for check in inspect.checks(await facts(file), expected) if not check.ok}

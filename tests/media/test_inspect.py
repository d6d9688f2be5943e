import asyncio
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import pytest
from support import TestDesk

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Command, Desk, Output
from shortsd.media import inspect, probing
from shortsd.media.inspect import Expected, Facts

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
GOOD = Expected(128, 228, 30, 4.0)
PICTURE = ("-f", "lavfi", "-i", "testsrc=s=128x228:r=30:d=4")
SOUND = ("-f", "lavfi", "-i", "sine=f=997:r=48000:d=4,volume=7.1dB,aformat=channel_layouts=stereo")
TAGS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
VIDEO = ("-vf", "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv", "-c:v", "libx264")
H264 = (*VIDEO, "-preset", "ultrafast", "-profile:v", "high", "-x264-params", "8x8dct=1", "-pix_fmt", "yuv420p", *TAGS)
AAC = ("-c:a", "aac", "-b:a", "192k")
FAST = ("-movflags", "+faststart")


@dataclass
class Runner:
    """Runs commands as the daemon's children do, without groups and limits."""

    async def run(self, command: Command, desk: Desk, on_line: Callable[[str], None] | None = None) -> Output:
        desk.log.info(command.name)
        child = await asyncio.create_subprocess_exec(
            *command.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = (stream.decode() for stream in await child.communicate())
        assert child.returncode == 0, err
        for line in out.splitlines() if on_line else ():
            on_line(line)
        return Output(out, err)

    async def pipe(
        self, source: Command, sink: Command, desk: Desk, on_line: Callable[[str], None] | None = None
    ) -> Output:
        raise NotImplementedError


def film(folder: Path, *argv: str) -> Path:
    """A file that FFmpeg makes."""
    file = folder / "-a 'short'.mp4"
    subprocess.run([FFMPEG, "-v", "error", "-y", *argv, f"file:{file}"], check=True)
    return file


async def facts(file: Path) -> Facts:
    return await inspect.inspect(Runner(), FFMPEG, file, TestDesk())


async def failed(file: Path, expected: Expected = GOOD) -> set[str]:
    """The names of the checks that a file does not pass."""
    return {check.name for check in inspect.checks(await facts(file), expected) if not check.ok}


async def test_a_good_short_passes_every_check(tmp_path: Path) -> None:
    """A file made as the renderer makes it is found to be what it should be."""
    found = await facts(film(tmp_path, *PICTURE, *SOUND, *H264, *AAC, *FAST))
    assert [check for check in inspect.checks(found, GOOD) if not check.ok] == []
    assert found.streams.video is not None
    assert (found.streams.video.frames, found.streams.video.fps, found.streams.video.end_s) == (120, 30.0, 4.0)
    assert found.senses.black == found.senses.silent == ()


async def test_other_expectations_fail_by_name(tmp_path: Path) -> None:
    """Size, rate, duration and loudness are each held against what was asked for."""
    good = film(tmp_path, *PICTURE, *SOUND, *H264, *AAC, *FAST)
    other = Expected(1080, 1920, 60, 5.0, loudness_lufs=-20.0, true_peak_dbtp=-30.0)
    assert await failed(good, other) == {"size", "frame rate", "duration", "loudness", "true peak"}


async def test_a_short_without_sound_is_refused(tmp_path: Path) -> None:
    """Every check that needs sound fails, and none of them by accident."""
    silent = film(tmp_path, *PICTURE, *H264, *FAST)
    assert await failed(silent) >= {"streams", "audio codec", "common end", "loudness", "true peak"}


async def test_black_and_silence_are_refused(tmp_path: Path) -> None:
    """A black picture with digital silence is technically fine, and no short."""
    dark = ("-f", "lavfi", "-i", "color=black:s=128x228:r=30:d=4", "-f", "lavfi", "-i", "anullsrc=r=48000:d=4")
    file = film(tmp_path, *dark, *H264, *AAC, *FAST)
    assert await failed(file) == {"black", "silence", "loudness", "true peak"}
    found = await facts(file)
    assert found.senses.black == ((0.0, 4.0),)


async def test_a_short_black_stretch_passes(tmp_path: Path) -> None:
    """One second of darkness is told, and allowed."""
    dark = (*H264[:1], H264[1] + ",drawbox=c=black:t=fill:enable='between(t,1,1.99)'", *H264[2:])
    file = film(tmp_path, *PICTURE, *SOUND, *dark, *AAC, *FAST)
    assert await failed(file) == set()
    assert (await facts(file)).senses.black == ((1.0, 2.0),)


async def test_uneven_frames_are_refused(tmp_path: Path) -> None:
    """A file whose frames do not follow each other evenly has no frame rate."""
    uneven = (*H264[:1], H264[1] + ",select='not(eq(n,50))'", *H264[2:], "-fps_mode", "vfr")
    assert await failed(film(tmp_path, *PICTURE, *SOUND, *uneven, *AAC, *FAST)) == {"frame rate"}


async def test_untagged_colours_and_a_late_index_are_refused(tmp_path: Path) -> None:
    """Players must not guess colours, nor load the whole file before they begin."""
    bare = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-profile:v", "high")
    file = film(tmp_path, *PICTURE, *SOUND, *bare, "-x264-params", "8x8dct=1", *AAC)
    assert await failed(file) == {"colour", "fast start"}


async def test_sound_that_ends_early_is_refused(tmp_path: Path) -> None:
    """Picture and sound end together, to a frame."""
    early = (*SOUND[:3], SOUND[3].replace("d=4", "d=3.9"))
    assert await failed(film(tmp_path, *PICTURE, *early, *H264, *AAC, *FAST)) == {"common end"}


@pytest.mark.parametrize(
    ("duration_s", "lufs", "ok"),
    [(60, -14.5, True), (60, -14.6, False), (1, -15.9, True), (1, -16.1, False), (0.3, None, True), (60, None, False)],
)
def test_loudness_of_little_sound_is_judged_mildly(duration_s: float, lufs: float | None, ok: bool) -> None:
    """Below three seconds the tolerance is wider, below one block there is nothing to judge."""
    assert inspect._loudness(lufs, duration_s, GOOD).ok is ok


def test_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    """A file that cannot be read is named."""
    with pytest.raises(BadInput, match="gone"):
        probing.faststart(tmp_path / "gone.mp4")


def test_what_is_no_mp4_has_no_fast_start(tmp_path: Path) -> None:
    """Bytes that are no boxes end the search."""
    (tmp_path / "x").write_bytes(bytes(64))
    assert not probing.faststart(tmp_path / "x")

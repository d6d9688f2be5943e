import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from processes.children_support import MemoryRegistry

from shortsd.config.load import ENCODERS
from shortsd.domain.errors import Unavailable
from shortsd.domain.timeline import Scene, Timeline, View
from shortsd.media.encode import encode
from shortsd.media.encoder_probe import AUTO, Encoders, probe
from shortsd.media.encoders import FAMILIES, PEAK_BPS, PREFERRED, EncodeSettings, expected_codec, options
from shortsd.processes.children import ChildProcesses

FFMPEG = get_ffmpeg_exe()
WIDTH, HEIGHT, FPS = 270, 480, 30
NOWHERE = EncodeSettings("videotoolbox")
"""An encoder that no FFmpeg for Linux has."""


@pytest.fixture
async def children() -> AsyncIterator[ChildProcesses]:
    """Real children."""
    made = ChildProcesses(MemoryRegistry(), "test_encoders")
    yield made
    await made.end_all()


def stand_in(folder: Path, *works: str, otherwise: str = "exit 1") -> str:
    """An FFmpeg whose encoders are those of some FFmpeg names; it notes in the file `tried` what it was asked for."""
    program = folder / "ffmpeg"
    cases = "".join(f"*' {name} '*) exit 0;; " for name in works)
    program.write_text(
        f'#!/bin/sh\necho "$*" >> {folder}/tried\ncase " $* " in {cases}esac\n'
        f"echo '[enc @ 0x55f9] [h264 @ 0x12ab] No card is here.' >&2\necho 'Conversion failed!' >&2\n{otherwise}\n"
    )
    program.chmod(0o755)
    return str(program)


def tried(folder: Path) -> list[str]:
    """The encoders that a stand-in was asked for."""
    return re.findall(r"-c:v (\S+)", (folder / "tried").read_text())


def encoded(out: Path, frames: bytes, settings: EncodeSettings) -> Path:
    """Raw frames as an MP4."""
    raw = ("-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", str(FPS))
    argv = [FFMPEG, "-y", "-loglevel", "error", *raw, "-i", "pipe:0", *options(settings, FPS), str(out)]
    subprocess.run(argv, input=frames, capture_output=True, check=True)
    return out


def flat(frames: int) -> bytes:
    return bytes([90]) * (WIDTH * HEIGHT * 3 // 2 * frames)


def noise(frames: int) -> bytes:
    return np.random.default_rng(1).bytes(WIDTH * HEIGHT * 3 // 2 * frames)


def follows(argv: Sequence[str], option: str) -> str:
    """The value of an option."""
    return argv[argv.index(option) + 1]


def header(file: Path) -> bytes:
    """The box with a stream's parameter sets (ISO/IEC 14496-15)."""
    data = file.read_bytes()
    start = data.index(b"avcC") - 4
    return data[start : start + int.from_bytes(data[start : start + 4], "big")]


def test_every_encoder_that_can_be_named_is_known() -> None:
    """The configuration takes the names of this table and `auto`, and no others."""
    assert set(ENCODERS) == {AUTO, *FAMILIES}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_encoder_makes_closed_groups_and_is_told_the_highest_bit_rate(name: str) -> None:
    """Whatever encodes, a keyframe comes every two seconds, and what a stretch may take is limited."""
    argv = options(EncodeSettings(name), 60)
    assert follows(argv, "-c:v") == FAMILIES[name].codec
    assert follows(argv, "-g") == "120"
    assert follows(argv, "-flags:v") == "+cgop"
    assert follows(argv, "-maxrate") == str(PEAK_BPS)


@pytest.mark.parametrize(
    ("name", "option", "best", "usual", "worst"),
    [
        ("x264", "-crf", "0", "20", "51"),
        ("nvenc", "-cq", "1", "20", "51"),
        ("qsv", "-global_quality", "1", "20", "51"),
        ("vaapi", "-global_quality", "1", "20", "51"),
        ("videotoolbox", "-q:v", "100", "65", "1"),
        ("svtav1", "-crf", "10", "30", "61"),
    ],
)
def test_quality_is_told_on_the_scale_of_each_encoder(
    name: str, option: str, best: str, usual: str, worst: str
) -> None:
    """All that video.crf may be comes out within what the encoder takes."""
    told = [follows(options(EncodeSettings(name, crf=crf), FPS), option) for crf in (0, 20, 51)]
    assert told == [best, usual, worst]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_probe_encodes_with_the_options_of_a_render(name: str, tmp_path: Path) -> None:
    """What works in the one works in the other: device, last filters and all that the encoder is told are the same."""
    view = View(0.5, 0.5, 1.0)
    film = Timeline(WIDTH, HEIGHT, FPS, 30, (Scene("0.png", 0, 30, view, view),), ())
    settings = EncodeSettings(name)
    render = encode("ffmpeg", timeline=film, out=tmp_path / "out.mp4", settings=settings).argv
    tiny = probe("ffmpeg", settings).argv
    ours = options(settings, FPS)
    assert [" ".join(ours) in " ".join(argv) for argv in (render, tiny)] == [True, True]
    for argv in (render, tiny):
        assert argv[: argv.index("-f")].count("-vaapi_device") == (name == "vaapi")
        assert follows(argv, "-vf").endswith("format=nv12,hwupload") == (name == "vaapi")


@pytest.mark.parametrize("name", ["x264", "svtav1"])
async def test_encoders_of_this_ffmpeg_work(name: str, children: ChildProcesses) -> None:
    """What is no hardware passes its probe."""
    assert await Encoders(children, FFMPEG).trouble(EncodeSettings(name)) == ""


@pytest.mark.parametrize("name", ["x264", "svtav1"])
def test_a_stream_is_what_is_expected_of_its_encoder(name: str, tmp_path: Path) -> None:
    """Codec, profile and pixel format, as FFmpeg tells them of the finished file."""
    file = encoded(tmp_path / "out.mp4", flat(3), EncodeSettings(name))
    shown = subprocess.run([FFMPEG, "-i", str(file)], check=False, capture_output=True, text=True).stderr
    codec, profile, pixels = re.findall(r"Video: (\w+) (?:\(lib\w+\) )?\((\w+)\).*?, (\w+)\(", shown)[0]
    assert f"{codec} {profile}, {pixels}" == expected_codec(EncodeSettings(name))


async def test_an_encoder_that_does_not_work_gives_way_to_x264(children: ChildProcesses) -> None:
    """The settings are the same but for the encoder; the warning has the reason in FFmpeg's words."""
    choice = await Encoders(children, FFMPEG).choose(NOWHERE)

    assert choice.settings == replace(NOWHERE, encoder="x264")
    assert choice.warning == (
        "The encoder videotoolbox does not work here, x264 is used instead: Unknown encoder 'h264_videotoolbox'."
    )


async def test_what_is_said_first_is_the_reason(children: ChildProcesses, tmp_path: Path) -> None:
    """Of all that FFmpeg complains of, the first line, without the addresses before it."""
    encoders = Encoders(children, stand_in(tmp_path))
    assert await encoders.trouble(EncodeSettings("nvenc")) == "No card is here."


async def test_auto_takes_the_first_that_works(children: ChildProcesses, tmp_path: Path) -> None:
    """Hardware is tried in its order and no further than needed; that some of it is not there warns nobody."""
    choice = await Encoders(children, stand_in(tmp_path, "h264_qsv", "h264_vaapi")).choose(EncodeSettings(AUTO))

    assert choice.settings.encoder == "qsv"
    assert tried(tmp_path) == ["h264_nvenc", "h264_qsv"]
    assert choice.warning == ""
    assert choice.detail == "qsv (nvenc does not work: No card is here.)"


async def test_auto_takes_x264_where_there_is_no_hardware(children: ChildProcesses, tmp_path: Path) -> None:
    """All of it was tried, and nothing is wrong."""
    choice = await Encoders(children, stand_in(tmp_path)).choose(EncodeSettings(AUTO))
    assert (choice.settings, choice.warning) == (EncodeSettings(), "")
    assert tuple(choice.refused) == PREFERRED


async def test_x264_is_taken_at_its_word(children: ChildProcesses, tmp_path: Path) -> None:
    """Where the default is asked for, nothing is tried: there is nothing else to take."""
    choice = await Encoders(children, stand_in(tmp_path)).choose(EncodeSettings())
    assert choice.settings == EncodeSettings()
    assert not (tmp_path / "tried").exists()


async def test_an_encoder_is_tried_once_until_it_is_to_be_forgotten(children: ChildProcesses, tmp_path: Path) -> None:
    """Jobs that ask at the same time wait for one probe; what was found is forgotten on demand."""
    encoders = Encoders(children, stand_in(tmp_path))
    await asyncio.gather(*(encoders.choose(EncodeSettings("nvenc")) for _ in range(3)))
    assert tried(tmp_path) == ["h264_nvenc"]
    encoders.forget()
    await encoders.choose(EncodeSettings("nvenc"))
    assert tried(tmp_path) == ["h264_nvenc"] * 2


async def test_an_encoder_that_hangs_does_not_work(children: ChildProcesses, tmp_path: Path) -> None:
    """A driver that never answers costs its time, and its process is ended."""
    encoders = Encoders(children, stand_in(tmp_path, otherwise="sleep 60"), limit_s=0.5)
    assert await encoders.trouble(EncodeSettings("nvenc")) == "it did not encode 8 frames in 0.5 s"
    assert children.running() == []


async def test_a_daemon_that_ends_says_nothing_about_an_encoder(children: ChildProcesses, tmp_path: Path) -> None:
    """A probe that could not be made is no finding: it raises, and is made the next time."""
    encoders = Encoders(children, stand_in(tmp_path))
    await children.end_all()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await encoders.choose(EncodeSettings("nvenc"))


async def test_a_fallback_is_logged(children: ChildProcesses, caplog: pytest.LogCaptureFixture) -> None:
    """The daemon's log warns of it once, not for each job; x264 where x264 was asked for is not worth a line."""
    caplog.set_level("INFO", "shortsd.encoders")
    encoders = Encoders(children, FFMPEG)
    for settings in (EncodeSettings(), NOWHERE, NOWHERE):
        await encoders.choose(settings)
    assert [(record.levelname, "Unknown encoder" in record.message) for record in caplog.records] == [("WARNING", True)]


def test_headers_are_the_same_whatever_is_encoded(tmp_path: Path) -> None:
    """Runs of frames can be joined without being touched: their parameter sets are the same, byte for byte."""
    runs = [flat(1), flat(70), noise(3)]
    files = [encoded(tmp_path / f"{index}.mp4", frames, EncodeSettings()) for index, frames in enumerate(runs)]
    assert len({header(file) for file in files}) == 1


def test_a_file_stays_below_twelve_megabits_a_second(tmp_path: Path) -> None:
    """Four seconds of noise, which takes more than twice as much if it is let."""
    file = encoded(tmp_path / "noise.mp4", noise(4 * FPS), EncodeSettings(crf=10))
    assert file.stat().st_size * 8 / 4 < 12_000_000

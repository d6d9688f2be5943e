"""Encoders of the picture: what each is called, and what FFmpeg is told for it. docs/encoders.md has the figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

KEYFRAME_S = 2
"""Seconds from one keyframe to the next: what upload services ask for, and what seeking feels good with."""
PEAK_BPS, BUFFER_BITS = 10_000_000, 3_000_000
"""The rate that a player's buffer is filled with, and its size: two seconds take 11.5 Mbit/s at most, longer stretches
less, so that a file stays below 12 with its sound."""
USUAL_BPS = 6_000_000
"""What an encoder is told that must have a goal beside its quality."""
VAAPI_DEVICE = "/dev/dri/renderD128"
"""The first graphics card, as Linux numbers them."""
LOOKAHEAD = 10
"""Frames that x264 looks ahead, whatever its preset: each takes memory, and so few halve the size already."""
AV1_PRESET = 9
"""Of 13: the fastest for which SVT-AV1 does not warn of artifacts."""


@dataclass(frozen=True, slots=True)
class EncodeSettings:
    """How the picture is encoded: by which encoder, how hard it works, and how good the result is to look at."""

    encoder: str = "x264"
    """A key of FAMILIES."""
    preset: str = "superfast"
    """x264's, and its alone."""
    crf: int = 20
    """Of x264; other encoders are told what looks alike on their own scales."""
    threads: int = 3
    """Of x264: on two cores a render is a few per cent quicker than with two; each takes 20 to 30 MB."""


@dataclass(frozen=True, slots=True)
class Family:
    """What is peculiar to an encoder."""

    codec: str
    """FFmpeg's name for it."""
    arguments: Callable[[EncodeSettings], tuple[str, ...]]
    """What it is told of quality and speed."""
    pixels: str | None = "yuv420p"
    """The format that it is handed; None if the filters before it see to that."""
    input_options: tuple[str, ...] = ()
    last_filters: tuple[str, ...] = ()
    makes: str = "h264 High, yuv420p"
    """What FFmpeg says that the stream is."""
    needs: str = ""
    """What has to be there for it to work."""


def _x264(settings: EncodeSettings) -> tuple[str, ...]:
    """No B-frames: they cost time and memory, and without them the times in a joined file are plain.

    `stitchable` keeps what the frames are like out of the headers: those of all runs of frames are the same.
    """
    return (
        *("-preset", settings.preset, "-crf", str(settings.crf), "-profile:v", "high", *_capped()),
        *("-rc-lookahead", str(LOOKAHEAD), "-mbtree", "1", "-bf", "0"),
        *("-threads", str(settings.threads), "-x264-params", "stitchable=1"),
    )


def _nvenc(settings: EncodeSettings) -> tuple[str, ...]:
    """Its cq is a quantizer like x264's crf, except that 0 means that it chooses."""
    quality = ("-rc", "vbr", "-cq", str(max(1, settings.crf)), "-b:v", "0", *_capped())
    return ("-preset", "p5", "-tune", "hq", *quality, "-spatial-aq", "1", "-profile:v", "high")


def _qsv(settings: EncodeSettings) -> tuple[str, ...]:
    """A quality, a bit rate and a highest bit rate together mean QVBR."""
    quality = ("-global_quality", str(max(1, settings.crf)), "-b:v", str(USUAL_BPS), *_capped())
    return ("-preset", "medium", *quality, "-profile:v", "high")


def _vaapi(settings: EncodeSettings) -> tuple[str, ...]:
    """QVBR where the driver has it; else ICQ or a constant quantizer, of which neither heeds the bit rate."""
    quality = ("-global_quality", str(max(1, settings.crf)), "-b:v", str(USUAL_BPS), *_capped())
    return (*quality, "-profile:v", "high")


def _videotoolbox(settings: EncodeSettings) -> tuple[str, ...]:
    """Its quality runs from 1, the worst, to 100: 65 at crf 20, and three for each step."""
    quality = min(100, max(1, 65 - 3 * (settings.crf - 20)))
    return ("-q:v", str(quality), "-maxrate", str(PEAK_BPS), "-profile:v", "high")


def _svtav1(settings: EncodeSettings) -> tuple[str, ...]:
    """Its crf runs to 63, and looks like x264's ten steps further down. What it looks ahead takes a lot of memory."""
    quality = ("-preset", str(AV1_PRESET), "-crf", str(min(63, settings.crf + 10)), *_capped())
    return (*quality, "-svtav1-params", "lp=2:lookahead=0")


def _capped() -> tuple[str, ...]:
    return ("-maxrate", str(PEAK_BPS), "-bufsize", str(BUFFER_BITS))


FAMILIES: Mapping[str, Family] = {
    "nvenc": Family(
        "h264_nvenc", _nvenc, needs="an NVIDIA card and its driver, with the libraries libcuda and libnvidia-encode"
    ),
    "qsv": Family(
        "h264_qsv",
        _qsv,
        pixels="nv12",
        needs="an Intel graphics unit and its driver (intel-media-va-driver, libmfx-gen1.2)",
    ),
    "vaapi": Family(
        "h264_vaapi",
        _vaapi,
        pixels=None,
        input_options=("-vaapi_device", VAAPI_DEVICE),
        last_filters=("format=nv12", "hwupload"),
        needs=f"libva with a driver, and the right to use {VAAPI_DEVICE} (group render)",
    ),
    "videotoolbox": Family("h264_videotoolbox", _videotoolbox, needs="a Mac, and an FFmpeg built for it"),
    "x264": Family("libx264", _x264, needs="an FFmpeg with libx264"),
    "svtav1": Family("libsvtav1", _svtav1, makes="av1 Main, yuv420p", needs="an FFmpeg with libsvtav1"),
}
"""All encoders by the names that users choose them by; those before x264 are hardware, the likely fastest first."""

FALLBACK = "x264"
PREFERRED = tuple(FAMILIES)[: tuple(FAMILIES).index(FALLBACK)]
"""What `auto` tries before x264. AV1 is not among them: not every player has it."""


def options(settings: EncodeSettings, fps: int) -> tuple[str, ...]:
    """FFmpeg's options for a video stream: closed groups of KEYFRAME_S, no stretch above PEAK_BPS."""
    family = FAMILIES[settings.encoder]
    pixels = ("-pix_fmt", family.pixels) if family.pixels else ()
    arguments = family.arguments(settings)
    return ("-c:v", family.codec, *arguments, *pixels, "-g", str(KEYFRAME_S * fps), "-flags:v", "+cgop")


def input_options(settings: EncodeSettings) -> tuple[str, ...]:
    """What FFmpeg is told before its inputs."""
    return FAMILIES[settings.encoder].input_options


def last_filters(settings: EncodeSettings) -> tuple[str, ...]:
    """The filters that bring a finished frame to the encoder."""
    return FAMILIES[settings.encoder].last_filters


def expected_codec(settings: EncodeSettings) -> str:
    """Codec, profile and pixel format of the stream that is made."""
    return FAMILIES[settings.encoder].makes

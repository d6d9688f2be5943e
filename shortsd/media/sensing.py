"""How a file looks and sounds, told by FFmpeg: the command that decodes it once, and the parser of what it says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.ports import Command
from shortsd.media.probing import tags

BLACK_S = 0.1
"""Darkness shorter than this is not reported: it may be a cut through black."""
BLACK_SHARE = 0.95
"""Share of dark pixels that makes a frame black. Captions over nothing leave 97 %; night scenes have 73 % at most."""
SILENCE_DB = -60
SILENCE_S = 0.3
FROZEN_DB = -70
"""Mean difference of two frames below which nothing moves; docs/checks.md has what shorts were measured."""
FROZEN_S = 0.3
NOTHING_LUFS = -70.0
"""The absolute gate of ITU-R BS.1770: what FFmpeg says when no block is above it, or none is complete."""

_PICTURE = (
    "scale=iw/4:ih/4:flags=area",  # it evens out the encoder's own noise, and what follows has less to look at
    f"blackdetect=d={BLACK_S}:pic_th={BLACK_SHARE}:pix_th=0.10",
    f"freezedetect=n={FROZEN_DB}dB:d={FROZEN_S}",
)
_SOUND = (
    f"silencedetect=n={SILENCE_DB}dB:d={SILENCE_S}",
    "ebur128=peak=true:framelog=quiet",
    "aformat=sample_fmts=s16",  # as players hand it on: AAC is not bound to full scale, what is heard is
    "astats=measure_perchannel=none:measure_overall=Peak_level+Flat_factor+Peak_count",
)
_PICTURES = re.compile(r"Video: wrapped_avframe, \w+\(([^)]*)\)")
_BLACK = re.compile(r"black_start:([\d.]+) black_end:([\d.]+)")
_FROZEN_START = re.compile(r"freeze_start: ([\d.e+-]+)")
_FROZEN_END = re.compile(r"freeze_end: ([\d.e+-]+)")
_SILENCE_START = re.compile(r"silence_start: (-?[\d.e+-]+)")
_SILENCE_END = re.compile(r"silence_end: ([\d.e+-]+)")
_LOUDNESS = re.compile(r"Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS")
_PEAK = re.compile(r"True peak:\s+Peak:\s+(-?[\d.]+) dBFS")
_LEVEL = re.compile(r"Peak level dB: (-?[\d.]+)")
_FLAT = re.compile(r"Flat factor: ([\d.]+)")
_ERROR = re.compile(r"\[(?:error|fatal)\] (.*)")

Stretch = tuple[float, float]
"""From and to, in seconds."""


@dataclass(frozen=True, slots=True)
class Senses:
    """How a file looks and sounds."""

    colour: tuple[str, ...]
    """As `Video.colour`, of the pictures themselves: their headers may say other than the file's index."""
    black: tuple[Stretch, ...]
    frozen: tuple[Stretch, ...]
    """A new key frame ends one, since it draws the same picture with other noise."""
    silent: tuple[Stretch, ...]
    loudness_lufs: float | None
    """Integrated, EBU R 128; None for silence and for less than one block of 0.4 s."""
    true_peak_dbtp: float | None
    """None for digital silence."""
    peak_dbfs: float | None
    """The highest sample in 16 bits; None for digital silence."""
    flat_samples: float
    """How many samples on end stay at the highest or lowest value, the longer runs weighing more."""
    errors: tuple[str, ...]
    """What the decoders complained of."""


def listen(ffmpeg: str, file: Path) -> Command:
    """A command that decodes a file once, to look and to listen: its standard error is for `senses`."""
    argv = (ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info", "-i", f"file:{file}")
    streams = ("-map", "0:v?", "-map", "0:a?")
    filters = ("-vf", ",".join(_PICTURE), "-af", ",".join(_SOUND))
    return Command("ffmpeg listen", (*argv, *streams, *filters, "-f", "null", "-"), answers=True)


def senses(stderr: str, end_s: float) -> Senses:
    """What `listen` said of a file whose picture ends at `end_s`."""
    pictures = _PICTURES.search(stderr)
    lufs, flat = _figure(_LOUDNESS, stderr), _figure(_FLAT, stderr)
    return Senses(
        colour=tags(pictures[1])[0] if pictures else (),
        black=_black(stderr, end_s),
        frozen=_stretches(_FROZEN_START.findall(stderr), _FROZEN_END.findall(stderr), end_s),
        silent=_stretches(_SILENCE_START.findall(stderr), _SILENCE_END.findall(stderr), end_s),
        loudness_lufs=lufs if lufs is not None and lufs > NOTHING_LUFS else None,
        true_peak_dbtp=_figure(_PEAK, stderr),
        peak_dbfs=_figure(_LEVEL, stderr),
        flat_samples=10 ** ((flat or 0.0) / 20),
        errors=tuple(_ERROR.findall(stderr)),
    )


def _black(stderr: str, end_s: float) -> tuple[Stretch, ...]:
    black = [(float(start), float(end)) for start, end in _BLACK.findall(stderr)]
    if black and end_s - black[-1][1] < BLACK_S:  # blackdetect ends with the last frame's beginning
        black[-1] = (black[-1][0], end_s)
    return tuple(black)


def _stretches(starts: Iterable[str], ends: Iterable[str], end_s: float) -> tuple[Stretch, ...]:
    """Stretches of which the last may not have ended."""
    begun, ended = [max(0.0, float(start)) for start in starts], [float(end) for end in ends]
    return tuple(zip(begun, [*ended, *[end_s] * (len(begun) - len(ended))], strict=True))


def _figure(pattern: re.Pattern[str], stderr: str) -> float | None:
    found = pattern.search(stderr)
    return float(found[1]) if found else None

"""What a file is, told by FFmpeg: the commands that ask, and the parsers of what they say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Command

BLACK_S = 0.1
"""Darkness shorter than this is not reported: it may be a cut through black."""
SILENCE_DB = -60
SILENCE_S = 0.3
NOTHING_LUFS = -70.0
"""The absolute gate of ITU-R BS.1770: what FFmpeg says when no block is above it, or none is complete."""

_HEADER = re.compile(r"#(\w+) (\d+): +(.*)")
_VIDEO_LINE = re.compile(r"Stream #0:\d+.*?: Video: \w+(?: \(([^)]+)\))?.*?, (\w+)(?:\(([^)]*)\))?, \d+x\d+")
_BLACK = re.compile(r"black_start:([\d.]+) black_end:([\d.]+)")
_SILENCE_START = re.compile(r"silence_start: (-?[\d.e+-]+)")
_SILENCE_END = re.compile(r"silence_end: ([\d.e+-]+)")
_LOUDNESS = re.compile(r"Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS")
_PEAK = re.compile(r"True peak:\s+Peak:\s+(-?[\d.]+) dBFS")

Stretch = tuple[float, float]
"""From and to, in seconds."""


@dataclass(frozen=True, slots=True)
class Video:
    """The first video stream."""

    codec: str
    profile: str
    pixels: str
    """FFmpeg's name of the pixel format."""
    colour: tuple[str, ...]
    """Range (tv, pc) and colour space as FFmpeg puts them; ("tv", "bt709") if matrix, primaries, transfer agree."""
    width: int
    height: int
    fps: float | None
    """None if the frames do not follow each other evenly."""
    frames: int
    end_s: float


@dataclass(frozen=True, slots=True)
class Audio:
    """The first audio stream."""

    codec: str
    rate: int
    layout: str
    end_s: float


@dataclass(frozen=True, slots=True)
class Streams:
    """What is in a file."""

    kinds: tuple[str, ...]
    """Of all streams: "video", "audio" …"""
    video: Video | None
    audio: Audio | None


@dataclass(frozen=True, slots=True)
class Senses:
    """How a file looks and sounds."""

    black: tuple[Stretch, ...]
    silent: tuple[Stretch, ...]
    loudness_lufs: float | None
    """Integrated, EBU R 128; None for silence and for less than one block of 0.4 s."""
    true_peak_dbtp: float | None
    """None for digital silence."""


def probe(ffmpeg: str, file: Path) -> Command:
    """A command that reads every packet and decodes none: its lines are for a `StreamReader`."""
    argv = (ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-i", f"file:{file}", "-map", "0", "-c", "copy")
    return Command("ffmpeg probe", (*argv, "-f", "framecrc", "-"))


def listen(ffmpeg: str, file: Path) -> Command:
    """A command that decodes a file once, to look and to listen: its standard error is for `senses`."""
    looks = f"blackdetect=d={BLACK_S}:pic_th=0.98:pix_th=0.10"
    hears = f"silencedetect=n={SILENCE_DB}dB:d={SILENCE_S},ebur128=peak=true:framelog=quiet"
    argv = (ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-i", f"file:{file}", "-map", "0:v?", "-map", "0:a?")
    return Command("ffmpeg listen", (*argv, "-vf", looks, "-af", hears, "-f", "null", "-"))


@dataclass
class StreamReader:
    """Takes the standard output of `probe` line by line (framecrc: headers, then `stream, dts, pts, duration, …`)."""

    headers: dict[int, dict[str, str]] = field(default_factory=dict)
    packets: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """Start and end of each packet in the stream's time base."""

    def read(self, line: str) -> None:
        """Take a line."""
        if header := _HEADER.match(line):
            name, stream, value = header.groups()
            self.headers.setdefault(int(stream), {})[name] = value.strip()
        elif line and line[0].isdigit():
            stream, _, pts, duration = line.split(",")[:4]
            self.packets.setdefault(int(stream), []).append((int(pts), int(pts) + int(duration)))

    def streams(self, stderr: str) -> Streams:
        """What was read, with what FFmpeg said on standard error (profile and colours are nowhere else)."""
        kinds = {number: header["media_type"] for number, header in sorted(self.headers.items()) if "tb" in header}
        first = {kind: number for number, kind in reversed(kinds.items())}
        return Streams(
            tuple(kinds.values()),
            self._video(first["video"], stderr) if "video" in first else None,
            self._audio(first["audio"]) if "audio" in first else None,
        )

    def _video(self, stream: int, stderr: str) -> Video:
        header = self.headers[stream]
        width, height = header["dimensions"].split("x")
        profile, pixels, tags = found.groups("") if (found := _VIDEO_LINE.search(stderr)) else ("", "", "")
        colour = tuple(tag for tag in tags.split(", ") if tag and tag != "progressive")
        packets, base = self.packets.get(stream, []), Fraction(header["tb"])
        return Video(
            header["codec_id"],
            profile,
            pixels,
            colour,
            int(width),
            int(height),
            _rate(packets, base),
            len(packets),
            _end(packets, base),
        )

    def _audio(self, stream: int) -> Audio:
        header = self.headers[stream]
        end_s = _end(self.packets.get(stream, []), Fraction(header["tb"]))
        return Audio(header["codec_id"], int(header["sample_rate"]), header.get("channel_layout_name", ""), end_s)


def _rate(packets: Iterable[tuple[int, int]], base: Fraction) -> float | None:
    """Frames a second if they are evenly spaced (to a tick of the time base, which may not divide evenly)."""
    starts = sorted(start for start, _ in packets)
    if len(starts) < 2:
        return None
    gaps = [later - sooner for sooner, later in pairwise(starts)]
    if min(gaps) <= 0 or max(gaps) - min(gaps) > 1:
        return None
    return float(len(gaps) / (base * (starts[-1] - starts[0])))


def _end(packets: Iterable[tuple[int, int]], base: Fraction) -> float:
    return float(base * max((end for _, end in packets), default=0))


def senses(stderr: str, end_s: float) -> Senses:
    """What `listen` said of a file whose picture ends at `end_s`."""
    black = [(float(start), float(end)) for start, end in _BLACK.findall(stderr)]
    if black and end_s - black[-1][1] < BLACK_S:  # blackdetect ends with the last frame's beginning
        black[-1] = (black[-1][0], end_s)
    starts = [max(0.0, float(start)) for start in _SILENCE_START.findall(stderr)]
    ends = [float(end) for end in _SILENCE_END.findall(stderr)]
    loudness = _LOUDNESS.search(stderr)
    lufs = float(loudness[1]) if loudness else NOTHING_LUFS
    peak = _PEAK.search(stderr)
    return Senses(
        tuple(black),
        tuple(zip(starts, [*ends, *[end_s] * (len(starts) - len(ends))], strict=True)),
        lufs if lufs > NOTHING_LUFS else None,
        float(peak[1]) if peak else None,
    )


def faststart(file: Path) -> bool:
    """Whether an MP4's index (moov) stands before its media (mdat), so that a player can begin while it loads.

    Reads the headers of the top-level boxes (ISO/IEC 14496-12, 4.2). Raises BadInput if the file cannot be read.
    """
    try:
        with file.open("rb") as stream:
            while len(head := stream.read(16)) >= 8:
                size, kind = int.from_bytes(head[:4], "big"), head[4:8]
                if kind in (b"moov", b"mdat"):
                    return kind == b"moov"
                body = int.from_bytes(head[8:16], "big") if size == 1 else size
                if body < 8:  # 0: to the end of the file; anything else is no box
                    return False
                stream.seek(body - len(head), 1)
    except OSError as exc:
        raise BadInput(f"{file} cannot be read: {exc.strerror}.") from exc
    return False

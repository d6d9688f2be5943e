"""What a file's packets are, told by FFmpeg: the command that asks, and the parser of what it says."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from shortsd.domain.ports import Command

PEAK_S = 2.0
"""The stretch in which the most bytes are looked for."""

_HEADER = re.compile(r"#(\w+) (\d+): +(.*)")
_VIDEO_LINE = re.compile(
    r"Stream #0:\d+.*?: Video: \w+(?: \(lib\w+\))?(?: \(([^)]+)\))?.*?, (\w+)(?:\(([^)]*)\))?, \d+x\d+"
)
_ROTATION = re.compile(r"rotation of (-?[\d.]+) degrees", re.IGNORECASE)
_FLAGS = re.compile(r", F=0x([0-9A-Fa-f]+)")
_KEY, _DISCARD = 1, 4
"""Flags of a packet (AV_PKT_FLAG_…); framecrc leaves them out where there is but the first."""


@dataclass(frozen=True, slots=True)
class Video:
    """The first video stream."""

    codec: str
    profile: str
    pixels: str
    """FFmpeg's name of the pixel format."""
    colour: tuple[str, ...]
    """Range (tv, pc) and colour space as FFmpeg puts them; ("tv", "bt709") if matrix, primaries, transfer agree."""
    scan: str
    """"progressive", or which field comes first; empty if it is not said."""
    pixel_shape: str
    """Width to height of a pixel, as "1/1"; empty if it is not said."""
    rotation: str
    """Degrees that a player is told to turn the picture by."""
    width: int
    height: int
    fps: float | None
    """None if the frames do not follow each other evenly."""
    frames: int
    start_s: float
    end_s: float
    keys_s: tuple[float, ...]
    """When each key frame is shown."""


@dataclass(frozen=True, slots=True)
class Audio:
    """The first audio stream."""

    codec: str
    rate: int
    layout: str
    start_s: float
    """When the first sound is heard, what the encoder needs to begin not counted."""
    end_s: float
    gaps: int
    """How often a packet follows sooner or later than the others do: all last as long, MP4 stretches one over a gap."""


@dataclass(frozen=True, slots=True)
class Streams:
    """What is in a file."""

    kinds: tuple[str, ...]
    """Of all streams: "video", "audio" …"""
    video: Video | None
    audio: Audio | None
    fullest_bytes: int
    """The most bytes that all streams together have within PEAK_S."""


class Packet(NamedTuple):
    """A packet; its times are in the stream's time base."""

    start: int
    end: int
    bytes: int
    flags: int


def probe(ffmpeg: str, file: Path) -> Command:
    """A command that reads every packet and decodes none: its lines are for a `StreamReader`.

    The times are those in the file: without `-copyts`, FFmpeg would let a file begin at zero that does not.
    """
    argv = (ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-copyts", "-i", f"file:{file}", "-map", "0", "-c", "copy")
    return Command("ffmpeg probe", (*argv, "-f", "framecrc", "-"), answers=True)


@dataclass
class StreamReader:
    """Takes the standard output of `probe` line by line (framecrc: headers, then `stream, dts, pts, duration, …`)."""

    headers: dict[int, dict[str, str]] = field(default_factory=dict)
    packets: dict[int, list[Packet]] = field(default_factory=dict)

    def read(self, line: str) -> None:
        """Take a line."""
        if header := _HEADER.match(line):
            name, stream, value = header.groups()
            self.headers.setdefault(int(stream), {})[name] = value.strip()
        elif line and line[0].isdigit():
            stream, _, pts, duration, size = line.split(",")[:5]
            flags = int(found[1], 16) if (found := _FLAGS.search(line)) else _KEY
            packet = Packet(int(pts), int(pts) + int(duration), int(size), flags)
            self.packets.setdefault(int(stream), []).append(packet)

    def streams(self, stderr: str) -> Streams:
        """What was read, with what FFmpeg said on standard error (profile and colours are nowhere else)."""
        kinds = {number: header["media_type"] for number, header in sorted(self.headers.items()) if "tb" in header}
        first = {kind: number for number, kind in reversed(kinds.items())}
        return Streams(
            tuple(kinds.values()),
            self._video(first["video"], stderr) if "video" in first else None,
            self._audio(first["audio"]) if "audio" in first else None,
            _fullest(self._sizes(kinds)),
        )

    def _video(self, stream: int, stderr: str) -> Video:
        header, (packets, base) = self.headers[stream], self._shown(stream)
        width, height = header["dimensions"].split("x")
        profile, pixels, said = found.groups("") if (found := _VIDEO_LINE.search(stderr)) else ("", "", "")
        colour, scan = tags(said)
        return Video(
            codec=header["codec_id"],
            profile=profile,
            pixels=pixels,
            colour=colour,
            scan=scan,
            pixel_shape=header.get("sar", "").removeprefix("0/1"),
            rotation=turned[1] if (turned := _ROTATION.search(stderr)) else "",
            width=int(width),
            height=int(height),
            fps=_rate(packets, base),
            frames=len(packets),
            start_s=_start(packets, base),
            end_s=_end(packets, base),
            keys_s=tuple(sorted(float(base * packet.start) for packet in packets if packet.flags & _KEY)),
        )

    def _audio(self, stream: int) -> Audio:
        header, (packets, base) = self.headers[stream], self._shown(stream)
        steps = Counter(later.start - sooner.start for sooner, later in pairwise(packets))
        gaps = steps.total() - max(steps.values(), default=0)
        codec, rate, layout = header["codec_id"], int(header["sample_rate"]), header.get("channel_layout_name", "")
        return Audio(codec, rate, layout, _start(packets, base), _end(packets, base), gaps)

    def _shown(self, stream: int) -> tuple[list[Packet], Fraction]:
        """The packets that are seen or heard, and their time base."""
        packets = [packet for packet in self.packets.get(stream, []) if not packet.flags & _DISCARD]
        return packets, Fraction(self.headers[stream]["tb"])

    def _sizes(self, streams: Iterable[int]) -> list[tuple[float, int]]:
        """When the packets of all streams begin, in seconds, and their bytes."""
        bases = {stream: float(Fraction(self.headers[stream]["tb"])) for stream in streams}
        return sorted(
            (base * packet.start, packet.bytes)
            for stream, base in bases.items()
            for packet in self.packets.get(stream, [])
        )


def tags(said: str) -> tuple[tuple[str, ...], str]:
    """The colour and the scan of what FFmpeg puts in brackets behind a pixel format."""
    told = tuple(tag for tag in said.split(", ") if tag)
    scans = tuple(tag for tag in told if "progressive" in tag or "first" in tag)
    return tuple(tag for tag in told if tag not in scans), " ".join(scans)


def _rate(packets: Iterable[Packet], base: Fraction) -> float | None:
    """Frames a second if they are evenly spaced (to a tick of the time base, which may not divide evenly)."""
    starts = sorted(packet.start for packet in packets)
    if len(starts) < 2:
        return None
    gaps = [later - sooner for sooner, later in pairwise(starts)]
    if min(gaps) <= 0 or max(gaps) - min(gaps) > 1:
        return None
    return float(len(gaps) / (base * (starts[-1] - starts[0])))


def _start(packets: Iterable[Packet], base: Fraction) -> float:
    return float(base * min((packet.start for packet in packets), default=0))


def _end(packets: Iterable[Packet], base: Fraction) -> float:
    return float(base * max((packet.end for packet in packets), default=0))


def _fullest(sizes: Sequence[tuple[float, int]]) -> int:
    """The most bytes within PEAK_S, of sorted (seconds, bytes)."""
    window: deque[tuple[float, int]] = deque()
    held = most = 0
    for start_s, size in sizes:
        window.append((start_s, size))
        held += size
        while start_s - window[0][0] >= PEAK_S:
            held -= window.popleft()[1]
        most = max(most, held)
    return most

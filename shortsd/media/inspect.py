"""Whether a finished MP4 is what it should be: what FFmpeg tells of it, held against what was asked for."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.ports import Children, Desk
from shortsd.media import probing
from shortsd.media.probing import Senses, Streams, Stretch

BLOCK_S = 0.4
"""The gating block of ITU-R BS.1770: below it there is no integrated loudness."""
SHORT_TERM_S = 3.0
"""The short-term window of EBU Tech 3341. A shorter programme has so few blocks (overlapping by 75 %: 7 in 1 s) that
one more or less at its edges, where the AAC encoder adds its own, moves the figure by more than half a LU."""
SHORT_TERM_LU = 2.0
"""What such a programme may deviate."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file is."""

    bytes: int
    faststart: bool
    streams: Streams
    senses: Senses


@dataclass(frozen=True, slots=True)
class Expected:
    """What a short should be."""

    width: int
    height: int
    fps: int
    duration_s: float
    loudness_lufs: float = -14.0
    tolerance_lu: float = 0.5
    true_peak_dbtp: float = -1.0
    black_s: float = 2.0
    """The longest stretch of black."""
    silence_s: float = 4.0
    """The longest stretch of silence."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, in words for people."""

    name: str
    ok: bool
    measured: str
    limit: str


async def inspect(children: Children, ffmpeg: str, file: Path, desk: Desk) -> Facts:
    """Find out what a file is: one pass over its packets, one decoding it. Raises BadInput, and as `Children.run`."""
    reader = probing.StreamReader()
    output = await children.run(probing.probe(ffmpeg, file), desk, reader.read)
    streams = reader.streams(output.stderr)
    heard = await children.run(probing.listen(ffmpeg, file), desk)
    size, fast = await asyncio.to_thread(lambda: (file.stat().st_size, probing.faststart(file)))
    return Facts(size, fast, streams, probing.senses(heard.stderr, _ends(streams)[0]))


def checks(facts: Facts, expected: Expected) -> tuple[Check, ...]:
    """Every check, passed or not."""
    return (*_form(facts, expected), *_time(facts, expected), *_looks(facts, expected), *_sound(facts, expected))


def _form(facts: Facts, expected: Expected) -> Iterator[Check]:
    video, audio = facts.streams.video, facts.streams.audio
    kinds = " and ".join(facts.streams.kinds) or "none"
    yield Check("streams", sorted(facts.streams.kinds) == ["audio", "video"], kinds, "one video and one audio")
    codec = f"{video.codec} {video.profile}, {video.pixels}" if video else "none"
    yield Check("video codec", codec == "h264 High, yuv420p", codec, "h264 High, yuv420p")
    sound = f"{audio.codec}, {audio.rate} Hz, {audio.layout}" if audio else "none"
    yield Check("audio codec", sound == "aac, 48000 Hz, stereo", sound, "aac, 48000 Hz, stereo")
    size = f"{video.width}x{video.height}" if video else "none"
    wanted = f"{expected.width}x{expected.height}"
    yield Check("size", size == wanted, size, wanted)
    colour = ", ".join(video.colour) if video else ""
    yield Check("colour", colour == "tv, bt709", colour or "not said", "tv, bt709")
    yield Check("fast start", facts.faststart, "index first" if facts.faststart else "index last", "index first")


def _time(facts: Facts, expected: Expected) -> Iterator[Check]:
    video, (seen_s, heard_s) = facts.streams.video, _ends(facts.streams)
    fps = video.fps if video else None
    steady = fps is not None and abs(fps - expected.fps) < 1e-3 * expected.fps
    yield Check("frame rate", steady, f"{fps:g} constant" if fps else "uneven", f"{expected.fps} constant")
    frame_s = 1 / expected.fps + 1e-4
    wanted = f"{expected.duration_s:.3f} s, give or take a frame"
    yield Check("duration", abs(seen_s - expected.duration_s) <= frame_s, f"{seen_s:.3f} s", wanted)
    together = abs(seen_s - heard_s) <= frame_s
    yield Check("common end", together, f"picture {seen_s:.3f} s, sound {heard_s:.3f} s", "together, to a frame")


def _looks(facts: Facts, expected: Expected) -> Iterator[Check]:
    yield _stretches("black", facts.senses.black, expected.black_s, _ends(facts.streams)[0])


def _sound(facts: Facts, expected: Expected) -> Iterator[Check]:
    duration_s, senses = _ends(facts.streams)[1], facts.senses
    yield _stretches("silence", senses.silent, expected.silence_s, duration_s)
    yield _loudness(senses.loudness_lufs, duration_s, expected)
    peak = senses.true_peak_dbtp
    quiet = peak is not None and peak <= expected.true_peak_dbtp
    limit = f"{expected.true_peak_dbtp:g} dBTP at most"
    yield Check("true peak", quiet, "no sound" if peak is None else f"{peak:.1f} dBTP", limit)


def _stretches(name: str, found: tuple[Stretch, ...], longest_s: float, duration_s: float) -> Check:
    """Whether no stretch is too long and all of them together are less than half of the file."""
    longest = max((end - start for start, end in found), default=0.0)
    total = sum(end - start for start, end in found)
    ok = longest <= longest_s and total < duration_s / 2
    limit = f"{longest_s:g} s at once, less than half in all"
    return Check(name, ok, f"{longest:.1f} s at once, {total:.1f} s in all", limit)


def _loudness(lufs: float | None, duration_s: float, expected: Expected) -> Check:
    """Integrated loudness; wider limits below SHORT_TERM_S, none for sound shorter than BLOCK_S."""
    measured = "none" if lufs is None else f"{lufs:.1f} LUFS"
    if 0 < duration_s < BLOCK_S:
        return Check("loudness", True, measured, f"not judged under {BLOCK_S} s")
    tolerance = expected.tolerance_lu if duration_s >= SHORT_TERM_S else max(SHORT_TERM_LU, expected.tolerance_lu)
    ok = lufs is not None and abs(lufs - expected.loudness_lufs) <= tolerance + 1e-6
    note = f" (under {SHORT_TERM_S:g} s)" if duration_s < SHORT_TERM_S else ""
    return Check("loudness", ok, measured, f"{expected.loudness_lufs:g} ±{tolerance:g} LUFS{note}")


def _ends(streams: Streams) -> tuple[float, float]:
    """Where picture and sound end, in seconds; 0 if there is none."""
    return (streams.video.end_s if streams.video else 0.0, streams.audio.end_s if streams.audio else 0.0)

"""What a finished file should be, and whether it is: one function for each thing that is looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from shortsd.media.encoders import KEYFRAME_S
from shortsd.media.platforms import YOUTUBE, Platform, platforms
from shortsd.media.probing import PEAK_S, Streams, Video
from shortsd.media.sensing import Senses, Stretch

BLOCK_S = 0.4
"""The gating block of ITU-R BS.1770: below it there is no integrated loudness."""
SHORT_TERM_S = 3.0
"""The short-term window of EBU Tech 3341. A shorter programme has so few blocks (overlapping by 75 %: 7 in 1 s) that
one more or less at its edges, where the AAC encoder adds its own, moves the figure by more than half a LU."""
SHORT_TERM_LU = 2.0
"""What such a programme may deviate."""
BIT_RATE_S = 4.0
"""A shorter file's bit rate is counted as if it were so long: its first key frame alone is most of it."""
FULL_SCALE_DBFS = -0.01
"""What 16 bits round to full scale: 32767 of 32768 is -0.0003 dB."""
FLAT_SAMPLES = 2.0
"""A run of samples at full scale is what clipping leaves; a peak that just reaches it is alone."""
PHONE_LEVEL, PHONE_BLOCKS, PHONE_RATE = "4.2", 8704, 522_240
"""The level that phones and TVs decode (Apple names 4.2 for 1080p60), and the macroblocks that it has in a frame and
in a second (ITU-T H.264, table A-1)."""
TOP_LEVEL = "5.2"
MISSING_SHARE = 1 / 5
"""Of the letters: a short with so many boxes tells nothing."""
LINES = 2


GLYPHS = "glyphs"
"""The check of what no font here can show."""


class Kind(StrEnum):
    """What follows from a check that is not passed."""

    MUST = "must"
    """The job stops before it publishes."""
    SHOULD = "should"
    """It is told."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, in words for people."""

    name: str
    ok: bool
    measured: str
    limit: str
    kind: Kind = Kind.MUST


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file is."""

    bytes: int
    faststart: bool
    level: str
    """Of H.264; empty if it is none."""
    streams: Streams
    senses: Senses


@dataclass(frozen=True, slots=True)
class Lettering:
    """What was found when a short's captions were laid out."""

    text: str
    lines: int
    outside: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a short should be."""

    width: int
    height: int
    fps: int
    duration_s: float
    codec: str = "h264 High, yuv420p"
    keyframe_s: float = KEYFRAME_S
    mbps: float = 12.0
    loudness_lufs: float = -14.0
    tolerance_lu: float = 0.5
    true_peak_dbtp: float = -1.0
    black_s: float = 2.0
    """The longest stretch of black."""
    black: Kind = Kind.MUST
    """Whether a film that is black for longer is none, or is told of: its pictures may be so dark."""
    frozen_s: float = 6.0
    """The longest stretch in which nothing moves, not even a caption."""
    silence_s: float = 2.0
    """The longest stretch of silence."""

    @property
    def frame_s(self) -> float:
        """A frame, and a little for rounding."""
        return 1 / self.fps + 1e-4


def form(facts: Facts, expected: Expected) -> Iterator[Check]:
    """What kind of file it is."""
    video, audio = facts.streams.video, facts.streams.audio
    kinds = " and ".join(facts.streams.kinds) or "none"
    yield Check("streams", sorted(facts.streams.kinds) == ["audio", "video"], kinds, "one video and one audio")
    codec = f"{video.codec} {video.profile}, {video.pixels}" if video else "none"
    yield Check("video codec", codec == expected.codec, codec, expected.codec)
    sound = f"{audio.codec}, {audio.rate} Hz, {audio.layout}" if audio else "none"
    yield Check("audio codec", sound == "aac, 48000 Hz, stereo", sound, "aac, 48000 Hz, stereo")
    yield Check("fast start", facts.faststart, "index first" if facts.faststart else "index last", "index first")
    errors = facts.senses.errors
    damage = f"{len(errors)} errors, the first: {errors[0]}" if errors else "none"
    yield Check("damage", not errors, damage, "none")


def tags(facts: Facts, expected: Expected) -> Iterator[Check]:
    """What players are told of the picture."""
    video = facts.streams.video
    if video is None:
        return
    size, wanted = f"{video.width}x{video.height}", f"{expected.width}x{expected.height}"
    yield Check("size", size == wanted, size, wanted)
    yield _colour(", ".join(video.colour) or "not said", ", ".join(facts.senses.colour) or "not said")
    yield Check("pixel shape", video.pixel_shape in ("", "1/1"), video.pixel_shape or "not said", "1/1, or not said")
    yield Check("rotation", not video.rotation, f"{video.rotation or 0}°", "0°")
    yield Check("scan", video.scan in ("", "progressive"), video.scan or "not said", "progressive")
    if video.codec == "h264":
        yield _level(facts.level, expected)


def _colour(index: str, pictures: str) -> Check:
    """Players go by the one or the other, so that both have to be right."""
    measured = index if index == pictures else f"{index} in the index and {pictures} in the pictures"
    return Check("colour", index == pictures == "tv, bt709", measured, "tv, bt709")


def _level(level: str, expected: Expected) -> Check:
    """Up to 1080p60, what phones decode; above, what there is."""
    blocks = -(-expected.width // 16) * -(-expected.height // 16)
    phone = blocks <= PHONE_BLOCKS and blocks * expected.fps <= PHONE_RATE
    highest = PHONE_LEVEL if phone else TOP_LEVEL
    return Check("level", "" < level <= highest, level or "not said", f"{highest} at most")


def timing(facts: Facts, expected: Expected) -> Iterator[Check]:
    """When things happen: in the picture, in the sound, and in both."""
    video, audio = facts.streams.video, facts.streams.audio
    fps = video.fps if video else None
    steady = fps is not None and abs(fps - expected.fps) < 1e-3 * expected.fps
    yield Check("frame rate", steady, f"{fps:g} constant" if fps else "uneven", f"{expected.fps} constant")
    if video:
        longest = max((later - sooner for sooner, later in pairwise((*video.keys_s, video.end_s))), default=0.0)
        apart = longest <= expected.keyframe_s + expected.frame_s
        yield Check("key frames", apart, f"every {longest:.2f} s", f"every {expected.keyframe_s:g} s at least")
    if audio:
        gaps = f"{audio.gaps} gaps" if audio.gaps else "without gaps"
        yield Check("sound timing", audio.gaps == 0, gaps, "without gaps")
    if video and audio:
        zero = max(abs(video.start_s), abs(audio.start_s)) < 1e-3
        yield Check("start", zero, f"picture {video.start_s:.3f} s, sound {audio.start_s:.3f} s", "both at 0")
    seen_s, heard_s = ends(facts.streams)
    fitting = abs(seen_s - expected.duration_s) <= expected.frame_s
    yield Check("duration", fitting, f"{seen_s:.3f} s", f"{expected.duration_s:.3f} s, give or take a frame")
    together = abs(seen_s - heard_s) <= expected.frame_s
    yield Check("common end", together, f"picture {seen_s:.3f} s, sound {heard_s:.3f} s", "together, to a frame")


def weight(facts: Facts, expected: Expected) -> Iterator[Check]:
    """How large it is, for a player and for those who take it."""
    long_s = max(ends(facts.streams))
    mean, peak = (8e-6 * facts.bytes / max(long_s, BIT_RATE_S), 8e-6 * facts.streams.fullest_bytes / PEAK_S)
    measured = f"{mean:.1f} Mbit/s, {peak:.1f} in the fullest {PEAK_S:g} s"
    yield Check("bit rate", mean <= expected.mbps, measured, f"{expected.mbps:g} Mbit/s")
    yield _taken("file", Kind.MUST, YOUTUBE, facts.bytes, long_s)
    for platform in platforms(expected.width, expected.height):
        yield _taken(platform.name, Kind.SHOULD, platform, facts.bytes, long_s)


def _taken(name: str, kind: Kind, platform: Platform, size: int, long_s: float) -> Check:
    """Whether a platform takes a video so large and so long."""
    ok = size <= platform.bytes and platform.shortest_s <= long_s <= platform.longest_s
    limit = f"{platform.bytes / 1e6:,.0f} MB and {platform.shortest_s:g} to {platform.longest_s:g} s"
    return Check(name, ok, f"{size / 1e6:.1f} MB and {long_s:.1f} s", limit, kind)


def looks(facts: Facts, expected: Expected) -> Iterator[Check]:
    """What is seen."""
    video, senses = facts.streams.video, facts.senses
    duration_s = ends(facts.streams)[0]
    yield replace(_stretches("black", senses.black, expected.black_s, duration_s), kind=expected.black)
    frozen = _joined(senses.frozen, _forced(video, expected)) if video else ()
    longest = max((end - start for start, end in frozen), default=0.0)
    yield Check("frozen", longest <= expected.frozen_s, f"{longest:.1f} s at once", f"{expected.frozen_s:g} s at once")


def _forced(video: Video, expected: Expected) -> frozenset[float]:
    """The key frames that came because their time had come, not because the picture changed."""
    return frozenset(
        later
        for sooner, later in pairwise(video.keys_s)
        if abs(later - sooner - expected.keyframe_s) < expected.frame_s / 2
    )


def _joined(found: Sequence[Stretch], keys: frozenset[float]) -> tuple[Stretch, ...]:
    """Stretches put together where nothing but a key frame stands between them."""
    joined: list[Stretch] = []
    for start, end in found:
        if joined and abs(joined[-1][1] - start) < 1e-3 and any(abs(key - start) < 1e-3 for key in keys):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def sound(facts: Facts, expected: Expected) -> Iterator[Check]:
    """What is heard."""
    duration_s, senses = ends(facts.streams)[1], facts.senses
    yield _stretches("silence", senses.silent, expected.silence_s, duration_s)
    yield loudness(senses.loudness_lufs, duration_s, expected)
    peak = senses.true_peak_dbtp
    quiet = peak is not None and peak <= expected.true_peak_dbtp
    limit = f"{expected.true_peak_dbtp:g} dBTP at most"
    yield Check("true peak", quiet, "no sound" if peak is None else f"{peak:.1f} dBTP", limit)
    yield _clipping(senses.peak_dbfs, senses.flat_samples)


def _clipping(peak_dbfs: float | None, flat_samples: float) -> Check:
    """Whether samples stay at full scale, as they do where sound was cut off."""
    full = peak_dbfs is not None and peak_dbfs >= FULL_SCALE_DBFS
    measured = f"runs of {flat_samples:.1f} samples" if full else "none at full scale"
    return Check("clipping", not (full and flat_samples >= FLAT_SAMPLES), measured, "no runs at full scale")


def _stretches(name: str, found: tuple[Stretch, ...], longest_s: float, duration_s: float) -> Check:
    """Whether no stretch is too long and all of them together are less than half of the file."""
    longest = max((end - start for start, end in found), default=0.0)
    total = sum(end - start for start, end in found)
    ok = longest <= longest_s and total < duration_s / 2
    limit = f"{longest_s:g} s at once, less than half in all"
    return Check(name, ok, f"{longest:.1f} s at once, {total:.1f} s in all", limit)


def loudness(lufs: float | None, duration_s: float, expected: Expected) -> Check:
    """Integrated loudness; wider limits below SHORT_TERM_S, none for sound shorter than BLOCK_S."""
    measured = "none" if lufs is None else f"{lufs:.1f} LUFS"
    if 0 < duration_s < BLOCK_S:
        return Check("loudness", True, measured, f"not judged under {BLOCK_S} s")
    tolerance = expected.tolerance_lu if duration_s >= SHORT_TERM_S else max(SHORT_TERM_LU, expected.tolerance_lu)
    ok = lufs is not None and abs(lufs - expected.loudness_lufs) <= tolerance + 1e-6
    note = f" (under {SHORT_TERM_S:g} s)" if duration_s < SHORT_TERM_S else ""
    return Check("loudness", ok, measured, f"{expected.loudness_lufs:g} ±{tolerance:g} LUFS{note}")


def captions(lettering: Lettering) -> Iterator[Check]:
    """What is read. A box in place of a letter is better than no short, many of them are not."""
    lines, outside, missing = lettering.lines, lettering.outside, lettering.missing
    yield Check("caption lines", lines <= LINES, f"{lines} at most", f"{LINES} at most")
    beyond = f"{len(outside)} outside, the first: {outside[0]}" if outside else "all inside"
    yield Check("caption area", not outside, beyond, "all where players leave the picture free")
    letters = [letter for letter in lettering.text if not letter.isspace()]
    share = sum(letter in missing for letter in letters) / max(1, len(letters))
    measured = f"{' '.join(missing[:20])} ({share:.0%} of all)" if missing else "none missing"
    kind = Kind.MUST if share > MISSING_SHARE else Kind.SHOULD
    limit = "none missing: install a font that has them" if missing else "none missing"
    yield Check(GLYPHS, not missing, measured, limit, kind)


def ends(streams: Streams) -> tuple[float, float]:
    """Where picture and sound end, in seconds; 0 if there is none."""
    return (streams.video.end_s if streams.video else 0.0, streams.audio.end_s if streams.audio else 0.0)

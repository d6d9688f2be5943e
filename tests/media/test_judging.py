from dataclasses import replace

import msgspec
import pytest
from films import GOOD

from shortsd.media import judging
from shortsd.media.judging import Check, Facts, Kind, Lettering
from shortsd.media.probing import Audio, Streams, Video
from shortsd.media.sensing import Senses, Stretch

PICTURE = Video(
    "h264", "High", "yuv420p", ("tv", "bt709"), "progressive", "1/1", "", 128, 228, 30, 120, 0, 4, (0.0, 2.0)
)
SOUND = Audio("aac", 48000, "stereo", 0.0, 4.0, 0)
HEARD = Senses(("tv", "bt709"), (), (), (), -14.0, -2.0, -3.0, 1.0, ())
FILE = Facts(1_000_000, True, "1.2", Streams(("video", "audio"), PICTURE, SOUND, 400_000), HEARD)
WORDS = Lettering("Fog, thick fog.", 2, (), ())


def lasting(seconds: float, bytes_: int = 1_000_000) -> Facts:
    """A file so long and so large."""
    streams = replace(FILE.streams, video=replace(PICTURE, end_s=seconds), audio=replace(SOUND, end_s=seconds))
    return replace(FILE, bytes=bytes_, streams=streams)


def weighed(facts: Facts, width: int = 1080, height: int = 1920) -> set[tuple[str, Kind]]:
    """What is told of a file that is too large or too long."""
    expected = replace(GOOD, width=width, height=height)
    return {(check.name, check.kind) for check in judging.weight(facts, expected) if not check.ok}


@pytest.mark.parametrize(
    ("duration_s", "lufs", "ok"),
    [(60, -14.5, True), (60, -14.6, False), (1, -15.9, True), (1, -16.1, False), (0.3, None, True), (60, None, False)],
)
def test_loudness_of_little_sound_is_judged_mildly(duration_s: float, lufs: float | None, ok: bool) -> None:
    """Below three seconds the tolerance is wider, below one block there is nothing to judge."""
    assert judging.loudness(lufs, duration_s, GOOD).ok is ok


@pytest.mark.parametrize(
    ("seconds", "over"),
    [
        (2, {("Instagram Reels", Kind.SHOULD)}),
        (180, set()),
        (181, {("YouTube Shorts", Kind.SHOULD)}),
        (601, {("YouTube Shorts", Kind.SHOULD), ("TikTok", Kind.SHOULD)}),
    ],
)
def test_what_a_platform_does_not_take_is_told(seconds: float, over: set[tuple[str, Kind]]) -> None:
    """Three minutes are a Short, ten go to TikTok; to be too long for one of them stops no job."""
    assert weighed(lasting(seconds)) == over


def test_a_wide_video_is_no_short() -> None:
    """YouTube takes it as a video like any other, for which three minutes are nothing."""
    assert weighed(lasting(181), 1920, 1080) == set()


def test_what_no_platform_takes_is_refused() -> None:
    """More than twelve hours, or more than 256 GB, go nowhere."""
    everybody = {(name, Kind.SHOULD) for name in ("YouTube Shorts", "TikTok", "Instagram Reels")}
    assert weighed(lasting(43_201)) == {*everybody, ("file", Kind.MUST)}
    assert weighed(lasting(600_000, 257 * 10**9)) == {*everybody, ("file", Kind.MUST)}


def test_the_bit_rate_of_a_moment_is_spread() -> None:
    """One key frame of half a megabyte is no fast stream."""
    assert weighed(lasting(0.2, 500_000)) == {("Instagram Reels", Kind.SHOULD)}
    assert weighed(lasting(4, 7_000_000)) == {("bit rate", Kind.MUST)}


@pytest.mark.parametrize(("level", "fps", "ok"), [("4.2", 60, True), ("5.0", 60, False), ("5.1", 120, True)])
def test_the_level_follows_size_and_rate(level: str, fps: int, ok: bool) -> None:
    """Up to 1080p60 there is 4.2; what is more needs more."""
    expected = replace(GOOD, width=1080, height=1920, fps=fps)
    found = {check.name: check.ok for check in judging.tags(replace(FILE, level=level), expected)}
    assert found["level"] is ok


def frozen(keys: tuple[float, ...], *stretches: Stretch) -> bool:
    """Whether a picture with these key frames and these stretches of stillness is refused."""
    streams = replace(FILE.streams, video=replace(PICTURE, keys_s=keys))
    facts = replace(FILE, streams=streams, senses=replace(HEARD, frozen=stretches))
    return any(check.name == "frozen" and not check.ok for check in judging.looks(facts, GOOD))


def test_key_frames_do_not_hide_that_nothing_moves() -> None:
    """Stillness goes on over a key frame that came by the clock."""
    assert frozen((0, 2, 4, 6), (0, 2), (2, 4), (4, 6), (6, 7))


def test_captions_that_change_are_motion() -> None:
    """A change between two stretches of stillness ends them, also where the encoder saw it as a cut."""
    assert not frozen((0, 2, 4), (0, 3.5), (3.5, 6.9), (6.9, 8))
    assert not frozen((0, 3.5), (0, 3.5), (3.5, 8))


def test_pictures_of_ones_own_may_be_dark() -> None:
    """A film that is black for most of its time is refused, unless its pictures are said to be as they are."""
    dark = replace(FILE, senses=replace(HEARD, black=((0, 1.5), (2, 3.5))))
    told = replace(GOOD, black=Kind.SHOULD)
    found = [next(check for check in judging.looks(dark, expected) if not check.ok) for expected in (GOOD, told)]
    assert [(check.name, check.kind) for check in found] == [("black", Kind.MUST), ("black", Kind.SHOULD)]


def read(lettering: Lettering) -> list[tuple[str, Kind]]:
    """What is wrong with captions."""
    return [(check.name, check.kind) for check in judging.captions(lettering) if not check.ok]


def test_captions_that_can_be_read_pass() -> None:
    """Two lines, inside, with all letters."""
    assert read(WORDS) == []


def test_captions_that_cannot_be_read_are_refused() -> None:
    """A third line and words under the players' buttons stop the job."""
    assert read(replace(WORDS, lines=3)) == [("caption lines", Kind.MUST)]
    assert read(replace(WORDS, outside=("thick",))) == [("caption area", Kind.MUST)]


def test_a_few_boxes_are_told_and_many_are_refused() -> None:
    """Up to a fifth of the letters may be missing: a box is better than no short."""
    text = "aaaa b aaa b"
    assert read(Lettering(text, 1, (), ("b",))) == [("glyphs", Kind.MUST)]
    assert read(Lettering(f"{text} a", 1, (), ("b",))) == [("glyphs", Kind.SHOULD)]


def test_letters_that_are_missing_come_with_what_to_do() -> None:
    """The check's limit is the end of the job's error; a font is what helps."""
    [glyphs] = [check for check in judging.captions(Lettering("b", 1, (), ("b",))) if not check.ok]
    assert "install a font" in glyphs.limit


def test_checks_without_a_kind_can_be_read() -> None:
    """What was recorded before there were kinds counts as what it was: something that must be."""
    old = b'{"name": "black", "ok": true, "measured": "0.0 s", "limit": "2 s"}'
    assert msgspec.json.decode(old, type=Check).kind is Kind.MUST

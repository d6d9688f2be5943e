from pathlib import Path

from films import AAC, FAST, H264, PICTURE, SINE, SOUND, TAGS, X264, again, failed, film, good
from listening import ffmpeg


async def test_uneven_frames_are_refused(tmp_path: Path) -> None:
    """A file whose frames do not follow each other evenly has no frame rate."""
    uneven = (*H264[:1], H264[1] + ",select='not(eq(n,50))'", *H264[2:], "-fps_mode", "vfr")
    assert await failed(film(tmp_path, *PICTURE, *SOUND, *uneven, *AAC, *FAST)) == {"frame rate"}


async def test_key_frames_far_apart_are_refused(tmp_path: Path) -> None:
    """A viewer who jumps into a video must not wait for a key frame."""
    rare = ("-vf", H264[1], *X264, "-pix_fmt", "yuv420p", "-g", "90", *TAGS)
    assert await failed(film(tmp_path, *PICTURE, *SOUND, *rare, *AAC, *FAST)) == {"key frames"}


async def test_a_gap_in_the_sound_is_found(tmp_path: Path) -> None:
    """A packet that is missing makes players stumble, though both streams end together."""
    assert await failed(again(tmp_path, good(tmp_path), "-bsf:a", "noise=drop='eq(n,80)'")) == {"sound timing"}


async def test_a_picture_that_begins_late_is_refused(tmp_path: Path) -> None:
    """Both streams begin at zero."""
    file, late = good(tmp_path), tmp_path / "late.mp4"
    ffmpeg("-itsoffset", "0.5", "-i", file, "-i", file, "-map", "0:v", "-map", "1:a", "-c", "copy", *FAST, late)
    assert await failed(late) == {"start", "duration", "common end"}


async def test_sound_that_begins_late_is_refused(tmp_path: Path) -> None:
    """A tenth of a second between lips and words is seen."""
    file, late = good(tmp_path), tmp_path / "late.mp4"
    ffmpeg("-i", file, "-itsoffset", "0.1", "-i", file, "-map", "0:v", "-map", "1:a", "-c", "copy", *FAST, late)
    assert await failed(late) == {"start", "common end"}


async def test_sound_that_ends_early_is_refused(tmp_path: Path) -> None:
    """Picture and sound end together, to a frame."""
    assert await failed(good(tmp_path, sound=SINE.replace("d=4", "d=3.9"))) == {"common end"}


async def test_a_picture_that_ends_before_the_timeline_is_refused(tmp_path: Path) -> None:
    """All frames of the timeline are there, also where the sound is cut to fit."""
    short = (*PICTURE, *SOUND, "-t", "3.9", *H264, *AAC, *FAST)
    assert await failed(film(tmp_path, *short)) == {"duration"}

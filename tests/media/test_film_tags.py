from pathlib import Path

import pytest
from films import AAC, CODED, FAST, H264, PICTURE, SOUND, TAGS, X264, again, failed, film, good
from listening import ffmpeg


@pytest.mark.parametrize(
    "metadata",
    [
        "colour_primaries=9",
        "transfer_characteristics=16",
        "matrix_coefficients=5",
        "colour_primaries=2:transfer_characteristics=2:matrix_coefficients=2",
    ],
)
async def test_each_colour_tag_counts(metadata: str, tmp_path: Path) -> None:
    """Range, primaries, transfer and matrix: players must not guess any of them, nor be told another."""
    other = again(tmp_path, good(tmp_path), "-bsf:v", f"h264_metadata={metadata}")
    assert await failed(other) == {"colour"}


async def test_full_range_is_refused(tmp_path: Path) -> None:
    """Levels up to 255 are another pixel format to FFmpeg, and another range."""
    other = again(tmp_path, good(tmp_path), "-bsf:v", "h264_metadata=video_full_range_flag=1")
    assert await failed(other) == {"video codec", "colour"}


async def test_untagged_colours_are_refused(tmp_path: Path) -> None:
    """No tags at all are as bad as wrong ones."""
    assert await failed(film(tmp_path, *PICTURE, *SOUND, *CODED, *AAC, *FAST)) == {"colour"}


@pytest.mark.parametrize(("pixels", "profile"), [("yuv420p", "main"), ("yuv444p", "high444"), ("yuv420p10", "high10")])
async def test_another_profile_or_pixel_format_is_refused(pixels: str, profile: str, tmp_path: Path) -> None:
    """Phones decode High with 4:2:0 in eight bits."""
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", profile, "-pix_fmt", pixels, "-g", "60")
    assert await failed(film(tmp_path, *PICTURE, *SOUND, *H264[:2], *coded, *TAGS, *AAC, *FAST)) == {"video codec"}


async def test_a_level_that_phones_do_not_decode_is_refused(tmp_path: Path) -> None:
    """A file that claims level 5.2 may be turned away though its frames are small."""
    assert await failed(film(tmp_path, *PICTURE, *SOUND, *H264, "-level", "5.2", *AAC, *FAST)) == {"level"}


async def test_a_turned_picture_is_refused(tmp_path: Path) -> None:
    """What a player turns is not what was drawn."""
    file, turned = good(tmp_path), tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", "90", "-i", f"file:{file}", "-c", "copy", *FAST, turned)
    assert await failed(turned) == {"rotation"}


async def test_interlaced_frames_are_refused(tmp_path: Path) -> None:
    """Frames are whole, not fields in turn."""
    fields = ("-vf", f"{H264[1]},setfield=tff", *X264[:-1], "8x8dct=1:tff=1", "-pix_fmt", "yuv420p", "-g", "60", *TAGS)
    assert await failed(film(tmp_path, *PICTURE, *SOUND, *fields, *AAC, *FAST)) == {"scan"}


async def test_pixels_that_are_not_square_are_refused(tmp_path: Path) -> None:
    """A player would stretch the picture."""
    assert await failed(good(tmp_path, filters="setsar=4/3")) == {"pixel shape"}

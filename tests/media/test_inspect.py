from dataclasses import replace
from pathlib import Path

import pytest
from films import AAC, FAST, GOOD, H264, PICTURE, SOUND, TAGS, X264, facts, failed, film, good

from shortsd.domain.errors import BadInput
from shortsd.media import inspect, mp4
from shortsd.media.judging import Expected


async def test_a_good_short_passes_every_check(tmp_path: Path) -> None:
    """A file made as the renderer makes it is found to be what it should be."""
    found = await facts(good(tmp_path))
    assert [check for check in inspect.checks(found, GOOD) if not check.ok] == []
    assert found.streams.video is not None
    assert (found.streams.video.frames, found.streams.video.fps, found.streams.video.end_s) == (120, 30.0, 4.0)
    assert found.senses.black == found.senses.silent == ()


async def test_every_check_says_what_was_measured_and_what_is_allowed(tmp_path: Path) -> None:
    """No two checks have one name, and none is without figures."""
    found = inspect.checks(await facts(good(tmp_path)), GOOD)
    assert len({check.name for check in found}) == len(found)
    assert all(check.measured and check.limit for check in found)


async def test_other_expectations_fail_by_name(tmp_path: Path) -> None:
    """Size, rate, duration and loudness are each held against what was asked for."""
    other = Expected(1080, 1920, 60, 5.0, loudness_lufs=-20.0, true_peak_dbtp=-30.0)
    assert await failed(good(tmp_path), other) == {"size", "frame rate", "duration", "loudness", "true peak"}


async def test_a_short_without_sound_is_refused(tmp_path: Path) -> None:
    """Every check that needs sound fails, and none of them by accident."""
    silent = film(tmp_path, *PICTURE, *H264, *FAST)
    assert await failed(silent) == {"streams", "audio codec", "common end", "silence", "loudness", "true peak"}


async def test_a_short_without_a_picture_is_refused(tmp_path: Path) -> None:
    """Every check that needs a picture fails, and none of them by accident."""
    blind = film(tmp_path, *SOUND, *AAC, *FAST)
    assert await failed(blind) >= {"streams", "video codec", "frame rate", "duration", "common end"}


async def test_a_third_stream_is_refused(tmp_path: Path) -> None:
    """There is one picture and one sound."""
    two = film(tmp_path, *PICTURE, *SOUND, "-map", "0", "-map", "1", "-map", "1", *H264, *AAC, *FAST)
    assert await failed(two) == {"streams"}


async def test_other_sound_is_refused(tmp_path: Path) -> None:
    """Sound is AAC in stereo at 48 kHz."""
    mono = film(tmp_path, *PICTURE, *SOUND, *H264, *AAC, "-ac", "1", "-ar", "44100", *FAST)
    assert "audio codec" in await failed(mono)


async def test_damage_within_is_found(tmp_path: Path) -> None:
    """Packets that no longer decode are told, whatever the index says of them."""
    file = good(tmp_path)
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 600] = bytes(byte ^ 0x5A for byte in data[middle : middle + 600])
    file.write_bytes(data)
    assert "damage" in await failed(file)


async def test_the_average_bit_rate_has_a_limit(tmp_path: Path) -> None:
    """Noise that is hardly compressed takes more than it may; the fullest two seconds are told."""
    noise = film(tmp_path, *PICTURE, *SOUND, "-vf", "noise=alls=90:allf=t", *X264, "-pix_fmt", "yuv420p", *AAC, *FAST)
    [rate] = [
        check for check in inspect.checks(await facts(noise), replace(GOOD, mbps=1.0)) if check.name == "bit rate"
    ]
    mean, peak = (float(part.split()[0]) for part in rate.measured.split(", "))
    assert not rate.ok
    assert 1 < mean <= peak < 1.5 * mean


async def test_an_encoder_says_what_is_expected_of_it(tmp_path: Path) -> None:
    """AV1 is right where it was asked for, and wrong where it was not."""
    av1 = film(tmp_path, *PICTURE, *SOUND, "-c:v", "libsvtav1", "-preset", "10", "-g", "60", *AV1, *AAC, *FAST)
    assert await failed(av1) == {"video codec"}
    assert await failed(av1, replace(GOOD, codec="av1 Main, yuv420p")) == set()


AV1 = ("-vf", H264[1], "-pix_fmt", "yuv420p", *TAGS)


async def test_a_late_index_is_refused(tmp_path: Path) -> None:
    """Players must not load the whole file before they begin."""
    assert await failed(film(tmp_path, *PICTURE, *SOUND, *H264, *AAC)) == {"fast start"}


def test_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    """A file that cannot be read is named."""
    for ask in (mp4.faststart, mp4.h264_level):
        with pytest.raises(BadInput, match="gone"):
            ask(tmp_path / "gone.mp4")


def test_what_is_no_mp4_has_no_fast_start(tmp_path: Path) -> None:
    """Bytes that are no boxes end the search."""
    (tmp_path / "x").write_bytes(bytes(64))
    assert not mp4.faststart(tmp_path / "x")
    assert mp4.h264_level(tmp_path / "x") == ""

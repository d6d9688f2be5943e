from dataclasses import replace
from pathlib import Path

import pytest
from films import AAC, FAST, GOOD, H264, SINE, SOUND, facts, failed, film, good

EIGHT = replace(GOOD, duration_s=8.0)
EIGHT_SINE = (*SOUND[:3], SINE.replace("d=4", "d=8"))
STILL = "testsrc2=s=128x228:r=30:d=0.04,loop=loop=-1:size=1,trim=duration=8,setpts=N/30/TB"
SKY = "gradients=s=128x480:r=30:d=0.04:n=2:c0=steelblue:c1=skyblue:x0=0:y0=0:x1=0:y1=479:speed=0.00001"


def eight(folder: Path, picture: str) -> Path:
    """Eight seconds of a lavfi source, with sound."""
    return film(folder, "-f", "lavfi", "-i", picture, *EIGHT_SINE, *H264, *AAC, *FAST)


async def test_black_and_silence_are_refused(tmp_path: Path) -> None:
    """A black picture with digital silence is technically fine, and no short."""
    dark = ("-f", "lavfi", "-i", "color=black:s=128x228:r=30:d=4", "-f", "lavfi", "-i", "anullsrc=r=48000:d=4")
    file = film(tmp_path, *dark, *H264, *AAC, *FAST)
    assert await failed(file) == {"black", "silence", "loudness", "true peak"}
    assert (await facts(file)).senses.black == ((0.0, 4.0),)


async def test_a_short_black_stretch_passes(tmp_path: Path) -> None:
    """One second of darkness is told, and allowed."""
    file = good(tmp_path, filters="drawbox=c=black:t=fill:enable='between(t,1,1.99)'")
    assert await failed(file) == set()
    assert (await facts(file)).senses.black == ((1.0, 2.0),)


async def test_captions_do_not_hide_that_there_is_no_picture(tmp_path: Path) -> None:
    """Three pixels of a hundred that are white leave a frame black."""
    words = "drawbox=c=black:t=fill:enable='lt(t,3)',drawbox=x=14:y=140:w=100:h=8:c=white:t=fill"
    assert await failed(good(tmp_path, filters=words)) == {"black"}


async def test_a_picture_that_stands_still_is_refused(tmp_path: Path) -> None:
    """Eight seconds in which nothing moves are found, though key frames draw the picture anew."""
    file = eight(tmp_path, STILL)
    assert await failed(file, EIGHT) == {"frozen"}


async def test_a_moment_without_motion_passes(tmp_path: Path) -> None:
    """What stands still for some seconds may be meant so."""
    assert await failed(eight(tmp_path, STILL.replace("trim=duration=8", "trim=duration=5.5") + MOVING), EIGHT) == set()


MOVING = ",tpad=stop_duration=2.5:stop_mode=clone,noise=alls=60:allf=t:enable='gt(t,5.5)'"


async def test_a_slow_move_over_a_plain_sky_is_motion(tmp_path: Path) -> None:
    """A camera that crosses four pixels a second of nothing but a gradient does not stand still."""
    picture = f"{SKY},loop=loop=-1:size=1,trim=duration=8,setpts=N/30/TB,crop=128:228:0:'4*t'"
    assert await failed(eight(tmp_path, picture), EIGHT) == set()


@pytest.mark.parametrize(("until", "wrong"), [(1.9, set()), (3.2, {"silence"})])
async def test_silence_has_a_limit_of_two_seconds(until: float, wrong: set[str], tmp_path: Path) -> None:
    """A pause passes; more than two seconds without any sound do not."""
    pause = f"{SINE.split(',')[0]},volume=7.1dB,volume=0:enable='between(t,1,{until})',aformat=channel_layouts=stereo"
    assert await failed(good(tmp_path, sound=pause.replace("d=4", "d=8")), EIGHT) - {"duration", "common end"} == wrong


async def test_music_that_is_hardly_heard_is_no_silence(tmp_path: Path) -> None:
    """A bed 40 dB under full scale is sound."""
    bed = "sine=f=997:r=48000:d=4,volume='if(lt(t,1),2.2646,0.08)':eval=frame,aformat=channel_layouts=stereo"
    assert "silence" not in await failed(good(tmp_path, sound=bed))


async def test_clipped_sound_is_refused(tmp_path: Path) -> None:
    """Sound that was driven far beyond full scale stays there for many samples."""
    loud = await failed(good(tmp_path, sound=SINE.replace("7.1dB", "30dB")))
    assert loud == {"clipping", "loudness", "true peak"}


async def test_loud_sound_that_is_whole_is_not_clipped(tmp_path: Path) -> None:
    """A peak short of full scale is too high, and not cut off."""
    assert await failed(good(tmp_path, sound=SINE.replace("7.1dB", "20.2dB"))) == {"loudness", "true peak"}

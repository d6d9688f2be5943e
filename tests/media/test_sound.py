import re
import wave
from pathlib import Path

import pytest
from listening import FFMPEG, PlainChildren, ffmpeg, make, onsets
from support import TestDesk

from shortsd.domain.errors import ChildFailed
from shortsd.media import mastering, sound
from shortsd.media.sound import Loudness

BURSTS = "aevalsrc='0.7*sin(2*PI*220*t)*random(0)*gt(mod(t,0.9),0.25)':s=22050"
"""Something like speech: noisy tones of 0.65 s with pauses between them; begins with a pause."""


def measured(file: Path) -> Loudness:
    return sound.loudness(ffmpeg("-i", file, "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"))


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def decoded(file: Path) -> Path:
    ffmpeg("-i", file, file.with_suffix(".out.wav"))
    return file.with_suffix(".out.wav")


def frames(file: Path) -> int:
    with wave.open(str(file), "rb") as reader:
        return reader.getnframes()


@pytest.mark.parametrize("level_db", [-40, -20, -3, 0])
@pytest.mark.parametrize("with_music", [False, True])
async def test_a_master_has_its_loudness_and_peak(
    level_db: int, with_music: bool, tmp_path: Path, desk: TestDesk
) -> None:
    """-14 LUFS and at most -1 dBTP, as long as asked for, whatever the voice's level, with music or without."""
    voice = make(tmp_path / "v.wav", f"{BURSTS},volume={level_db}dB", 6.4, "-ar", "48000")
    music = make(tmp_path / "m.mp3", "anoisesrc=c=pink:r=8000:a=0.3", 0.5) if with_music else None
    out = tmp_path / "out.mp4"
    told = await mastering.master(PlainChildren(), FFMPEG, voice, music, 6.5, out, desk)
    heard = measured(out)
    assert told == heard
    assert abs(heard.integrated_lufs + 14) <= 0.5
    assert heard.true_peak_dbtp <= -1
    assert names(tmp_path) == {"out.mp4", "v.wav", *(["m.mp3"] if with_music else [])}
    assert frames(decoded(out)) == 6.5 * 48_000


@pytest.mark.parametrize(("burst_s", "period_s"), [(0.02, 0.7), (0.05, 0.7)])
async def test_aac_does_not_overshoot_the_peak(burst_s: float, period_s: float, tmp_path: Path, desk: TestDesk) -> None:
    """Bursts of noise, which come out of AAC up to 1.5 dB higher than they went in, are mastered again, lower."""
    bursts = f"aevalsrc='0.5*sgn(random(0)-0.5)*lt(mod(t,{period_s}),{burst_s})':s=22050"
    voice = make(tmp_path / "v.wav", bursts, 1.5, "-ar", "48000")
    children = PlainChildren()
    told = await mastering.master(children, FFMPEG, voice, None, 1.5, tmp_path / "out.mp4", desk)
    assert told == measured(tmp_path / "out.mp4")
    assert told.true_peak_dbtp <= -1
    ceilings = {ceiling for command in children.ran for ceiling in re.findall(r"alimiter=limit=([\d.]+)", str(command))}
    assert len(ceilings) > 1


async def test_mastering_does_not_move_the_voice(tmp_path: Path, desk: TestDesk) -> None:
    """Resampling, limiting and mixing keep each onset where it was."""
    voice = make(tmp_path / "v.wav", BURSTS, 4.0, "-ar", "48000")
    await mastering.master(PlainChildren(), FFMPEG, voice, None, 4.0, tmp_path / "out.mp4", desk)
    assert onsets(decoded(tmp_path / "out.mp4")) == pytest.approx(onsets(voice), abs=0.011)


async def test_music_lies_under_the_voice(tmp_path: Path, desk: TestDesk) -> None:
    """While somebody speaks the music is 16 to 22 LU under the voice, in a pause nearer."""
    voice = make(tmp_path / "v.wav", "anoisesrc=c=pink:r=48000:a=0.2", 8)
    silent = make(tmp_path / "s.wav", "anullsrc=r=48000:cl=mono", 8)
    music = make(tmp_path / "m.wav", "anoisesrc=c=brown:r=44100:a=0.9:s=3", 8, "-ac", "2")
    levels = {}
    for name, file, track in (("voice", voice, None), ("both", voice, music), ("music", silent, music)):
        heard = sound.integrated_lufs((await PlainChildren().run(sound.level(FFMPEG, file, 8), desk)).stderr)
        under = sound.integrated_lufs((await PlainChildren().run(sound.level(FFMPEG, music, 8), desk)).stderr)
        gain = sound.gain_for(under, sound.VOICE_LUFS + sound.MUSIC_LU)
        pair = None if track is None else (track, gain)
        command = sound.mix(FFMPEG, file, sound.gain_for(heard, sound.VOICE_LUFS), pair, 8, tmp_path / f"{name}.mix")
        levels[name] = sound.integrated_lufs((await PlainChildren().run(command, desk)).stderr)
    difference = tmp_path / "difference.wav"
    ffmpeg(
        *("-i", tmp_path / "both.mix", "-i", tmp_path / "voice.mix"),
        *("-filter_complex", "[1]volume=-1[n];[0][n]amix=normalize=0,atrim=2:5", difference),
    )
    assert 16 <= levels["voice"] - measured(difference).integrated_lufs <= 22
    assert 9 <= levels["voice"] - levels["music"] <= 15


async def test_silence_stays_silence(tmp_path: Path, desk: TestDesk) -> None:
    """A narration of nothing, without music, is mastered to nothing."""
    voice = make(tmp_path / "v.wav", "anullsrc=r=48000:cl=mono", 2)
    told = await mastering.master(PlainChildren(), FFMPEG, voice, None, 2.0, tmp_path / "out.mp4", desk)
    assert told.integrated_lufs == sound.SILENCE_LUFS


def test_the_last_summary_is_read() -> None:
    """Figures come from the summary at the end; a sound without loudness counts as silence."""
    summary = "  Integrated loudness:\n    I:         {} LUFS\n  True peak:\n    Peak:      {} dBFS\n"
    assert sound.loudness(summary.format(-30, -9) + summary.format("-14.1", "-1.6")) == Loudness(-14.1, -1.6)
    assert sound.loudness(summary.format("nan", "-inf")) == Loudness(-70.0, -120.0)


def test_a_missing_summary_is_an_error() -> None:
    """No figures are made up."""
    with pytest.raises(ChildFailed):
        sound.loudness("Conversion failed!")


def test_gains() -> None:
    """Silence is left alone, and nothing is raised without measure."""
    assert sound.gain_for(-20.5) == 6.5
    assert sound.gain_for(-70.0) == 0
    assert sound.gain_for(-69.0) == 50

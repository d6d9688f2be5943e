"""Mixing and mastering as a course of measured passes."""

from pathlib import Path

from shortsd.domain.ports import Children, Command, Desk
from shortsd.media import sound
from shortsd.media.sound import Loudness

LOUDER = 4
"""Masters that may be made again louder, since the limiter takes back a part of each gain: a dense voice needs two."""
PASSES = 8
"""Masters made at most; the last ones only to get the peak down, which matters more."""
LEAST = 0.5
"""The least part of a gain that is taken to come through the limiter."""
MARGIN_DB = 0.2
"""A peak that was too high is brought down by this much more, since AAC overshoots each time by something else."""


async def master(
    children: Children, ffmpeg: str, voice: Path, music: Path | None, duration_s: float, out: Path, desk: Desk
) -> Loudness:
    """Mix a narration with music and master it into `out`: AAC-LC in an MP4, 48 kHz stereo, as long as is said.

    Comes within 0.5 LU of `sound.TARGET_LUFS`, true peak at most `sound.PEAK_DBTP`, both measured on the AAC, which
    is what people hear. Silence stays silence. Raises what `Children.run` raises.
    """
    mixed = out.with_name(f"{out.name}.mix.wav")
    try:
        lufs = await _mix(children, ffmpeg, voice, music, duration_s, mixed, desk)
        more_db = gain_db = sound.gain_for(lufs)
        ceiling_dbtp = sound.CEILING_DBTP
        for made in range(1, PASSES + 1):
            await children.run(sound.master(ffmpeg, mixed, gain_db, ceiling_dbtp, duration_s, out), desk)
            measured = sound.loudness((await children.run(sound.measure(ffmpeg, out, duration_s), desk)).stderr)
            before, lufs = lufs, measured.integrated_lufs
            missing_db, over_db = sound.gain_for(lufs), measured.true_peak_dbtp - sound.PEAK_DBTP
            if over_db > 0:
                ceiling_dbtp -= over_db + MARGIN_DB
                more_db = 0.0
            elif abs(missing_db) > sound.TOLERANCE_LU and made <= LOUDER:
                more_db = missing_db / _share(lufs - before, more_db)
                gain_db += more_db
            else:
                break
    finally:
        mixed.unlink(missing_ok=True)
    return measured


def _share(came_db: float, given_db: float) -> float:
    """What part of a gain came through the limiter last time, within reason: as much will come of the next one."""
    return min(1.0, max(LEAST, came_db / given_db)) if given_db else 1.0


async def _mix(
    children: Children, ffmpeg: str, voice: Path, music: Path | None, duration_s: float, mixed: Path, desk: Desk
) -> float:
    """Bring the voice and the music to their levels and mix them; how loud that is, in LUFS."""
    heard = await _level(children, sound.level(ffmpeg, voice, duration_s), desk)
    voice_db = sound.gain_for(heard, sound.VOICE_LUFS)
    under = None
    if music is not None:
        heard = await _level(children, sound.level(ffmpeg, music, duration_s, loop=True), desk)
        under = (music, sound.gain_for(heard, sound.VOICE_LUFS + sound.MUSIC_LU))
    return await _level(children, sound.mix(ffmpeg, voice, voice_db, under, duration_s, mixed), desk)


async def _level(children: Children, command: Command, desk: Desk) -> float:
    return sound.integrated_lufs((await children.run(command, desk)).stderr)

"""Mixing and mastering as a course of measured passes."""

import asyncio
import wave
from pathlib import Path

from shortsd.domain.ports import Children, Command, Desk
from shortsd.media import sound
from shortsd.media.sound import Loudness

PASSES = 4
"""Masters made at most: the limiter takes back a part of each gain, so that a dense voice needs two or three."""


async def master(children: Children, ffmpeg: str, voice: Path, music: Path | None, out: Path, desk: Desk) -> Loudness:
    """Mix a narration (WAV) with music and master it into the 48 kHz 16-bit stereo WAV `out`, as long as the voice.

    Comes within 0.5 LU of `sound.TARGET_LUFS`, true peak at most `sound.PEAK_DBTP`. Silence stays silence.
    Raises what `Children.run` raises.
    """
    duration_s = await asyncio.to_thread(_seconds, voice)
    mixed = out.with_name(f"{out.name}.mix.wav")
    try:
        measured = await _mix(children, ffmpeg, voice, music, duration_s, mixed, desk)
        gain_db = 0.0
        for _ in range(PASSES):
            gain_db += sound.gain_for(measured)
            measured = await _run(children, sound.master(ffmpeg, mixed, gain_db, duration_s, out), desk)
            if abs(sound.gain_for(measured)) <= sound.TOLERANCE_LU:
                break
    finally:
        mixed.unlink(missing_ok=True)
    return measured


async def _mix(
    children: Children, ffmpeg: str, voice: Path, music: Path | None, duration_s: float, mixed: Path, desk: Desk
) -> Loudness:
    """Bring the voice and the music to their levels and mix them."""
    heard = await _run(children, sound.measure(ffmpeg, voice, duration_s), desk)
    voice_db = sound.gain_for(heard, sound.VOICE_LUFS)
    under = None
    if music is not None:
        heard = await _run(children, sound.measure(ffmpeg, music, duration_s, loop=True), desk)
        under = (music, sound.gain_for(heard, sound.VOICE_LUFS + sound.MUSIC_LU))
    return await _run(children, sound.mix(ffmpeg, voice, voice_db, under, duration_s, mixed), desk)


async def _run(children: Children, command: Command, desk: Desk) -> Loudness:
    return sound.loudness((await children.run(command, desk)).stderr)


def _seconds(file: Path) -> float:
    with wave.open(str(file), "rb") as reader:
        return reader.getnframes() / reader.getframerate()

"""Sound for FFmpeg: what to run to measure, mix and master, and the figures that come back.

Loudness is EBU R128's (ITU-R BS.1770-4), as FFmpeg's `ebur128` filter measures it.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.errors import ChildFailed
from shortsd.domain.ports import Command

RATE = 48_000
"""Samples a second of every sound we make."""
TARGET_LUFS = -14.0
"""Integrated loudness of a short (DESIGN, section 8): the players' own normalisation leaves it alone."""
TOLERANCE_LU = 0.2
"""A master nearer to the target than this is not made again."""
PEAK_DBTP = -1.0
"""True peak of a short, once it is AAC (DESIGN, section 8)."""
CEILING_DBTP = -1.6
"""True peak that a master is first held under: AAC overshoots it by some tenths, very short sounds by a decibel."""
BITRATE = "192k"
SILENCE_LUFS = -70.0
"""The absolute gate of BS.1770: sound below it has no loudness."""

VOICE_LUFS = -20.0
"""Loudness of the voice in a mix, before mastering: the level that the ducking listens for."""
MUSIC_LU = -11.0
"""Loudness of the music against the voice where nobody speaks; `_DUCK` takes 8 dB more, so it lies 19 LU under it."""
LOUDEST_GAIN_DB = 50.0
"""No sound is raised by more: what is quieter is noise."""

FLAGS = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "info", "-y")
RESAMPLE = f"aresample={RATE}:resampler=soxr"
_STEREO = f"{RESAMPLE},aformat=sample_fmts=flt:channel_layouts=stereo"
_METER = "ebur128=framelog=quiet"
_PEAK_METER = f"{_METER}:peak=true"
"""Twice the work of a measure: the true peak is looked for at four times the rate."""
_EVEN = "acompressor=threshold=-26dB:ratio=2:attack=5:release=150:knee=6:makeup=2"
"""Evens a voice at `VOICE_LUFS` by 6 dB, so that the limiter has less to hold back; `makeup` gives them back."""
_DUCK = "sidechaincompress=threshold=0.02:ratio=2:attack=40:release=700:knee=6:detection=rms"
_BACK_DB = 0.2
"""The limiter works at four times the rate; coming back to 48 kHz can add as much."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud a sound is; both figures come in tenths."""

    integrated_lufs: float
    true_peak_dbtp: float


def loudness(stderr: str) -> Loudness:
    """The figures of the last `ebur128` summary in what FFmpeg wrote. Raises ChildFailed if one is not there."""
    return Loudness(integrated_lufs(stderr), _figure(r"Peak:\s+(\S+) dBFS", stderr))


def integrated_lufs(stderr: str) -> float:
    """The integrated loudness alone, for a measure without peaks. Raises ChildFailed if it is not there."""
    return _figure(r"I:\s+(\S+) LUFS", stderr)


def gain_for(measured_lufs: float, target_lufs: float = TARGET_LUFS) -> float:
    """Decibels that bring a sound to a loudness; 0 for silence, which has none."""
    if measured_lufs <= SILENCE_LUFS:
        return 0.0
    return min(LOUDEST_GAIN_DB, target_lufs - measured_lufs)


def measure(ffmpeg: str, file: Path, duration_s: float) -> Command:
    """Measure the first `duration_s` of a sound; `loudness` reads the answer from standard error."""
    return _measure(ffmpeg, _input(file, duration_s), _PEAK_METER)


def level(ffmpeg: str, file: Path, duration_s: float, *, loop: bool = False) -> Command:
    """Measure the first `duration_s` of a sound, without peaks; `integrated_lufs` reads the answer."""
    return _measure(ffmpeg, _input(file, duration_s, loop=loop), _METER)


def _measure(ffmpeg: str, sound: tuple[str, ...], meter: str) -> Command:
    argv = (ffmpeg, *FLAGS, *sound, "-map", "0:a:0", "-af", f"{_STEREO},{meter}", "-f", "null", "-")
    return Command("loudness", argv, answers=True)


def mix(
    ffmpeg: str, voice: Path, voice_db: float, music: tuple[Path, float] | None, duration_s: float, out: Path
) -> Command:
    """Mix a voice and music into a 48 kHz stereo float WAV of exactly `duration_s`, and measure it.

    `voice_db` and the music's decibels bring them to `VOICE_LUFS` and `VOICE_LUFS + MUSIC_LU`. The music is looped and
    cut to the length, faded in and out, and ducks under the voice. `integrated_lufs` reads the measure.
    """
    inputs = _input(voice, duration_s)
    graph = f"[0:a:0]{_STEREO},volume={voice_db:.2f}dB,{_EVEN}"
    if music is not None:
        inputs += _input(music[0], duration_s, loop=True)
        graph += f",asplit[voice][key];[1:a:0]{_music(music[1], duration_s)}[music];[music][key]{_DUCK}[ducked];"
        graph += "[voice][ducked]amix=inputs=2:duration=longest:normalize=0"
    graph += f",{_exactly(duration_s)},{_METER}[mix]"
    wav = ("-c:a", "pcm_f32le", "-bitexact", "-f", "wav", file_url(out))
    argv = (ffmpeg, *FLAGS, *inputs, "-filter_complex", graph, "-map", "[mix]", *wav)
    return Command("mix", argv)


def master(ffmpeg: str, mixed: Path, gain_db: float, ceiling_dbtp: float, duration_s: float, out: Path) -> Command:
    """Raise a mix by `gain_db`, hold its true peak under a ceiling, and write it as AAC-LC in an MP4.

    What AAC makes of the peak only a measure of `out` tells.
    """
    limit = 10 ** ((ceiling_dbtp - _BACK_DB) / 20)
    chain = (
        f"volume={gain_db:.2f}dB,aresample={4 * RATE}:resampler=soxr,"
        f"alimiter=limit={limit:.5f}:attack=5:release=80:level=false:latency=true,"
        f"{RESAMPLE},{_exactly(duration_s)}"
    )
    aac = ("-c:a", "aac", "-profile:a", "aac_low", "-b:a", BITRATE, "-fflags", "+bitexact", "-f", "mp4", file_url(out))
    return Command("master", (ffmpeg, *FLAGS, *_input(mixed, duration_s), "-map", "0:a:0", "-af", chain, *aac))


def plain(ffmpeg: str, file: Path, out: Path) -> Command:
    """Write the sound of any file that FFmpeg reads as a 16-bit mono WAV, for what listens to samples itself."""
    only = ("-vn", "-sn", "-dn", "-protocol_whitelist", "file,pipe", "-i", file_url(file), "-map", "0:a:0")
    chain = f"{RESAMPLE},aformat=sample_fmts=s16:channel_layouts=mono"
    return Command("plain", (ffmpeg, *FLAGS, *only, "-af", chain, "-bitexact", "-f", "wav", file_url(out)))


def file_url(path: Path) -> str:
    """A path as FFmpeg takes it for nothing but a file, whatever it is called."""
    return f"file:{path.absolute()}"


def _input(file: Path, duration_s: float, *, loop: bool = False) -> tuple[str, ...]:
    """Options that read the beginning of a local file's sound, over and over if it is shorter."""
    again = ("-stream_loop", "-1") if loop else ()
    only = ("-vn", "-sn", "-dn", "-protocol_whitelist", "file,pipe", "-t", f"{duration_s:.6f}")
    return (*again, *only, "-i", file_url(file))


def _music(gain_db: float, duration_s: float) -> str:
    """The music at its level, with its fades."""
    fade_in, fade_out = min(1.5, duration_s / 4), min(2.5, duration_s / 4)
    return (
        f"{_STEREO},asetpts=N/SR/TB,volume={gain_db:.2f}dB,{_exactly(duration_s)},"
        f"afade=t=in:d={fade_in:.3f},afade=t=out:st={duration_s - fade_out:.3f}:d={fade_out:.3f}"
    )


def _exactly(duration_s: float) -> str:
    """Silence added or sound cut so that the length is exact."""
    samples = round(duration_s * RATE)
    return f"apad=whole_len={samples},atrim=end_sample={samples}"


def _figure(pattern: str, stderr: str) -> float:
    """A figure of the last summary; silence is written as `-inf` or `nan`. Raises ChildFailed."""
    found = re.findall(rf"^\s+{pattern}", stderr, re.MULTILINE)
    if not found:
        raise ChildFailed("FFmpeg did not say how loud the sound is.", "The job's log holds what it said instead.")
    value = float(found[-1])
    return SILENCE_LUFS if math.isnan(value) else max(value, -120.0)

"""A quiet ambient pad, drawn as spectra: chords of broad partials, wind, a distant bell. Runs in a worker (numpy).

The tones are made the way of PADsynth (Nasca Octavian Paul, "PADsynth algorithm", zynaddsubfx.sourceforge.io): the
magnitudes of a long spectrum with each partial spread over a band, random phases, one inverse FFT. The result is a
texture without attacks that repeats without a seam.
"""

import errno
import wave
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shortsd.domain.errors import DiskFull, Internal
from shortsd.providers.music.moods import MOODS, Mood

Signal = NDArray[np.float32]
"""Samples at `RATE`, shape (2, n) for stereo, (n,) for one channel or an envelope."""

RATE = 48_000
LONGEST_S = 120.0
"""A longer track is left to who loops this one: the samples are held in memory."""
RMS = 10 ** (-22 / 20)
"""Of the whole track, full scale being 1; with this spectrum about -20 LUFS."""
PEAK = 10 ** (-3 / 20)
CHORD_S = 9.0
"""From one chord to the next; they cross over half of it."""
FADE_S = 2.0
WIDTH = 0.45
"""Part of the side signal: wide enough to surround the voice, and nothing is lost on a mono phone."""

_TABLE = 1 << 19
"""Samples of a texture before it repeats: 10.9 s."""


def pad(request: dict[str, Any], progress: Callable[[float, float, str], None]) -> dict[str, Any]:
    """Write a 48 kHz 16-bit stereo WAV.

    `request` holds `file`, `duration_s`, `mood` (an unknown one is eerie) and `seed`; one request always gives the
    same samples. The answer holds `duration_s`, at most `LONGEST_S`. Raises DiskFull, Internal.
    """
    mood = MOODS.get(request["mood"], MOODS["eerie"])
    samples = round(min(max(request["duration_s"], 1.0), LONGEST_S) * RATE)
    draw = np.random.default_rng(request["seed"])
    track = np.zeros((2, samples), np.float32)
    layers = (_chords, _drone, _wind, _bells)
    for done, layer in enumerate(layers):
        progress(done, len(layers), "music")
        layer(track, mood, draw)
    _write(Path(request["file"]), _levelled(track))
    progress(len(layers), len(layers), "music")
    return {"duration_s": samples / RATE}


def _chords(track: Signal, mood: Mood, draw: np.random.Generator) -> None:
    """The chords in turn, each swelling in while the one before it sinks."""

    @cache
    def texture(chord: tuple[int, ...]) -> Signal:
        return _stereo(_tones(mood, chord), draw)

    step, length = round(CHORD_S * RATE), round(1.5 * CHORD_S * RATE)
    swell = _swell(length, length // 3)
    first = int(draw.integers(len(mood.chords)))
    for nth, start in enumerate(range(-length // 3, track.shape[1], step)):
        _add(track, start, _tiled(texture(mood.chords[(first + nth) % len(mood.chords)]), length, draw) * swell)


def _drone(track: Signal, mood: Mood, draw: np.random.Generator) -> None:
    """The root an octave lower and its fifth, breathing over half a minute."""
    partials = [(mood.root_hz / 2, 1.0), (mood.root_hz, 0.6), (mood.root_hz * 1.5, 0.3)]
    samples = track.shape[1]
    track += 0.4 * _tiled(_stereo(_bands(partials, 6.0), draw), samples, draw) * _breath(samples, 23.0, draw)


def _wind(track: Signal, mood: Mood, draw: np.random.Generator) -> None:
    """Two broad bands of noise that rise and fall each for itself, so that the wind changes its colour."""
    for centre, level, period_s in ((320.0, 1.0, 11.0), (900.0, 0.35, 7.0)):
        noise = _tiled(_stereo(_bands([(centre, 1.0)], 700.0), draw), track.shape[1], draw)
        track += 0.4 * mood.wind * level * noise * _breath(track.shape[1], period_s, draw) ** 2


def _bells(track: Signal, mood: Mood, draw: np.random.Generator) -> None:
    """A soft bell far away, every quarter of a minute or so."""
    start = int(draw.uniform(3, 8) * RATE)
    while start < track.shape[1] - 2 * RATE:
        hz = mood.root_hz * 2 ** (int(draw.choice(mood.bells)) / 12)
        pan = draw.uniform(0.3, 0.7)
        sides = np.array([[1 - pan], [pan]], np.float32) / np.float32(4)
        _add(track, start, sides * _bell(hz, draw))
        start += int(draw.uniform(11, 19) * RATE)


def _bell(hz: float, draw: np.random.Generator) -> Signal:
    """Seven seconds of a bell: hum, prime, tierce, quint, nominal, each of them a pair that beats slowly."""
    time = np.arange(7 * RATE, dtype=np.float32) / np.float32(RATE)
    sound: Signal = np.zeros_like(time)
    for ratio, level, decay_s in ((0.5, 0.5, 2.6), (1.0, 1.0, 2.0), (1.2, 0.5, 1.5), (1.5, 0.3, 1.2), (2.0, 0.4, 0.9)):
        for beat_hz in (0.0, 0.7):
            turn = np.float32(2 * np.pi * (ratio * hz + beat_hz)) * time + np.float32(draw.uniform(0, 2 * np.pi))
            sound += np.float32(level / 2) * np.sin(turn) * np.exp(-time / np.float32(decay_s))
    sound *= _swell(len(time), RATE // 20)
    return sound


def _tones(mood: Mood, chord: Sequence[int]) -> NDArray[np.float64]:
    """The spectrum of a chord: eight harmonics of each note, those of high notes softer."""
    partials = [
        (mood.root_hz * 2 ** (note / 12) * n, 2 ** (-note / 48) / n ** (2.4 - mood.brightness))
        for note in chord
        for n in range(1, 9)
    ]
    return _bands(partials, 14.0)


def _bands(partials: Sequence[tuple[float, float]], cents: float) -> NDArray[np.float64]:
    """Magnitudes of a spectrum of `_TABLE` samples: partials (Hz, amplitude), each a Gaussian `cents` wide."""
    frequencies = np.fft.rfftfreq(_TABLE, 1 / RATE)
    magnitudes = np.zeros_like(frequencies)
    for hz, amplitude in partials:
        width = hz * (2 ** (cents / 1200) - 1)
        low, high = np.searchsorted(frequencies, (max(25.0, hz - 4 * width), hz + 4 * width))
        band = frequencies[low:high]
        magnitudes[low:high] += amplitude / np.sqrt(width) * np.exp(-(((band - hz) / width) ** 2) / 2)
    return magnitudes


def _stereo(magnitudes: NDArray[np.float64], draw: np.random.Generator) -> Signal:
    """A texture of that spectrum, shape (2, _TABLE), its mean square 1: a middle, and a side to widen it."""
    middle, side = (_texture(magnitudes, draw) for _ in range(2))
    both: Signal = np.stack((middle + WIDTH * side, middle - WIDTH * side))
    both /= np.float32(np.hypot(1, WIDTH))
    return both


def _texture(magnitudes: NDArray[np.float64], draw: np.random.Generator) -> Signal:
    heard = np.flatnonzero(magnitudes)  # a few narrow bands among many bins
    spectrum = np.zeros(len(magnitudes), np.complex64)
    spectrum[heard] = magnitudes[heard] * np.exp(2j * np.pi * draw.random(len(heard)))
    sound: Signal = np.fft.irfft(spectrum, _TABLE).astype(np.float32, copy=False)
    sound /= np.sqrt(np.mean(sound**2))
    return sound


def _tiled(texture: Signal, samples: int, draw: np.random.Generator) -> Signal:
    """As much of a texture as is needed, from a random place on, over and over."""
    turned = np.roll(texture, int(draw.integers(_TABLE)), axis=1)
    tiled: Signal = np.tile(turned, -(-samples // _TABLE))[:, :samples]
    return tiled


def _swell(samples: int, edge: int) -> Signal:
    """1 with quarter-sine edges: two sounds that cross keep their power."""
    rise = np.sin(np.linspace(0, np.pi / 2, edge, dtype=np.float32))
    return np.concatenate((rise, np.ones(samples - 2 * edge, np.float32), rise[::-1]))


def _breath(samples: int, period_s: float, draw: np.random.Generator) -> Signal:
    """A slow envelope between 0.2 and 1: two sines whose periods never meet."""
    time = np.arange(samples, dtype=np.float32) * np.float32(2 * np.pi / RATE / period_s)
    first, second = draw.uniform(0, 2 * np.pi, 2).astype(np.float32)
    breath: Signal = np.sin(time + first) + np.sin(np.float32(1.618) * time + second)
    breath *= np.float32(0.2)
    breath += np.float32(0.6)
    return breath


def _add(track: Signal, start: int, sound: Signal) -> None:
    """Add a sound at a sample, which may lie before the beginning; what sticks out is cut."""
    low, high = max(start, 0), min(start + sound.shape[1], track.shape[1])
    track[:, low:high] += sound[:, low - start : high - start]


def _levelled(track: Signal) -> Signal:
    """The track at its loudness, faded at both ends."""
    edge = min(round(FADE_S * RATE), track.shape[1] // 4)
    track *= _swell(track.shape[1], edge)
    rms, peak = float(np.sqrt(np.mean(track**2))), float(np.max(np.abs(track)))
    return track * np.float32(min(RMS / rms, PEAK / peak))


def _write(file: Path, track: Signal) -> None:
    try:
        with file.open("wb") as raw, wave.open(raw, "wb") as out:
            out.setnchannels(2)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(np.round(track.T * 32767).astype(np.int16).tobytes())
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"No space left to write {file}.", "Free some space, then retry.") from exc
        raise Internal(f"{file} cannot be written: {exc.strerror}.") from exc

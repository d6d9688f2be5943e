"""The ends of a spoken sentence: silence before and behind it is cut off, and its words' times move along.

Works on 16-bit mono WAV files with the standard library alone, so that a daemon can do it in a thread: about 1.5 ms for
a second of sound at 22 kHz.
"""

import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.story import Speech, Word

WINDOW_S = 0.005
"""Loudness is looked at in windows of this length: half of what lies between the highest and the lowest sample."""
QUIET = 10 ** (-46 / 20)
"""A window below this part of the loudest one is silence, as it is for espeak-ng's own trimming."""
FADE_S = 0.004
"""Both ends fade, so that none clicks."""
LEAD_S, TAIL_S = 0.02, 0.04
"""Silence that is left before and after the sound, so that no onset or release is cut."""

SILENCE_S = 0.4
"""How long a sentence lasts in which there is nothing to hear; longer if its words need more."""
SHORTEST_S = 0.03
"""What a word is left with at least where the sentence has room: two frames at 60/s."""
TICKS = 10_000
"""Words' times are whole ticks from the start of their sentence; so many are a second."""

NOISE_S = 0.1
"""So much at each end is listened to for the noise of a room."""
NOISE_RUN_S = 0.3
"""Noise shorter than this may be a soft sound of speech, an f or an s."""
_ABOVE_NOISE = 2.0
_LOUDEST_NOISE = 10 ** (-26 / 20)
"""Noise above this part of the loudest window is none of a room's."""
_SILENT = 50
"""A window below this (-56 dBFS) is nothing spoken."""
_FAINT = 520
"""Sound below this (-36 dBFS) is a room's noise, if it is as even as noise."""
_EVEN = 4
"""The loudest window of noise is not so many times as loud as its quietest; that of speech is tens of times."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A sentence as it is used, and whether there is anything to hear in it."""

    speech: Speech
    heard: bool


def plain(file: Path) -> bool:
    """Whether a file is a 16-bit mono WAV, as `trim` takes it. Raises OSError."""
    try:
        with file.open("rb") as raw, wave.open(raw) as wav:
            return (wav.getsampwidth(), wav.getnchannels()) == (2, 1)
    except (wave.Error, EOFError):
        return False


def trim(file: Path, speech: Speech) -> Trimmed:
    """Cut silence, or a room's steady noise, off both ends of a plain file, in place, and fade what is left.

    Words keep their order and stay inside; their times are whole TICKS from the start of the file, so that the same
    sentence has the same times wherever it stands. A sentence in which there is nothing to hear, or that has no
    samples, becomes a short silence with its words spread over it. Raises OSError.
    """
    pcm, rate = _read(file)
    levels = _levels(pcm, max(1, round(rate * WINDOW_S)))
    if not _audible(levels):
        return Trimmed(_silence(file, speech, rate), heard=False)
    first, last = _span(levels, rate, len(pcm))
    kept = pcm[first:last]
    _fade(kept, min(round(rate * FADE_S), len(kept) // 2))
    _write(file, kept, rate)
    length_s = len(kept) / rate
    return Trimmed(Speech(speech.file, length_s, _inside(speech.words, first / rate, length_s)), heard=True)


def _read(file: Path) -> "tuple[array[int], int]":
    """The samples that are there, be they as many as the file says or not, and their rate."""
    with file.open("rb") as raw, wave.open(raw) as wav:
        data = wav.readframes(wav.getnframes())
        return array("h", data[: len(data) & ~1]), wav.getframerate()


def _write(file: Path, pcm: "array[int]", rate: int) -> None:
    with file.open("wb") as raw, wave.open(raw, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(pcm)


def _levels(pcm: "array[int]", step: int) -> list[float]:
    """How loud each window is; a constant offset is not heard and does not count."""
    windows = (pcm[at : at + step] for at in range(0, len(pcm), step))
    return [(max(window) - min(window)) / 2 for window in windows]


def _audible(levels: Sequence[float]) -> bool:
    """Whether anything is spoken: neither silence nor faint and even noise."""
    loudest = max(levels, default=0.0)
    if loudest < _SILENT:
        return False
    quietest = sorted(levels)[len(levels) // 20]
    return loudest >= min(_FAINT, _EVEN * quietest)


def _span(levels: Sequence[float], rate: int, length: int) -> tuple[int, int]:
    """Samples [first, last) to keep of so many."""
    step = max(1, round(rate * WINDOW_S))
    before, behind = _quiet(levels), _quiet(levels[::-1])
    first = max(0, before * step - round(LEAD_S * rate))
    return first, min(length, (len(levels) - behind) * step + round(TAIL_S * rate))


def _quiet(levels: Sequence[float]) -> int:
    """Windows at the beginning in which nobody speaks: silence, or noise if it lasts long enough to be a room's."""
    loudest = max(levels)
    beginning = sorted(levels[: round(NOISE_S / WINDOW_S)])
    noise = min(_ABOVE_NOISE * beginning[len(beginning) * 9 // 10], _LOUDEST_NOISE * loudest)
    noisy = _below(levels, max(noise, QUIET * loudest))
    return noisy if noisy * WINDOW_S >= NOISE_RUN_S else _below(levels, QUIET * loudest)


def _below(levels: Sequence[float], floor: float) -> int:
    """Windows before the first one above a level that one of them is above."""
    return next(index for index, level in enumerate(levels) if level > floor)


def _fade(pcm: "array[int]", samples: int) -> None:
    """Let so many samples at both ends rise from nothing and fall to nothing."""
    for index in range(samples):
        pcm[index] = pcm[index] * index // samples
        pcm[-1 - index] = pcm[-1 - index] * index // samples


def _silence(file: Path, speech: Speech, rate: int) -> Speech:
    """A short silence in place of a file, over which the sentence's words are spread by their letters."""
    samples = round(max(SILENCE_S, SHORTEST_S * len(speech.words)) * rate)
    _write(file, array("h", bytes(2 * samples)), rate)
    length_s = samples / rate
    letters = sum(len(word.text) for word in speech.words)
    spread, before = [], 0
    for word in speech.words:
        after = before + len(word.text)
        spread.append(Word(word.text, length_s * before / letters, length_s * after / letters))
        before = after
    return Speech(speech.file, length_s, _inside(spread, 0.0, length_s))


def _inside(words: Sequence[Word], cut_s: float, length_s: float) -> tuple[Word, ...]:
    """Words after `cut_s` was cut off before them: in [0, length_s], in order, none without time of its own."""
    shortest = min(SHORTEST_S, length_s / max(1, len(words)))
    begins: list[float] = []
    for left, word in zip(range(len(words), 0, -1), words, strict=True):
        free = begins[-1] + shortest if begins else 0.0
        begins.append(min(max(word.start_s - cut_s, free), length_s - left * shortest))
    ends = [*begins[1:], length_s]
    return tuple(
        Word(word.text, _ticks(begin), _ticks(min(max(word.end_s - cut_s, begin + shortest), end)))
        for word, begin, end in zip(words, begins, ends, strict=True)
    )


def _ticks(seconds: float) -> float:
    """Rounded down to whole ticks, so that nothing comes to lie outside."""
    return int(seconds * TICKS + 1e-6) / TICKS

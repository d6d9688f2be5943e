"""The embedded voice: espeak-ng inside this process, offline, with the times of its words."""

import asyncio
import errno
import re
import threading
import wave
from array import array
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from shortsd.domain.errors import BadInput, DiskFull, Internal
from shortsd.domain.ports import Desk
from shortsd.domain.story import Speech, VoiceInfo, Word
from shortsd.domain.text import Token, words
from shortsd.providers.voice import alignment
from shortsd.providers.voice.catalogue import catalogue
from shortsd.providers.voice.libespeak import RATE, Sound, espeak

MANNER = {"rate": 140, "pitch": 40, "range": 42, "volume": 90}
"""A calm narrator, lower than usual; with pauses, 140 measures about 150 words a minute. Volume leaves headroom."""

SILENCE_S = 0.4
"""How long a sentence lasts that has nothing to say (only dashes, for example)."""
LONGEST_S = 600
"""More speech than this in one sentence is refused: what is spoken at one go has to end within seconds of work."""

_STEP = RATE // 200
"""Samples of a 5 ms window, in which loudness is looked at."""
_QUIET = 10 ** (-46 / 20)
"""A window below this part of the sentence's peak is silence."""
_SILENT = 50
"""A peak below this (-56 dB) is nothing spoken."""
_LEAD, _TAIL = RATE // 100, RATE // 20
"""Samples of silence left before (10 ms) and after (50 ms) the sound, so that no onset or release is cut."""
_CONTROL = re.compile("[\x00-\x1f\x7f]")
"""The library ends at NUL and takes ^A for a command; a space instead keeps the positions."""


class EspeakVoice:
    """Speaks with espeak-ng. A voice is a language tag, or one with a variant behind a plus: `en-us`, `en-gb+f3`."""

    @property
    def key(self) -> str:
        return f"espeak-ng {espeak().version} {' '.join(f'{name}={value}' for name, value in MANNER.items())}"

    async def voices(self) -> Sequence[VoiceInfo]:
        """The voices, without their variants, sorted by id."""
        known = await asyncio.to_thread(catalogue)
        return [VoiceInfo(tag, voice.name.strip(), tag) for tag, voice in sorted(known.own.items())]

    async def check(self, voice: str) -> None:
        """Raise BadInput if there is no such voice; its hint says near names."""
        (await asyncio.to_thread(catalogue)).resolve(voice)

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        """Speak a sentence into a 22050 Hz 16-bit mono WAV; takes milliseconds, in a thread.

        Raises BadInput for an unknown voice or for more than ten minutes of speech, DiskFull, Internal.
        """
        stop = threading.Event()
        work = asyncio.create_task(asyncio.to_thread(_speak, text, voice, to, stop))
        try:
            speech = await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.gather(work, return_exceptions=True)
            raise
        if speech is None:
            desk.log.warning(f"The voice has nothing to say in “{text.strip()}”: {SILENCE_S} s of silence instead.")
            return await asyncio.to_thread(_silence, text, to)
        return speech


def _speak(text: str, voice: str, to: Path, stop: threading.Event) -> Speech | None:
    """The spoken sentence, or None if there is nothing to hear in it."""

    def enough(sound: Sound) -> bool:
        return stop.is_set() or len(sound.pcm) > 2 * RATE * LONGEST_S

    identifier = catalogue().resolve(voice)
    sound = espeak().synthesise(_CONTROL.sub(" ", text), identifier, MANNER, enough)
    if sound.cut:
        raise BadInput(
            f"The sentence that begins with “{text.strip()[:40]}” takes more than {LONGEST_S // 60} minutes to say.",
            "Divide it into sentences.",
        )
    pcm = array("h", sound.pcm)
    peaks = _peaks(pcm)
    if not sound.words or max(peaks, default=0) < _SILENT:
        return None
    first, last = _span(pcm, peaks)
    timed = _timed(words(text), sound, peaks, first, last)
    _write(to, pcm[first:last])
    return Speech(to.name, (last - first) / RATE, timed)


def _silence(text: str, to: Path) -> Speech:
    """A short silence, over which the tokens are spread."""
    tokens = words(text)
    begins = alignment.starts(tokens, (), SILENCE_S)
    samples = round(SILENCE_S * RATE)
    _write(to, array("h", bytes(2 * samples)))
    return Speech(to.name, samples / RATE, alignment.timed(tokens, begins, [*begins[1:], SILENCE_S][: len(tokens)]))


def _peaks(pcm: "array[int]") -> list[int]:
    """The largest magnitude in each 5 ms window."""
    windows = (pcm[at : at + _STEP] for at in range(0, len(pcm), _STEP))
    return [max(abs(max(window)), abs(min(window))) for window in windows]


def _span(pcm: "array[int]", peaks: Sequence[int]) -> tuple[int, int]:
    """Samples [first, last) to keep: the sound with a little silence around it."""
    floor = max(peaks) * _QUIET
    loud = [index for index, peak in enumerate(peaks) if peak > floor]
    return max(0, loud[0] * _STEP - _LEAD), min(len(pcm), (loud[-1] + 1) * _STEP + _TAIL)


def _timed(tokens: Sequence[Token], sound: Sound, peaks: Sequence[int], first: int, last: int) -> tuple[Word, ...]:
    """The words' times within the samples [first, last) that are kept."""
    end_s = (last - first) / RATE
    begins = alignment.starts(tokens, sound.words, end_s, RATE, first)
    ends = [_end(peaks, first, begin, after) for begin, after in pairwise([*begins, end_s])]
    return alignment.timed(tokens, begins, ends)


def _end(peaks: Sequence[int], first: int, begin: float, after: float) -> float:
    """When a word that starts at `begin` falls silent, `after` being the next one's start (both seconds)."""
    low, high = (round(first + time * RATE) // _STEP for time in (begin, after))
    floor = max(peaks) * _QUIET
    loud = [index for index in range(low, min(high, len(peaks))) if peaks[index] > floor]
    return min(after, ((loud[-1] + 1) * _STEP - first) / RATE) if loud else after


def _write(to: Path, pcm: "array[int]") -> None:
    try:
        with to.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(pcm)
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"No space left to write {to}.", "Free some space, then retry.") from exc
        raise Internal(f"{to} cannot be written: {exc.strerror}.") from exc

"""The embedded voice: espeak-ng inside this process, offline, with the times of its words."""

import asyncio
import contextlib
import re
import threading
from array import array
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Desk
from shortsd.domain.story import Speech, VoiceInfo, Word
from shortsd.domain.text import Token, words
from shortsd.providers.voice import alignment, recording
from shortsd.providers.voice.catalogue import catalogue
from shortsd.providers.voice.libespeak import RATE, Sound, espeak

MANNER = {"rate": 140, "pitch": 40, "range": 42, "volume": 90}
"""A calm narrator, lower than usual; with pauses, 140 measures about 150 words a minute. Volume leaves headroom."""

DEFAULT = "en-us"

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
    """Speaks with espeak-ng. A voice is a language tag, or one with a variant behind a plus: `en-us`, `en-gb+f3`.

    `usual`, if it is one of them, speaks in place of voices of others whose language is not known.
    """

    def __init__(self, usual: str = DEFAULT) -> None:
        self._usual = usual

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

    async def instead(self, tag: str) -> str:
        """Who speaks in place of a voice of others whose language is `tag`."""
        known = await asyncio.to_thread(catalogue)
        for one in (tag, tag.partition("-")[0], self._usual):
            with contextlib.suppress(BadInput):
                known.resolve(one)
                return one.lower()
        return DEFAULT

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
            return await recording.silence(text, to, desk)
        return speech


def _speak(text: str, voice: str, to: Path, stop: threading.Event) -> Speech | None:
    """The spoken sentence, or None if there is nothing to hear in it."""

    def enough(sound: Sound) -> bool:
        return stop.is_set() or len(sound.pcm) > 2 * RATE * recording.LONGEST_S

    identifier = catalogue().resolve(voice)
    sound = espeak().synthesise(_CONTROL.sub(" ", text), identifier, MANNER, enough)
    if sound.cut:
        raise recording.too_long(text)
    pcm = array("h", sound.pcm)
    peaks = _peaks(pcm)
    if not sound.words or max(peaks, default=0) < _SILENT:
        return None
    first, last = _span(pcm, peaks)
    timed = _timed(words(text), sound, peaks, first, last)
    recording.write(to, pcm[first:last], RATE)
    return Speech(to.name, (last - first) / RATE, timed)


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

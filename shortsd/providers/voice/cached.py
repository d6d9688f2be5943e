"""A voice that remembers what it said: no sentence is spoken, or paid for, twice."""

import asyncio
import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

import msgspec

from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Desk, Voice
from shortsd.domain.stage import StageName
from shortsd.domain.story import Speech, VoiceInfo

_FORMAT = "speech 1"
"""Raised when entries come to be written in another way."""

logger = logging.getLogger("shortsd.voice")


class _Checked(Voice, Protocol):
    async def check(self, voice: str) -> None: ...


class CachedVoice:
    """Another voice, with the sentences that it spoke for jobs kept in a folder.

    A sentence is looked for by its text, the voice's name and the speaker's key, so that what a retry asks for comes
    back as the same bytes. Each entry is one file, written whole: a digest, a line of JSON with its length and its
    words, and the WAV file as the voice made it. One that is damaged is made again; where none can be kept, work goes
    on without. Which file was used last is in its times, for who makes room. What belongs to no job and no story
    (doctor tries the voice) is always spoken.
    """

    def __init__(self, voice: _Checked, folder: Path) -> None:
        self._voice = voice
        self._folder = folder
        self._at_work: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """By entry, so that jobs that want the same sentence at once have it spoken once."""
        self._failing = False
        """Whether the last sentence could not be kept: it is told of once, not for every sentence."""

    @property
    def key(self) -> str:
        return self._voice.key

    async def voices(self) -> Sequence[VoiceInfo]:
        return await self._voice.voices()

    async def check(self, voice: str) -> None:
        """Raise BadInput if there is no such voice."""
        await self._voice.check(voice)

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        """As the voice speaks it, or spoke it before. Raises what the voice raises."""
        if not desk.job and desk.stage != StageName.VOICE:
            return await self._voice.speak(text, voice, to, desk)
        mark = _mark(text, voice, self.key)
        async with self._at_work.setdefault(mark, asyncio.Lock()):
            entry = self._folder / mark[:2] / mark
            return await in_thread(_taken, entry, to) or await self._spoken(text, voice, to, desk, entry)

    async def _spoken(self, text: str, voice: str, to: Path, desk: Desk, entry: Path) -> Speech:
        speech = await self._voice.speak(text, voice, to, desk)
        try:
            await in_thread(_keep, entry, speech, to)
            self._failing = False
        except OSError as exc:
            if not self._failing:
                logger.warning("spoken sentences cannot be kept", extra={"file": str(entry), "why": exc.strerror})
            self._failing = True
        return speech


def _mark(text: str, voice: str, key: str) -> str:
    """A hash of everything that a spoken sentence depends on: 32 hexadecimal digits."""
    return blake2b(json.dumps([_FORMAT, text, voice, key]).encode(), digest_size=16).hexdigest()


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).hexdigest().encode()


def _taken(entry: Path, to: Path) -> Speech | None:
    """What an entry holds, its sound written to `to`; None if there is no good one or `to` cannot be written."""
    try:
        digest, _, content = entry.read_bytes().partition(b"\n")
        if digest != _digest(content):
            return None
        os.utime(entry)
        line, _, sound = content.partition(b"\n")
        kept = msgspec.json.decode(line, type=Speech)
        to.write_bytes(sound)
    except (OSError, msgspec.MsgspecError):
        return None
    return Speech(to.name, kept.duration_s, kept.words)


def _keep(entry: Path, speech: Speech, file: Path) -> None:
    """Write an entry whole or not at all. Raises OSError.

    Nobody waits until the disk has it: what a power cut makes of it, its digest tells.
    """
    content = msgspec.json.encode(speech) + b"\n" + file.read_bytes()
    entry.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=entry.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(_digest(content) + b"\n" + content)
        Path(part).replace(entry)
    except OSError:
        with contextlib.suppress(OSError):
            Path(part).unlink()
        raise

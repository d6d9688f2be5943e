"""The list of Edge's voices: asked for once a day, and kept where the next start finds it."""

import asyncio
import contextlib
import re
from collections.abc import Mapping
from pathlib import Path

import edge_tts
import msgspec

from shortsd.domain.errors import ServiceFailed
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Clock
from shortsd.domain.story import VoiceInfo
from shortsd.providers.voice.edge_road import FAILURES, road, told

DAY_S = 86_400.0
AGAIN_S = 300.0
"""After a list that could not be had, none is asked for during this time."""
ANSWER_S = 20.0
"""How long it may take to come."""

_TRIMMINGS = re.compile(r"^Microsoft | Online \(Natural\)")
"""What the friendly name of every voice has in common: "Microsoft Guy Online (Natural) - English (United States)"."""


class _Listed(msgspec.Struct):
    """A voice as the service lists it."""

    ShortName: str
    Locale: str
    Gender: str = ""
    FriendlyName: str = ""


class _Kept(msgspec.Struct):
    """A list in its file; `at` is when it came, in seconds since the epoch."""

    at: float
    voices: list[VoiceInfo]


class EdgeList:
    """The voices by their ids in lower case."""

    def __init__(self, base_url: str, file: Path, clock: Clock) -> None:
        self._base_url = base_url
        self._file = file
        self._clock = clock
        self._kept: _Kept | None = None
        self._not_before = 0.0
        self._why = ""
        self._one = asyncio.Lock()

    async def get(self) -> Mapping[str, VoiceInfo]:
        """All of them; those of a list that is too old if there is no newer one. Raises ServiceFailed without any."""
        async with self._one:
            if self._kept is None:
                self._kept = await asyncio.to_thread(_read, self._file)
            kept = await self._renewed(self._kept)
        return {voice.id.lower(): voice for voice in kept.voices}

    async def had(self) -> Mapping[str, VoiceInfo]:
        """As `get`, none if there is no list."""
        with contextlib.suppress(ServiceFailed):
            return await self.get()
        return {}

    async def _renewed(self, kept: _Kept | None) -> _Kept:
        if kept is not None and 0 <= self._clock() - kept.at < DAY_S:
            return kept
        try:
            self._kept = await self._fetched()
        except ServiceFailed:
            if kept is None:
                raise
            return kept
        return self._kept

    async def _fetched(self) -> _Kept:
        """The list as the service has it now. Raises ServiceFailed."""
        if self._clock() < self._not_before:
            raise ServiceFailed(self._why)
        try:
            made = _Kept(self._clock(), await _asked(self._base_url))
        except ServiceFailed as exc:
            self._not_before, self._why = self._clock() + AGAIN_S, exc.message
            raise
        await in_thread(_write, self._file, made)
        return made


async def _asked(base_url: str) -> list[VoiceInfo]:
    """The list as the service has it. Raises ServiceFailed."""
    try:
        async with asyncio.timeout(ANSWER_S), road(base_url) as connector:
            listed = msgspec.convert(await edge_tts.list_voices(connector=connector), list[_Listed])
    except (*FAILURES, msgspec.MsgspecError) as exc:
        raise told(exc) from None
    return [VoiceInfo(one.ShortName, _name(one), one.Locale, "edge", one.Gender.lower()) for one in listed]


def _name(one: _Listed) -> str:
    return _TRIMMINGS.sub("", one.FriendlyName) or one.ShortName


def _read(file: Path) -> _Kept | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return None


def _write(file: Path, kept: _Kept) -> None:
    """Write a list whole. That it could not be written is no matter: it is asked for again."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(kept))
        part.replace(file)

"""Microsoft Edge's voices, through edge-tts: no key, no account, and the times of the words.

The sound comes as MP3 and is kept as it comes. A boundary's time is taken to count in what the service gave to its
encoder, so that it is heard later by what `mp3` tells.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import edge_tts
from edge_tts.constants import TICKS_PER_SECOND
from edge_tts.typing import TTSChunk

from shortsd.domain import voice_ids
from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Desk
from shortsd.domain.story import Speech, VoiceInfo
from shortsd.domain.text import words
from shortsd.providers.voice import mp3, recording
from shortsd.providers.voice.boundaries import Boundary, placed
from shortsd.providers.voice.edge_list import EdgeList
from shortsd.providers.voice.edge_road import FAILURES, NAME, OWN, road, told
from shortsd.providers.voice.near import near
from shortsd.providers.web.service import Ways
from shortsd.providers.web.terms import Terms
from shortsd.providers.web.waits import clock_time, ours_s

TERMS = Terms(at_once=4, connect_s=10.0, read_s=20.0, whole_s=90.0)
"""It answers within a second and speaks ten times as fast as one listens."""

_FORM = re.compile(r"[a-z]{2,3}(-[a-z]{2,})+-\w+Neural", re.IGNORECASE)
_MOST_BYTES = recording.LONGEST_S * 48_000 // 8


@dataclass(slots=True)
class _Heard:
    """What has come of a sentence so far."""

    sound: bytearray = field(default_factory=bytearray)
    words: list[Boundary] = field(default_factory=list)


class EdgeVoice:
    """Speaks with the voices of Microsoft Edge. A voice is called as there: `en-US-GuyNeural`.

    `usual` speaks in place of voices of others, if they are of its language; `kept` is a file for the list of voices. A
    service that failed is left alone for a while.
    """

    at_once = TERMS.at_once
    key = "edge 1 audio-24khz-48kbitrate-mono-mp3"

    def __init__(
        self,
        kept: Path,
        base_url: str = OWN,
        usual: str = "en-US-ChristopherNeural",
        terms: Terms = TERMS,
        ways: Ways | None = None,
    ) -> None:
        self._ways = ways or Ways()
        self._base_url = base_url
        self._usual = usual
        self._terms = terms
        self._list = EdgeList(base_url, kept, self._ways.clock)
        self._turn = asyncio.Semaphore(terms.at_once)
        self._closed_until = 0.0
        self._why = ""

    async def voices(self) -> Sequence[VoiceInfo]:
        """All of them, sorted by id. Raises ServiceFailed if they cannot be told now."""
        return sorted((await self._list.get()).values(), key=lambda voice: voice.id)

    async def check(self, voice: str) -> None:
        """Raise BadInput if there is no such voice; if that cannot be told now, only for what is no voice's name."""
        await self._called(voice)

    async def instead(self, tag: str) -> str:
        """Who speaks in place of a voice of others whose language is `tag`: one of that language if there is any."""
        if voice_ids.language(tag) in ("", voice_ids.language(self._usual)):
            return self._usual
        listed = (await self._list.had()).values()
        of_it = [one.id for one in listed if voice_ids.language(one.id) == voice_ids.language(tag)]
        nearest = [one for one in of_it if voice_ids.tag(one).lower() == tag.lower()]
        return min(nearest or of_it, default=self._usual)

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        """Speak a sentence into an MP3 file, whatever it is called.

        Raises BadInput for an unknown voice or for more than ten minutes of speech, ServiceFailed, ServiceRefused,
        DiskFull, Internal.
        """
        called = await self._called(voice)
        if not any(map(str.isalnum, text)):
            return await recording.silence(text, to, desk)
        heard = await self._until_heard(text, called)
        length_s = mp3.frames(heard.sound) * mp3.FRAME_S
        await in_thread(recording.save, to, heard.sound)
        return Speech(to.name, length_s, placed(text, words(text), heard.words, length_s))

    async def _called(self, voice: str) -> str:
        """A voice's name as the service writes it. Raises BadInput."""
        listed = await self._list.had()
        known = listed.get(voice.lower())
        if known is not None:
            return known.id
        if listed or not _FORM.fullmatch(voice):
            names = {one.id: one.id for one in listed.values()}
            hint = near(voice, names, f"`{self._usual}` is one; `shortsctl voices --provider edge` lists them.")
            raise BadInput(f"{NAME} have no “{voice}”.", hint)
        return voice

    async def _until_heard(self, text: str, voice: str) -> _Heard:
        """Ask until there is an answer, or no hope of one."""
        if (left_s := self._closed_until - self._ways.clock()) > 0:
            why = f"{self._why} They are not asked before {clock_time(self._closed_until)}."
            raise ServiceFailed(why, retry_after_s=left_s)
        for tries in range(1, self._terms.tries + 1):
            try:
                return await self._in_turn(text, voice)
            except ServiceFailed as exc:
                if not exc.retryable:
                    raise
                if isinstance(exc, ServiceRefused) or tries == self._terms.tries:
                    self._closed_until = self._ways.clock() + self._terms.trip_s
                    self._why = exc.message
                    raise
                await self._ways.wait(ours_s(tries, self._terms, self._ways.draw))
        raise AssertionError("unreachable: the last try returns or raises")

    async def _in_turn(self, text: str, voice: str) -> _Heard:
        """A sentence, whole. Raises ServiceFailed, BadInput."""
        try:
            async with self._turn, asyncio.timeout(self._terms.whole_s), road(self._base_url) as connector:
                asked = edge_tts.Communicate(
                    text,
                    _full_name(voice),
                    boundary="WordBoundary",
                    connector=connector,
                    connect_timeout=round(self._terms.connect_s),
                )
                heard = await self._listen(asked, text)
            _check_whole(heard, asked)
        except FAILURES as exc:
            raise told(exc) from None
        late_s = 0.0 if mp3.informed(heard.sound) else mp3.LATE_S
        heard.words = [Boundary(one.text, one.start_s + late_s, one.end_s + late_s) for one in heard.words]
        return heard

    async def _listen(self, asked: edge_tts.Communicate, text: str) -> _Heard:
        heard = _Heard()
        async with aclosing(asked.stream()) as chunks:
            while True:
                # aiohttp does not look at the clock any more once it is a WebSocket.
                async with asyncio.timeout(self._terms.connect_s + self._terms.read_s):
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return heard
                _take(heard, chunk)
                if len(heard.sound) > _MOST_BYTES:
                    raise recording.too_long(text)


def _take(heard: _Heard, chunk: TTSChunk) -> None:
    """Keep what came. Raises LookupError for a boundary without times."""
    if chunk["type"] == "audio":
        heard.sound += chunk["data"]
    elif chunk["type"] == "WordBoundary":
        start_s = chunk["offset"] / TICKS_PER_SECOND
        heard.words.append(Boundary(chunk["text"], start_s, start_s + chunk["duration"] / TICKS_PER_SECOND))


def _check_whole(heard: _Heard, asked: edge_tts.Communicate) -> None:
    """Raise ServiceFailed for a sentence that broke off, ValueError for what is no sound.

    edge-tts counts the bytes of a turn when its end is told, and takes a connection that is closed for an end, too.
    """
    if asked.state["cumulative_audio_bytes"] != len(heard.sound):
        raise ServiceFailed(f"{NAME} broke off in the middle of a sentence.")
    mp3.frames(heard.sound)


def _full_name(voice: str) -> str:
    """As Edge itself asks for a voice; edge-tts makes it of most names, but not of `iu-Latn-CA-SiqiniqNeural`."""
    locale, _, name = voice.rpartition("-")
    return f"Microsoft Server Speech Text to Speech Voice ({locale}, {name})"

"""Microsoft Edge's read-aloud service, as clients of it describe it; Microsoft itself documents it nowhere.

Frames and fields are those of edge-tts (https://github.com/rany2/edge-tts, src/edge_tts/communicate.py and voices.py):
text frames with headers, an empty line and JSON; binary frames with two bytes that say how long their headers are; the
voice as SSML; boundaries in ticks of 100 ns. Who speaks is espeak-ng, so that the times of the words are true, through
libmp3lame as a stream without a frame that tells its delay.
"""

import asyncio
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

from aiohttp import WSMsgType, web
from listening import ffmpeg
from support import TestDesk

from servers.loopback import Loopback
from shortsd.domain.story import Word
from shortsd.providers.voice.espeak import EspeakVoice

LEAD_S = 0.1
"""Silence before every sentence, as there is in the service's."""
VOICES = {
    "de-DE-ConradNeural": "Male",
    "de-AT-IngridNeural": "Female",
    "en-GB-RyanNeural": "Male",
    "en-US-ChristopherNeural": "Male",
    "en-US-GuyNeural": "Male",
    "iu-Latn-CA-SiqiniqNeural": "Female",
}


@dataclass
class Turn:
    """What the service says to one sentence; a fault changes it."""

    words: list[dict[str, Any]]
    sound: bytes
    ends: bool = True
    junk: Sequence[str | bytes] = ()
    silent: bool = False


Fault = Callable[[Turn], None]


@dataclass
class Asked:
    """What was to be spoken, and by whom."""

    text: str
    voice: str


@lru_cache(maxsize=64)
def spoken(text: str) -> tuple[tuple[Word, ...], bytes]:
    """A sentence as espeak-ng speaks it, behind LEAD_S of silence: its words, and an MP3."""
    with tempfile.TemporaryDirectory() as folder:
        plain, mp3 = Path(folder) / "s.wav", Path(folder) / "s.mp3"
        speech = asyncio.run(EspeakVoice().speak(text, "en-us", plain, TestDesk()))
        chain = f"adelay={LEAD_S * 1000:.0f}:all=1"
        form = (
            "-c:a",
            "libmp3lame",
            "-b:a",
            "48k",
            "-ar",
            "24000",
            "-ac",
            "1",
            "-write_xing",
            "0",
            "-id3v2_version",
            "0",
        )
        ffmpeg("-i", plain, "-af", chain, *form, mp3)
        return speech.words, mp3.read_bytes()


def _word(word: Word) -> dict[str, Any]:
    """A word as its boundary: without the punctuation around it."""
    text = re.sub(r"^\W+|\W+$", "", word.text)
    ticks = [round(1e7 * seconds) for seconds in (LEAD_S + word.start_s, word.end_s - word.start_s)]
    return {
        "Type": "WordBoundary",
        "Data": {
            "Offset": ticks[0],
            "Duration": ticks[1],
            "text": {"Text": text, "Length": len(text), "BoundaryType": "WordBoundary"},
        },
    }


@dataclass
class EdgeService(Loopback):
    """Speaks. `turns` are faults of the next sentences, one each; handshakes fail by `fail(..., at=PATH)`."""

    turns: list[Fault] = field(default_factory=list)
    voices: dict[str, str] = field(default_factory=lambda: dict(VOICES))
    said: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    PATH = "/edge/v1"
    LIST = "/voices/list"

    def __post_init__(self) -> None:
        super().__init__()

    def routes(self) -> list[web.RouteDef]:
        return [web.get(self.PATH, self._speak), web.get(self.LIST, self._list)]

    async def _list(self, request: web.Request) -> web.StreamResponse:
        assert request.query["trustedclienttoken"]
        return web.json_response([_listed(name, gender) for name, gender in self.voices.items()])

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        assert request.query["TrustedClientToken"]
        assert re.fullmatch(r"[0-9A-F-]{64,}", request.query["Sec-MS-GEC"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._turn(socket)
        finally:
            self.at_once -= 1
        await socket.close()
        return socket

    async def _turn(self, socket: web.WebSocketResponse) -> None:
        config, ssml = [await socket.receive() for _ in range(2)]
        if WSMsgType.TEXT not in (config.type, ssml.type):
            return
        assert '"wordBoundaryEnabled":"true"' in config.data
        assert "audio-24khz-48kbitrate-mono-mp3" in config.data
        asked = _asked(ssml.data)
        self.said.append(asked)
        words, sound = await asyncio.to_thread(spoken, asked.text)
        turn = Turn([_word(word) for word in words], sound)
        if self.turns:
            self.turns.pop(0)(turn)
        await _answer(socket, turn)


async def _answer(socket: web.WebSocketResponse, turn: Turn) -> None:
    await socket.send_str(_text("turn.start", {"context": {"serviceTag": "0"}}))
    await socket.send_str(_text("response", {"context": {"serviceTag": "0"}, "audio": {"type": "inline"}}))
    for junk in turn.junk:
        await (socket.send_bytes(junk) if isinstance(junk, bytes) else socket.send_str(junk))
    if turn.silent:
        await socket.receive()
        return
    for at in range(0, len(turn.sound), 1440):
        await socket.send_bytes(_binary(turn.sound[at : at + 1440]))
    for word in turn.words:
        await socket.send_str(_text("audio.metadata", {"Metadata": [word]}))
    if turn.ends:
        await socket.send_bytes(_binary(b""))
        await socket.send_str(_text("turn.end", {}))


def _text(path: str, data: Any) -> str:
    head = f"X-RequestId:0\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}"
    return f"{head}\r\n\r\n{json.dumps(data)}"


def _binary(sound: bytes) -> bytes:
    kind = b"Content-Type:audio/mpeg\r\n" if sound else b""
    head = b"X-RequestId:0\r\n" + kind + b"X-StreamId:0\r\nPath:audio\r\n"
    return len(head).to_bytes(2, "big") + head + sound


def _asked(frame: str) -> Asked:
    voice = re.search(r"<voice name='([^']+)'>", frame)
    text = re.search(r"<prosody [^>]*>(.*)</prosody>", frame, re.DOTALL)
    assert voice
    assert text
    return Asked(unescape(text[1]), voice[1])


def _listed(name: str, gender: str) -> dict[str, Any]:
    locale, _, person = name.rpartition("-")
    return {
        "Name": f"Microsoft Server Speech Text to Speech Voice ({locale}, {person})",
        "ShortName": name,
        "Gender": gender,
        "Locale": locale,
        "SuggestedCodec": "audio-24khz-48kbitrate-mono-mp3",
        "FriendlyName": f"Microsoft {person.removesuffix('Neural')} Online (Natural) - {locale}",
        "Status": "GA",
    }


def cut_off(turn: Turn) -> None:
    """The connection is closed in the middle."""
    turn.sound, turn.ends = turn.sound[: len(turn.sound) // 2], False


def mute(turn: Turn) -> None:
    """The turn ends without a sound."""
    turn.sound, turn.words = b"", []


def still(turn: Turn) -> None:
    """Nothing more comes."""
    turn.silent = True


def junk(*frames: str | bytes) -> Fault:
    """Frames that nobody understands."""

    def fault(turn: Turn) -> None:
        turn.junk = frames

    return fault


def noise(turn: Turn) -> None:
    """Something that is no MP3."""
    turn.sound = b"\0" * 4320


def without_words(turn: Turn) -> None:
    """No boundaries."""
    turn.words = []

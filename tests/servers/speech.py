"""A speech endpoint in OpenAI's manner.

https://platform.openai.com/docs/api-reference/audio/createSpeech: `POST /audio/speech` with model, voice, input and
response_format gives a sound file. The list of voices is not OpenAI's but Kokoro-FastAPI's
(https://github.com/remsky/Kokoro-FastAPI). Who speaks is espeak-ng; as OpenAI's, the WAV does not tell its length.
"""

import asyncio
import json
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiohttp import web
from support import TestDesk

from servers.loopback import Loopback
from shortsd.providers.voice.espeak import EspeakVoice

KEY = "sk-loopback-0123456789"
UNTOLD = b"\xff\xff\xff\xff"


@lru_cache(maxsize=64)
def spoken(text: str, voice: str = "en-us") -> bytes:
    """A sentence as espeak-ng speaks it: a WAV whose lengths are not told."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "s.wav"
        asyncio.run(EspeakVoice().speak(text, voice, file, TestDesk()))
        wav = file.read_bytes()
    return wav[:4] + UNTOLD + wav[8:40] + UNTOLD + wav[44:]


class SpeechService(Loopback):
    """Speaks for who has the key, in any of its `voices`; it tells them if `tells`."""

    def __init__(self, *voices: str, tells: bool = True) -> None:
        super().__init__()
        self.voices = voices or ("onyx", "nova")
        self.tells = tells

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/audio/speech", self._speak), web.get("/v1/audio/voices", self._list)]

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    def said(self) -> list[dict[str, Any]]:
        """What it was asked to say."""
        return [json.loads(request.body) for request in self.asked("/v1/audio/speech")]

    async def _list(self, _: web.Request) -> web.StreamResponse:
        if not self.tells:
            return web.json_response({"detail": "Not Found"}, status=404)
        return web.json_response({"voices": list(self.voices)})

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            given = request.headers.get("Authorization")
            return _error(401, f"Incorrect API key provided: {given}.")
        wanted = await request.json()
        if wanted["voice"] not in self.voices:
            return _error(400, f"Unknown voice {wanted['voice']}.")
        assert wanted["response_format"] == "wav"
        assert wanted["model"]
        sound = await asyncio.to_thread(spoken, wanted["input"])
        return web.Response(body=sound, content_type="audio/wav")


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"message": message, "type": "invalid_request_error"}}, status=status)

"""Voices of any endpoint that speaks in OpenAI's manner.

`POST /audio/speech` gives sound and no times (https://platform.openai.com/docs/api-reference/audio/createSpeech): words
have those that are estimated from it. Services other than OpenAI's are asked for their voices at `GET /audio/voices`,
where Kokoro-FastAPI and vLLM tell them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Desk
from shortsd.domain.story import Speech, VoiceInfo
from shortsd.domain.text import speech_seconds, words
from shortsd.providers.voice import recording
from shortsd.providers.voice.estimate import estimate
from shortsd.providers.voice.near import near
from shortsd.providers.voice.wav import Wav, read
from shortsd.providers.web.bodies import Answer
from shortsd.providers.web.service import Service
from shortsd.providers.web.terms import Terms

TERMS = Terms(at_once=4, read_s=45.0, whole_s=90.0)
LONGEST = 4096
"""Characters that may be said in one request."""
SLOWEST, BESIDE_S = 4.0, 15.0
"""How many times as long as it usually takes a sentence may be spoken, and for how long there may be none of it: models
whisper, drawl and breathe. What is longer is no sentence any more, but a model that does not come to its end."""
BYTES_PER_SECOND = 2 * 48_000
"""Of 16-bit mono at the highest rate that endpoints are known to send; OpenAI's is 24 kHz."""
VOICES = (
    "alloy",
    "ash",
    "ballad",
    "cedar",
    "coral",
    "echo",
    "fable",
    "marin",
    "nova",
    "onyx",
    "sage",
    "shimmer",
    "verse",
)
"""OpenAI's own."""
DAY_S, AGAIN_S = 86_400.0, 300.0
"""How long a list of voices is believed, and for how long none is asked for that could not be had."""


class SpeechVoice:
    """Speaks with `model` of a service. `usual` speaks in place of voices of others.

    `own` says that the service is OpenAI's, whose voices are known. A key in the service's headers stands in its
    `secrets`, too.
    """

    def __init__(self, service: Service, model: str, usual: str, *, own: bool) -> None:
        self._service = service
        self._model = model
        self._usual = usual
        self._own = own
        self._told = _Told(until=0.0)

    @property
    def key(self) -> str:
        return f"speech 1 {self._model} {self._service.base_url}"

    @property
    def at_once(self) -> int:
        return self._service.terms.at_once

    async def voices(self) -> Sequence[VoiceInfo]:
        """All that are known, sorted by id. Raises ServiceFailed if the service does not tell its voices now."""
        told = await self._names()
        if told.failure:
            raise ServiceFailed(told.failure, f"`openai:{self._usual}` (voice.speech_voice) can be asked for.")
        return [VoiceInfo(name, name, "mul", "openai") for name in sorted({*told.names, self._usual})]

    async def check(self, voice: str) -> None:
        """Raise BadInput if there is no such voice; where the service tells none, OpenAI's and the usual one pass."""
        if voice == self._usual:
            return
        names = (await self._names()).names
        if voice not in names:
            hint = near(voice, {name: name for name in names}, f"There are {', '.join(sorted(names)[:20])}.")
            raise BadInput(f"{self._service.name} has no voice “{voice}”.", hint)

    async def instead(self, tag: str) -> str:
        """Who speaks in place of a voice of others: the same in all languages."""
        del tag
        return self._usual

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        """Speak a sentence into a 16-bit mono WAV.

        Raises BadInput for an unknown voice or for more than 4096 characters, ServiceFailed, ServiceRefused, DiskFull,
        Internal.
        """
        await self.check(voice)
        if not any(map(str.isalnum, text)):
            return await recording.silence(text, to, desk)
        if len(text) > LONGEST:
            raise recording.too_long(text)
        wanted = {"model": self._model, "voice": voice, "input": text, "response_format": "wav"}
        # A sentence that was broken off may have been paid for; a narration that fails for it surely was.
        most = most_bytes(text)
        answer = await self._service.ask("POST", "/audio/speech", body=wanted, again=True, most_bytes=most)
        wav = self._sound(answer)
        spoken = await in_thread(_spoken, wav, text, to)
        return spoken or await recording.silence(text, to, desk)

    def _sound(self, answer: Answer) -> Wav:
        """The sound of an answer. Raises ServiceFailed if it is something else."""
        try:
            return read(answer.body)
        except ValueError as exc:
            kind = answer.headers.get("content-type", "").partition(";")[0]
            said = self._service.said(answer) if "json" in kind or kind.startswith("text/") else ""
            what = f"{kind or 'something'}{f' ({said})' if said else ''}"
            raise ServiceFailed(
                f"{self._service.name} sent {what} where a sentence was to come: {exc}.",
                "See that services.speech speaks in OpenAI's manner, and WAV.",
                retryable="cut off" in str(exc),
            ) from None

    async def _names(self) -> "_Told":
        """The voices as far as they are known, asked for once a day."""
        if self._own:
            return _Told(VOICES)
        if self._service.ways.clock() >= self._told.until:
            self._told = await self._asked()
        return self._told

    async def _asked(self) -> "_Told":
        now = self._service.ways.clock()
        try:
            names = _listed(await self._service.json("GET", "/audio/voices", Any))
        except ServiceFailed as exc:
            return _Told(VOICES, exc.message, until=now + AGAIN_S)
        if not names:
            return _Told(VOICES, f"{self._service.name} tells none of its voices.", until=now + AGAIN_S)
        return _Told(names, until=now + DAY_S)


def most_bytes(text: str) -> int:
    """Of a WAV in which a text is said: what it can take at most."""
    longest_s = min(SLOWEST * speech_seconds(text) + BESIDE_S, recording.LONGEST_S)
    return round(longest_s * BYTES_PER_SECOND)


@dataclass(frozen=True, slots=True)
class _Told:
    """Voices, and why they are only those that may be expected; believed until a time."""

    names: tuple[str, ...] = VOICES
    failure: str = ""
    until: float = float("inf")


def _listed(data: Any) -> tuple[str, ...]:
    """Names in any of the forms that services list them in: texts or objects, in a list or below `voices` or `data`."""
    if isinstance(data, dict):
        data = next((data[key] for key in ("voices", "data") if key in data), [])
    if not isinstance(data, list):
        return ()
    names = [
        next((one[key] for key in ("id", "voice_id", "name") if key in one), "") if isinstance(one, dict) else one
        for one in data
    ]
    return tuple(name for name in names if isinstance(name, str) and name)


def _spoken(wav: Wav, text: str, to: Path) -> Speech | None:
    """The sentence with the times of its words, in its file; None if there is nothing to hear in it."""
    if not wav.pcm:
        return None
    recording.write(to, wav.pcm, wav.rate)
    return Speech(to.name, len(wav.pcm) / wav.rate, estimate(wav.pcm, wav.rate, words(text)))

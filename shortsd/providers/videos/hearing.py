"""Speech that is listened to here, by a model that its user has."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import msgspec

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Desk, Workers
from shortsd.domain.transcript import Segment, Transcript, primary

_LISTEN = "shortsd.providers.videos.whisper:listen"
_PACKAGE = "faster_whisper"
PARTS = ("model.bin", "config.json", "tokenizer.json")
"""What a model consists of. A tokenizer that is not there faster-whisper would fetch."""


@dataclass(frozen=True, slots=True)
class WhisperHearing:
    """domain.ports.Hearing by faster-whisper, with the model in a folder. Nothing is ever fetched for it."""

    workers: Workers
    model: str
    threads: int = 1
    """Of the machine's processors, for one file."""

    @property
    def key(self) -> str:
        return f"whisper-1 {self.model}"

    @property
    def _folder(self) -> Path:
        return Path(self.model).expanduser()

    def check(self) -> None:
        """Raises BadInput, saying what is missing."""
        if not self.model:
            hint = "Install shorts[speech], and name the folder of a faster-whisper model in channels.speech_model."
            raise BadInput("It has no subtitles that could be used, and nothing is set up to listen to it.", hint)
        if find_spec(_PACKAGE) is None:
            hint = "Install it where shortsd is: `pip install 'shorts[speech]'`."
            raise BadInput("It has no subtitles that could be used, and faster-whisper, to listen, is missing.", hint)
        missing = [name for name in PARTS if not (self._folder / name).is_file()]
        if missing:
            why = f"channels.speech_model names {self.model}, where {missing[0]} of a faster-whisper model is missing."
            raise BadInput(why, f"Name the folder of a model: it has {', '.join(PARTS)} in it.")

    async def listen(self, sound: Path, language: str, desk: Desk) -> Transcript:
        """What is said. Raises BadInput, and what the worker does."""
        request = {"sound": str(sound), "model": str(self._folder), "threads": self.threads}
        request["language"] = primary(language) if language else ""
        answer = await self.workers.call(_LISTEN, request, desk)
        return Transcript(str(answer["language"]), "speech", tuple(msgspec.convert(answer["segments"], list[Segment])))

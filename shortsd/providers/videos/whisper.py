"""Writes down what is said in a sound file, by faster-whisper, in a worker: a model takes a gigabyte and more."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from faster_whisper import WhisperModel

from shortsd.domain.errors import BadInput
from shortsd.domain.text import line
from shortsd.domain.transcript import Segment


def listen(request: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """The `segments` and the `language` of the file `sound`, by the model in the folder `model`. Raises BadInput."""
    try:
        model = WhisperModel(request["model"], cpu_threads=request["threads"], local_files_only=True)
    except (RuntimeError, ValueError, OSError) as exc:
        why = f"There is no model in {request['model']}: {exc}."
        raise BadInput(why, "Name the folder of a faster-whisper model in channels.speech_model.") from exc
    try:
        found, info = model.transcribe(request["sound"], language=request["language"] or None, vad_filter=True)
        segments = []
        for one in found:
            segments.append(Segment(round(one.start, 3), round(one.end, 3), line(one.text)))
            progress(min(one.end, info.duration), info.duration)
        progress(info.duration, info.duration)
    except ValueError as exc:
        raise BadInput(f"Its sound cannot be listened to: {exc}.", "See whether the model knows the language.") from exc
    return {"language": info.language, "segments": [asdict(one) for one in segments if one.text]}

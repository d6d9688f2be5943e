"""What voices write: WAV files, silences, and how long a sentence may take."""

import errno
import wave
from array import array
from pathlib import Path

from shortsd.domain.errors import BadInput, DiskFull, Internal, ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Desk
from shortsd.domain.story import Speech
from shortsd.domain.text import words
from shortsd.providers.voice import alignment

SILENCE_S = 0.4
"""How long a sentence lasts that has nothing to say (only dashes, for example)."""
LONGEST_S = 600
"""More speech than this in one sentence is refused: what is spoken at one go has to end within seconds of work."""
_RATE = 22050


def too_long(text: str) -> BadInput:
    """That a sentence takes longer to say than LONGEST_S."""
    return BadInput(
        f"The sentence that begins with “{text.strip()[:40]}” takes more than {LONGEST_S // 60} minutes to say.",
        "Divide it into sentences.",
    )


async def silence(text: str, to: Path, desk: Desk) -> Speech:
    """A short silence in place of what cannot be said, over which the tokens are spread. Raises as `write`."""
    desk.log.warning(f"The voice has nothing to say in “{text.strip()}”: {SILENCE_S} s of silence instead.")
    return await in_thread(_silence, text, to)


def _silence(text: str, to: Path) -> Speech:
    tokens = words(text)
    begins = alignment.starts(tokens, (), SILENCE_S)
    samples = round(SILENCE_S * _RATE)
    write(to, array("h", bytes(2 * samples)), _RATE)
    return Speech(to.name, samples / _RATE, alignment.timed(tokens, begins, [*begins[1:], SILENCE_S][: len(tokens)]))


def write(to: Path, pcm: "array[int]", rate: int) -> None:
    """Write samples as a 16-bit mono WAV. Raises DiskFull, Internal."""
    try:
        with to.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(pcm)
    except OSError as exc:
        raise unwritable(to, exc) from exc


def save(to: Path, content: bytes | bytearray) -> None:
    """Write a file as it came. Raises DiskFull, Internal."""
    try:
        to.write_bytes(content)
    except OSError as exc:
        raise unwritable(to, exc) from exc


def unwritable(to: Path, exc: OSError) -> ShortsError:
    """That a file cannot be written, for people."""
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"No space left to write {to}.", "Free some space, then retry.")
    return Internal(f"{to} cannot be written: {exc.strerror}.")

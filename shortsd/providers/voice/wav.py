"""A WAV that a service sent: whether it is one, whether it is whole, and its samples."""

import sys
from array import array
from dataclasses import dataclass

PCM, EXTENSIBLE = 1, 0xFFFE
RATES = range(8_000, 192_001)
_UNTOLD = 0x7FFF_0000
"""A length from here on is none: who writes a WAV while it is made does not know it, and puts the largest there is."""


@dataclass(frozen=True, slots=True)
class Wav:
    """16-bit samples of the first channel."""

    pcm: "array[int]"
    rate: int


def read(data: bytes) -> Wav:
    """The samples of a 16-bit PCM WAV. Raises ValueError, saying what is wrong, for anything else."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("it is no WAV")
    form, sound = _chunks(data)
    if len(form) < 16:
        raise ValueError("its WAV does not say of what form it is")
    kind, channels, rate, _, _, bits = (_number(form[a:b]) for a, b in _FORM)
    if kind not in (PCM, EXTENSIBLE) or bits != 16 or channels == 0 or rate not in RATES:
        raise ValueError("its WAV is not of 16-bit samples")
    pcm = array("h", sound[: len(sound) // (2 * channels) * 2 * channels])
    if sys.byteorder == "big":
        pcm.byteswap()
    return Wav(pcm[::channels], rate)


_FORM = ((0, 2), (2, 4), (4, 8), (8, 12), (12, 14), (14, 16))
"""Fields of the `fmt ` chunk: format, channels, rate, bytes a second, bytes a frame, bits (RFC 2361, WAVEFORMAT)."""


def _chunks(data: bytes) -> tuple[bytes, bytes]:
    """The form, and the sound as far as it is there. Raises ValueError for a sound that is cut off."""
    form = b""
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], _number(data[at + 4 : at + 8])
        content = data[at + 8 : at + 8 + size]
        if name == b"data":
            if len(content) < size < _UNTOLD:
                raise ValueError("its WAV is cut off")
            return form, data[at + 8 :] if size == 0 else content
        form = content if name == b"fmt " else form
        at += 8 + size + size % 2
    raise ValueError("its WAV is cut off")


def _number(field: bytes) -> int:
    return int.from_bytes(field, "little")

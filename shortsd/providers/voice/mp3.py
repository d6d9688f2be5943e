"""MPEG-2 layer III at 24 kHz, the MP3 that Edge's voices come in: how long it is, and how late it sounds.

A frame is 576 samples long, 24 ms (ISO/IEC 13818-3). An encoder adds silence before what it is given, and so does a
decoder. LAME writes how much that is into a frame of its own at the beginning, which FFmpeg obeys; a stream that is
sent while it is made has no such frame, and what was at 0 ms is heard at 46 ms. Measured with a track of clicks through
libmp3lame and back, 24 kHz, 48 kbit/s, mono: with the frame 0.1 ms late, without it 46.1 ms, which are the 576 samples
of LAME and the 529 of decoders.
"""

FRAME_S = 576 / 24_000
LATE_S = (576 + 529) / 24_000
"""How much later than it was given to the encoder a sound is heard that has no frame which says so."""

_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Of MPEG-2 layer III, by index."""


def frames(data: bytes | bytearray) -> int:
    """How many frames of sound there are. Raises ValueError if it is something else, or not whole."""
    at = count = 0
    while at < len(data):
        size = _size(data[at : at + 4])
        if at + size > len(data):
            raise ValueError("its last frame is cut off")
        at, count = at + size, count + 1
    return count - informed(data)


def informed(data: bytes | bytearray) -> bool:
    """Whether the first frame holds no sound but says how late the sound is."""
    return bool(data) and any(tag in data[:40] for tag in (b"Info", b"Xing"))


def _size(header: bytes | bytearray) -> int:
    """Bytes of the frame that begins so. Raises ValueError."""
    sound = len(header) == 4 and header[0] == 0xFF and header[1] & 0xFE == 0xF2 and header[2] & 0x0C == 0x04
    index = header[2] >> 4 if sound else 0
    if index in (0, 15):
        raise ValueError("it is no MP3 of 24 kHz")
    return 72 * _KBITS[index] * 1000 // 24_000 + (header[2] >> 1 & 1)

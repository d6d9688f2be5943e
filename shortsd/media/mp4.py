"""What only an MP4's own boxes tell (ISO/IEC 14496-12, 4.2)."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from shortsd.domain.errors import BadInput

_INDEX_BYTES = 1 << 20
"""Of an index, so much is searched for what describes the first streams; it stands at its beginning."""


def faststart(file: Path) -> bool:
    """Whether the index (moov) stands before the media (mdat), so that a player can begin while it loads.

    Raises BadInput if the file cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return next((kind == b"moov" for kind in _boxes(stream) if kind in (b"moov", b"mdat")), False)
    except OSError as exc:
        raise BadInput(f"{file} cannot be read: {exc.strerror}.") from exc


def h264_level(file: Path) -> str:
    """The level that a file's H.264 stream claims, such as "4.0" (ISO/IEC 14496-15, 5.3.3.1.2); "" if it has none.

    Raises BadInput if the file cannot be read.
    """
    try:
        with file.open("rb") as stream:
            index = next((stream.read(_INDEX_BYTES) for kind in _boxes(stream) if kind == b"moov"), b"")
    except OSError as exc:
        raise BadInput(f"{file} cannot be read: {exc.strerror}.") from exc
    at = index.find(b"avcC")
    claimed = index[at + 7 : at + 8] if at >= 0 else b""
    return f"{claimed[0] // 10}.{claimed[0] % 10}" if claimed else ""


def _boxes(stream: BinaryIO) -> Iterator[bytes]:
    """The kinds of the top-level boxes in order, the stream standing behind 16 bytes of each."""
    while len(head := stream.read(16)) >= 8:
        size, kind, place = int.from_bytes(head[:4], "big"), head[4:8], stream.tell()
        yield kind
        body = int.from_bytes(head[8:16], "big") if size == 1 else size
        if body < 8:  # 0: to the end of the file; anything else is no box
            return
        stream.seek(place + body - len(head))

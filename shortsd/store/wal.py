"""SQLite's write-ahead log, looked at without SQLite, which takes what it cannot read for nothing (walformat.html).

What ends a log need not be readable: a transaction that a crash cut short, or what is left of ones that were undone, or
whose commit the disk refused. None of them was acknowledged, and so none was built on. But a transaction begins only
when the one before it is on the disk, and carries on its checksum: where one follows on another's end behind what
cannot be read, something that was acknowledged is lost.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAGIC = 0x377F0682
"""The lowest bit says whether checksums are over big-endian words."""
HEADER, FRAME = 32, 24
"""Bytes before the first frame, and of a frame before its page."""

Sum = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """A page as a transaction has changed it, with the head that stands before it."""

    head: bytes
    page: bytes

    @property
    def salt(self) -> bytes:
        """The log's, when it was written."""
        return self.head[8:16]

    @property
    def commits(self) -> bool:
        """Whether it is the last one of its transaction."""
        return any(self.head[4:8])

    @property
    def stored(self) -> Sum:
        """The checksum that stands in it."""
        one, two = struct.unpack(">2I", self.head[16:])
        return one, two

    def carry(self, before: Sum, order: str) -> Sum:
        """The checksum that would stand in it, did it follow on `before`."""
        return _sum(self.page, _sum(self.head[:8], before, order), order)


def damage(file: Path) -> str:
    """What is wrong with a log; nothing if all that was ever acknowledged can be read. Raises OSError."""
    with file.open("rb") as log:
        header = log.read(HEADER)
        if len(header) < HEADER or not any(header):
            return ""
        magic, _, page, _, *salt_and_sum = struct.unpack(">8I", header)
        order = ">" if magic & 1 else "<"
        begun = _sum(header[:24], (0, 0), order)
        if magic & ~1 != MAGIC or begun != tuple(salt_and_sum[2:]):
            return "its log has no header that can be read"
        if _goes_on_behind_a_gap(_frames(log, page), header[16:24], begun, order):
            return "its log has a part that cannot be read, and transactions behind that"
        return ""


def _goes_on_behind_a_gap(frames: Iterator[Frame], salt: bytes, before: Sum, order: str) -> bool:
    """Whether a transaction follows on another one's end at or behind the first frame that cannot be read."""
    ends: set[Sum] = set()
    for frame in frames:
        carried = frame.carry(before, order)
        if frame.salt != salt or frame.stored != carried:
            ends = {frame.stored, carried} if frame.commits else set()  # either of the two may be what is damaged
            break
        before = carried
    for frame in frames:
        if frame.salt == salt and any(frame.carry(end, order) == frame.stored for end in ends):
            return True
        ends = {frame.stored} if frame.commits else set()
    return False


def _frames(log: BinaryIO, page: int) -> Iterator[Frame]:
    """Each frame that is there as a whole."""
    while len(frame := log.read(FRAME + page)) == FRAME + page:
        yield Frame(frame[:FRAME], frame[FRAME:])


def _sum(data: bytes, before: Sum, order: str) -> Sum:
    """The log's checksum, carried on over more bytes."""
    one, two = before
    for even, odd in struct.iter_unpack(f"{order}2I", data):
        one = (one + even + two) & 0xFFFFFFFF
        two = (two + odd + one) & 0xFFFFFFFF
    return one, two

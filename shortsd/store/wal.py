"""SQLite's write-ahead log, looked at without SQLite, which takes what it cannot read for nothing (walformat.html).

A log that a crash cut short is as it should be: its last transaction was never acknowledged. But each transaction is on
the disk before the next one begins, so that damage before the end of another is no crash's doing.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MAGIC = 0x377F0682
"""The lowest bit says whether checksums are over big-endian words."""
HEADER, FRAME = 32, 24
"""Bytes before the first frame, and of a frame before its page."""


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
        lost = _lost(log, page, header[16:24], begun, order)
        return f"{lost} of its log's frames cannot be read" if lost else ""


def _lost(log: BinaryIO, page: int, salt: bytes, before: tuple[int, int], order: str) -> int:
    """How many frames were acknowledged, and come after one that is not what it was when written."""
    readable = True
    unsure = lost = 0
    committed = False
    for head, data in _frames(log, page):
        if head[8:16] != salt:
            break
        if readable:
            before = _sum(data, _sum(head[:8], before, order), order)
            readable = before == struct.unpack(">2I", head[16:])
        if not readable:
            lost += unsure if committed else 0  # another transaction begins: the one before it was on the disk
            unsure = 1 if committed else unsure + 1
            committed = any(head[4:8])
    return lost


def _frames(log: BinaryIO, page: int) -> Iterator[tuple[bytes, bytes]]:
    """The head and the page of each frame that is there as a whole."""
    while len(frame := log.read(FRAME + page)) == FRAME + page:
        yield frame[:FRAME], frame[FRAME:]


def _sum(data: bytes, before: tuple[int, int], order: str) -> tuple[int, int]:
    """The log's checksum, carried on over more bytes."""
    one, two = before
    for even, odd in struct.iter_unpack(f"{order}2I", data):
        one = (one + even + two) & 0xFFFFFFFF
        two = (two + odd + one) & 0xFFFFFFFF
    return one, two

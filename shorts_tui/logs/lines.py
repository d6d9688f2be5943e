"""The lines of a file of any length, each found at once."""

import os
from array import array
from bisect import bisect_left
from functools import lru_cache, partial
from pathlib import Path
from weakref import finalize

CHUNK = 2**16
"""Bytes that are read at once."""

LONGEST = 2**15
"""Bytes of a line that are shown: a longer one is cut."""

_KEPT = 64
"""Chunks that are kept once they were read: a screen with some around it."""


class LineFile:
    """A file as lines. Of each chunk is kept how many lines end before its end, so a million lines are some kilobytes.

    One thread calls `grow`; others may read what has been counted meanwhile, and it is closed when the last has let go
    of it. The file is read, not mapped: one that somebody cuts short would take the program with it. Raises OSError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        finalize(self, os.close, self._file)
        self._mark = _mark(os.fstat(self._file))
        self._ends = array("Q")
        """For each whole chunk the line ends up to its end."""
        self._newlines = 0
        self._unfinished = False
        self.size = 0
        """Bytes that were counted."""
        self._pieces = lru_cache(_KEPT)(partial(_split, self._file))

    def __len__(self) -> int:
        """Lines that were counted; the last may still be written to."""
        return self._newlines + self._unfinished

    def grow(self) -> bool:
        """Count the lines of the next chunk, or of the rest of it; whether there was any."""
        room = CHUNK - self.size % CHUNK
        data = os.pread(self._file, room, self.size)
        if not data:
            return False
        newlines = self._newlines + data.count(b"\n")
        if len(data) == room:
            self._ends.append(newlines)
        self.size += len(data)
        self._newlines, self._unfinished = newlines, not data.endswith(b"\n")
        return True

    def share(self) -> float:
        """Which part of the file has been counted."""
        return self.size / max(os.fstat(self._file).st_size, self.size, 1)

    def gone(self) -> bool:
        """Whether another file lies there now, or less of this one."""
        try:
            found = self.path.stat()
        except OSError:
            return False  # what it had can still be read
        return _mark(found) != self._mark or found.st_size < self.size

    def read(self, at: int, length: int) -> bytes:
        """Bytes from a place on, as far as they are counted."""
        return os.pread(self._file, max(0, min(length, self.size - at)), at)

    def line(self, number: int) -> str:
        """A line, counted from 0; as much as is shown of it."""
        chunk = bisect_left(self._ends, number) if number else 0
        at = number - (self._ends[chunk - 1] if chunk else 0)
        pieces = self._chunk(chunk)
        parts, length = pieces[at : at + 1], 0
        while at == len(pieces) - 1 and length < LONGEST and (chunk + 1) * CHUNK < self.size:
            chunk, at = chunk + 1, 0
            pieces = self._chunk(chunk)
            parts.append(pieces[0])
            length += len(pieces[0])
        return b"".join(parts)[:LONGEST].decode("utf-8", "replace")

    def _chunk(self, chunk: int) -> list[bytes]:
        return self._pieces(chunk, max(0, min(CHUNK, self.size - chunk * CHUNK)))


def _split(file: int, chunk: int, length: int) -> list[bytes]:
    """A chunk as the lines in it; the first and the last may go on in its neighbours."""
    return os.pread(file, length, chunk * CHUNK).split(b"\n")


def _mark(found: os.stat_result) -> tuple[int, int]:
    """By what a file is known, wherever it is moved."""
    return found.st_dev, found.st_ino

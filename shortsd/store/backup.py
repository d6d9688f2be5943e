"""A copy of the database as it stands at one moment, made while it is in use."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from shortsd.domain.errors import DiskFull, Unavailable
from shortsd.store.faults import foreign

PREFIX = ".backup-"
"""Of a copy while it is made, beside the database: what a killed daemon left of one is swept at the next start."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy. It has no name any more: it takes no space from the moment it is closed, whoever closes it."""

    file: BinaryIO
    size: int
    sha256: bytes


Aside = Callable[[Callable[[sqlite3.Connection], Copy]], Awaitable[Copy]]


class Backups:
    """Makes copies of a database, one at a time, as long as so many bytes stay free; `aside` is Database's."""

    def __init__(self, database: Path, aside: Aside, min_free_bytes: Callable[[], int]) -> None:
        self._database = database
        self._aside = aside
        self._min_free_bytes = min_free_bytes
        self._making = asyncio.Lock()

    async def make(self) -> Copy:
        """Copy the database. Raises DiskFull; Unavailable if another copy is being made or the disk fails."""
        if self._making.locked():
            raise Unavailable("Another backup is being made.", "Try again when that has ended.")
        async with self._making:
            return await self._aside(partial(_copy, self._database, self._min_free_bytes()))


def sweep(database: Path) -> None:
    """Remove what is left of copies that were never finished. Raises OSError."""
    for left in database.parent.glob(f"{PREFIX}*"):
        left.unlink(missing_ok=True)


def _copy(database: Path, min_free_bytes: int, connection: sqlite3.Connection) -> Copy:
    """Copy what a connection has open, be its name gone, to beside where that was."""
    try:
        _require_room(database.parent, _size(connection) + min_free_bytes)
        with tempfile.NamedTemporaryFile(dir=database.parent, prefix=PREFIX) as part:  # mode 0600
            connection.execute("VACUUM INTO ?", (part.name,))
            return _measured(Path(part.name).open("rb"))  # it outlives its name
    except sqlite3.Error as exc:
        raise foreign(exc) from exc
    except OSError as exc:
        raise _failed(exc) from exc


def _size(connection: sqlite3.Connection) -> int:
    """Bytes of a database, with what is in its log alone."""
    (pages,), (size,) = (connection.execute(f"PRAGMA {what}").fetchone() for what in ("page_count", "page_size"))
    return int(pages * size)


def _require_room(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed:
        raise DiskFull(
            f"A backup needs {-(-needed // 2**20)} MB free beside the job database.",
            "Free some space (`shortsctl clean` helps), or lower daemon.min_free_mb.",
        )


def _measured(file: BufferedReader) -> Copy:
    """A file that is a copy, read once. Raises Unavailable if it cannot be, and has closed it then."""
    with ExitStack() as closes:
        closes.enter_context(file)
        try:
            sha256 = file_digest(file, "sha256").digest()
            size = file.tell()
            file.seek(0)
        except OSError as exc:
            raise _failed(exc) from exc
        closes.pop_all()
        return Copy(file, size, sha256)


def _failed(exc: OSError) -> Unavailable:
    return Unavailable(f"A backup cannot be made: {exc.strerror}.", "Look at the disk that holds it.")

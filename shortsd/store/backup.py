"""A copy of the database as it stands at one moment, made while it is in use."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from shortsd.domain.errors import DiskFull, Unavailable
from shortsd.domain.finish import in_thread
from shortsd.store.connection import uri
from shortsd.store.faults import foreign

PREFIX = ".backup-"
"""Of a copy while it is made, beside the database: what a killed daemon left of one is swept at the next start."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy. It has no name any more: it takes no space from the moment it is closed, whoever closes it."""

    file: BinaryIO
    size: int
    sha256: bytes


class Backups:
    """Makes copies of a database, one at a time, as long as so many bytes stay free."""

    def __init__(self, database: Path, min_free_bytes: Callable[[], int]) -> None:
        self._database = database
        self._min_free_bytes = min_free_bytes
        self._making = asyncio.Lock()

    async def make(self) -> Copy:
        """Copy the database. Raises DiskFull; Unavailable if another copy is being made or the disk fails."""
        if self._making.locked():
            raise Unavailable("Another backup is being made.", "Try again when that has ended.")
        async with self._making:
            return await in_thread(_copy, self._database, self._min_free_bytes())


def sweep(database: Path) -> None:
    """Remove what is left of copies that were never finished. Raises OSError."""
    for left in database.parent.glob(f"{PREFIX}*"):
        left.unlink(missing_ok=True)


def _copy(database: Path, min_free_bytes: int) -> Copy:
    needed = database.stat().st_size + min_free_bytes
    if shutil.disk_usage(database.parent).free < needed:
        raise DiskFull(
            f"A backup needs {needed >> 20} MB free beside the job database.",
            "Free some space (`shortsctl clean` helps), or lower daemon.min_free_mb.",
        )
    try:
        with tempfile.NamedTemporaryFile(dir=database.parent, prefix=PREFIX) as part:  # mode 0600
            with closing(sqlite3.connect(uri(database, "mode=ro"), uri=True, isolation_level=None)) as connection:
                connection.execute("VACUUM INTO ?", (part.name,))
            file = Path(part.name).open("rb")  # noqa: SIM115 - it outlives its name
    except sqlite3.Error as exc:
        raise foreign(exc) from exc
    except OSError as exc:
        raise Unavailable(f"A backup cannot be made: {exc.strerror}.", "Look at the disk that holds it.") from exc
    sha256 = file_digest(file, "sha256").digest()
    size = file.tell()
    file.seek(0)
    return Copy(file, size, sha256)

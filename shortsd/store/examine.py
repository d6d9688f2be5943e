"""Looks at a database before it is opened, and changes not a byte: neither of the file nor of what lies beside it.

To open a database for writing is enough to change it: SQLite brings the log into the file when it closes it, and a log
that it cannot read, it empties. Where a rollback journal lies beside it, the file is not what it is to be: SQLite was
turning it into one with a log, as it does with a backup that was put back, and was ended in the middle. A copy tells.
"""

import os
import sqlite3
import stat
import tempfile
from contextlib import closing
from pathlib import Path
from shutil import copyfile

from shortsd.store.connection import uri
from shortsd.store.faults import torn, unopened, unusable
from shortsd.store.schema import APPLICATION_ID, scripts, version
from shortsd.store.wal import damage

MAGIC, HEADER = b"SQLite format 3\0", 100
"""How a database begins, and how long its header is; the size of a page is in bytes 16 and 17 (fileformat.html)."""


def examine(file: Path) -> str:
    """A line about a database that can be worked with, or that is not there yet.

    Raises Unavailable unless it is ours, whole, and not of a newer version; nobody else may have it open.
    """
    log, journal = (file.with_name(f"{file.name}-{what}") for what in ("wal", "journal"))
    try:
        size, logged = _size(file), _size(log)
        if size == 0 and logged:
            raise unusable(file, f"it is empty, and {log.name} beside it is not")
        if size == 0:
            return f"{file} will be made"
        if logged and (wrong := damage(log)):
            raise torn(file, wrong)
        if _size(journal):
            return f"{file}, {_copied(file, journal, *([log] if logged else []))}"
        if logged:
            return f"{file}, {_looked_at(file, 'mode=ro&vfs=unix-none')}"  # without locks, hence without shared memory
        return f"{file}, {_closed(file, size)}"
    except (sqlite3.Error, OSError) as exc:
        raise unopened(file, exc) from exc


def _size(file: Path) -> int:
    """Bytes of a file that can be read and written; 0 if there is none. Raises OSError."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return 0
    try:
        found = os.fstat(handle)
    finally:
        os.close(handle)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "it is no file")
    return found.st_size


def _closed(file: Path, size: int) -> str:
    """As `_looked_at`, for one without a log. SQLite takes a page that is cut off for one that ends in zeros."""
    with file.open("rb") as raw:
        header = raw.read(HEADER)
    page = int.from_bytes(header[16:18], "big")
    if len(header) < HEADER or (header.startswith(MAGIC) and size % (65536 if page == 1 else page or 1)):
        raise unusable(file, "it is damaged (its end is missing)")
    return _looked_at(file, "immutable=1")


def _copied(file: Path, *beside: Path) -> str:
    """As `_looked_at`, for one that SQLite puts in order when it opens it."""
    with tempfile.TemporaryDirectory() as folder:  # mode 0700
        for one in (file, *beside):
            copyfile(one, Path(folder, one.name))
        return _looked_at(file, "mode=rw", Path(folder, file.name))


def _looked_at(file: Path, how: str, copy: Path | None = None) -> str:
    """What a database holds, or its copy. Raises Unavailable, sqlite3.Error."""
    with closing(sqlite3.connect(uri(copy or file, how), uri=True, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # the log's index is kept in memory then
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables and application != APPLICATION_ID:
            raise unusable(file, "it belongs to another program")
        if (schema := version(connection)) > len(scripts()):
            raise unusable(file, f"a newer shortsd wrote it (schema {schema}, this one knows {len(scripts())})")
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise unusable(file, f"it is damaged ({verdict})")
        return f"schema {schema}"

"""SQLite's errors as ours."""

import shlex
import sqlite3
from pathlib import Path

from shortsd.domain.errors import DiskFull, Internal, ShortsError, Unavailable, Unusable

REFUSALS = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
    }
)
"""Result codes of what the disk, its rights or another program is to blame for."""


def foreign(exc: sqlite3.Error) -> ShortsError:
    """SQLite's error as ours, told by its result code (sqlite.org/rescode.html)."""
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DiskFull("The disk that holds the job database is full.", "Free some space, then try again.")
    if code == sqlite3.SQLITE_BUSY:
        return Unavailable("The job database is locked by another program.", "Let that program end, then try again.")
    if code in REFUSALS:
        return Unavailable(f"The job database cannot be read or written: {exc}.", "Look at the disk that holds it.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Unavailable(f"The job database is damaged: {exc}.", "End the daemon, and put a backup in its place.")
    return Internal(f"The job database refused a statement: {exc}.")


def unusable(file: Path, why: str) -> Unusable:
    """That a database cannot be worked with, and what can be done."""
    return Unusable(
        f"The job database {file} cannot be used: {why}.",
        f"It was left as it is. Put a backup in its place, or move it away to begin with an empty one; {file.name}-wal "
        "goes with it.",
    )


def torn(file: Path, why: str) -> Unusable:
    """That a database's log cannot be read to its end, and what can be done: SQLite would go on without the rest."""
    return Unusable(
        f"The job database {file} cannot be used: it is damaged ({why}).",
        f"It was left as it is. Put a backup in its place; or go on without what is behind the damage, having copied "
        f"{file.name} and {file.name}-wal first: `sqlite3 {shlex.quote(str(file))} 'PRAGMA wal_checkpoint(TRUNCATE)'`.",
    )


def unopened(file: Path, exc: Exception) -> Unavailable:
    """Why a database could not be opened."""
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_BUSY:
        return Unavailable(f"The job database {file} is locked by another program.", "Let that program end first.")
    if isinstance(exc, OSError):
        why = exc.strerror or str(exc)
        return Unavailable(f"The job database {file} cannot be opened: {why}.", f"See what {file} is and whose it is.")
    return unusable(file, str(exc))

"""Looks for a marked key in everything that was written under a home."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

SQLITE = b"SQLite format 3\0"
"""What a database begins with (https://www.sqlite.org/fileformat.html, 1.3)."""


def written(home: Path, needle: str) -> list[str]:
    """The files under `home`, hidden ones too, whose names or bytes hold a key in any form that it is written in.

    A database is read as it lies on the disk, free pages among it, and row by row as well: a long text lies there in
    pieces. What a process said is found where its output went to a file, as `Home.said` has it.
    """
    forms = _forms(needle)
    files = sorted(file for file in home.rglob("*") if file.is_file() or file.is_symlink())
    return [str(file.relative_to(home)) for file in files if any(form in _all(home, file) for form in forms)]


def _forms(needle: str) -> list[bytes]:
    """The key as it is; as JSON, as Python, as SQL, in an address, and in Base64 after 0, 1 or 2 other bytes."""
    assert len(needle) >= 12, "a shorter one may be found by chance"
    plain = needle.encode()
    texts = {json.dumps(needle)[1:-1], repr(needle)[1:-1], needle.replace("'", "''")}
    texts |= {quote(needle), quote(needle, safe=""), quote_plus(needle)}
    shifted = [b64encode(b"x" * before + plain)[4 * (before > 0) : -4] for before in range(3)]
    return [plain, *(text.encode() for text in texts), *shifted]


def _all(home: Path, file: Path) -> bytes:
    """A file's name and content, a link's target, a database's rows."""
    name = str(file.relative_to(home)).encode(errors="surrogateescape")
    if file.is_symlink():
        return name + b"\n" + str(file.readlink()).encode(errors="surrogateescape")
    content = file.read_bytes()
    rows = b"\n".join(_rows(file)) if content.startswith(SQLITE) else b""
    return b"\n".join((name, content, rows))


def _rows(file: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        for line in database.iterdump():
            yield line.encode(errors="replace")

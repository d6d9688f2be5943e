import json
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from secrets_search import written

KEY = "sk-'marked/+key'-4711"


@pytest.mark.parametrize(
    "form",
    [
        str,
        repr,
        json.dumps,
        quote,
        lambda key: b64encode(key.encode()).decode(),
        lambda key: b64encode(f"a:{key}@b".encode()).decode(),
        lambda key: b64encode(f"ab:{key}".encode()).decode(),
        lambda key: b64encode(f"Bearer {key}".encode()).decode(),
    ],
)
def test_forms(tmp_path: Path, form: Callable[[str], str]) -> None:
    """A key is found in whichever form it was written."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / ".1.log").write_bytes(b"\xff\0" + form(KEY).encode() + b"\n")
    (tmp_path / "other").write_text("sk-'marked/+key'-4712")
    assert written(tmp_path, KEY) == ["logs/.1.log"]


def test_names_and_links(tmp_path: Path) -> None:
    """A key is found in a file's name, and in where a link leads to, be that there or not."""
    (tmp_path / "7-sk-marked-key-4711.mp4").touch()
    (tmp_path / "link").symlink_to("/nowhere/sk-marked-key-4711")
    assert written(tmp_path, "sk-marked-key-4711") == ["7-sk-marked-key-4711.mp4", "link"]


def test_databases(tmp_path: Path) -> None:
    """A key is found in a database, in the log ahead of it, and on a page that is free since its row went."""
    with closing(sqlite3.connect(tmp_path / "jobs.db")) as database:
        database.executescript("PRAGMA journal_mode = WAL; PRAGMA secure_delete = OFF; CREATE TABLE t (text)")
        database.execute("INSERT INTO t VALUES (?)", (KEY,))
        database.commit()
        assert "jobs.db-wal" in written(tmp_path, KEY)
        database.execute("DELETE FROM t")
        database.commit()
    assert written(tmp_path, KEY) == ["jobs.db"]


def test_a_text_in_pieces(tmp_path: Path) -> None:
    """A key that lies in two pieces, on one page and on the next, is found."""
    made = (_database(tmp_path, before) for before in range(0, 1000, 10))
    file = next(file for file in made if KEY.encode() not in file.read_bytes())
    assert written(file.parent, KEY) == [file.name]


def _database(folder: Path, before: int) -> Path:
    """A database with the key in a text, after so many other letters of it."""
    file = folder / str(before) / "jobs.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as database:
        database.executescript("PRAGMA synchronous = OFF; PRAGMA page_size = 512; CREATE TABLE t (text)")
        database.execute("INSERT INTO t VALUES (?)", (("x" * before + KEY).ljust(1200, "x"),))
        database.commit()
    return file

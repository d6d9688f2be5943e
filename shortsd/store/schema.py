"""The schema: numbered scripts, forward only."""

import re
import sqlite3
from functools import cache
from importlib import resources

APPLICATION_ID = 0x53485254
"""Marks a database as ours ("SHRT" in ASCII), so that a stranger's is never migrated."""


@cache
def scripts() -> tuple[str, ...]:
    """The scripts in order; the n-th brings schema n - 1 to n."""
    folder = resources.files("shortsd.store") / "migrations"
    files = sorted(entry.name for entry in folder.iterdir() if re.fullmatch(r"\d{4}_\w+\.sql", entry.name))
    return tuple((folder / name).read_text("utf-8") for name in files)


def version(connection: sqlite3.Connection) -> int:
    """The number of the last script that a database has been through."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database to this version, each step in a transaction of its own. Raises sqlite3.Error."""
    begun = version(connection)
    for number, script in enumerate(scripts()[begun:], begun + 1):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{script}\n"
                f"PRAGMA application_id={APPLICATION_ID};\nPRAGMA user_version={number};\nCOMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise

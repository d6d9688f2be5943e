"""Lists that the daemon gives page by page, newest first."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAGE = 1000
"""Entries that the daemon gives at a time, at most."""


def newest(ask: Callable[[int, int | None], tuple[list[T], int | None]], limit: int = 0) -> tuple[list[T], int | None]:
    """The `limit` newest entries, and what there may be beyond them; all there are if it is 0 or less.

    `ask` gives a page, by its length and by the cursor that the page before it came with, and the next cursor.
    """
    found: list[T] = []
    cursor = None
    while True:
        entries, cursor = ask(min(limit - len(found), PAGE) if limit > 0 else PAGE, cursor)
        found += entries
        if cursor is None or len(found) == limit:
            return found, cursor

"""Lists that the daemon gives page by page, newest first."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

PAGE = 1000
"""Entries that the daemon gives at a time, at most."""


class Page(Protocol):
    """Some entries of a list, and the cursor by which those after them are asked for."""

    @property
    def next(self) -> int | None: ...


P = TypeVar("P", bound=Page)
T = TypeVar("T")


def newest(ask: Callable[..., P], entries: Callable[[P], Sequence[T]], limit: int = 0) -> tuple[list[T], P]:
    """The `limit` newest entries, and the last page that was asked for; all there are if it is 0 or less.

    `ask` gives a page by its `limit` and by the `cursor` that the page before it came with.
    """
    found: list[T] = []
    cursor = None
    while True:
        page = ask(limit=min(limit - len(found), PAGE) if limit > 0 else PAGE, cursor=cursor)
        found += entries(page)
        cursor = page.next
        if cursor is None or len(found) == limit:
            return found, page

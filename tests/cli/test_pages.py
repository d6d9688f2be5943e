from typing import NamedTuple

import pytest

from shortsd.cli.pages import PAGE, newest


class Numbers(NamedTuple):
    """A page of numbers."""

    numbers: list[int]
    next: int | None


@pytest.mark.parametrize(
    ("limit", "count", "sizes", "more"),
    [
        (0, 2500, [PAGE, PAGE, PAGE], False),
        (-1, 2500, [PAGE, PAGE, PAGE], False),
        (30, 30, [30], True),
        (PAGE + 5, PAGE + 5, [PAGE, 5], True),
        (9999, 2500, [PAGE, PAGE, PAGE], False),
    ],
)
def test_pages_are_asked_for_until_there_are_enough(limit: int, count: int, sizes: list[int], more: bool) -> None:
    """No more than are wanted, no page longer than the daemon gives, and whether there are older ones is known."""
    asked: list[int] = []

    def ask(limit: int, cursor: int | None) -> Numbers:
        asked.append(limit)
        begin = 2500 if cursor is None else cursor
        page = list(range(begin, max(0, begin - limit), -1))
        return Numbers(page, page[-1] - 1 if page[-1] > 1 else None)

    found, last = newest(ask, lambda page: page.numbers, limit)
    assert found == list(range(2500, 2500 - count, -1))
    assert asked == sizes
    assert (last.next is not None) is more

import pytest

from shortsd.cli.pages import PAGE, newest


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

    def ask(size: int, cursor: int | None) -> tuple[list[int], int | None]:
        asked.append(size)
        begin = 2500 if cursor is None else cursor
        page = list(range(begin, max(0, begin - size), -1))
        return page, page[-1] - 1 if page[-1] > 1 else None

    found, cursor = newest(ask, limit)
    assert found == list(range(2500, 2500 - count, -1))
    assert asked == sizes
    assert (cursor is not None) is more

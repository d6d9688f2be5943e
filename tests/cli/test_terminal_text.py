import pytest
from client.standin import a_job
from hypothesis import given
from hypothesis import strategies as st

from shortsd.cli import table
from shortsd.client.text import ago, lasted, padded, shown, size, trimmed, width


@given(st.text())
def test_shown_is_safe(text: str) -> None:
    """Nothing that a terminal obeys is left in shown text, and what is harmless is left as it is."""
    safe = shown(text)
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in safe)
    assert not set(safe) & set("\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    safe.encode()
    assert shown(safe) == safe


@given(st.text(), st.integers(1, 40))
def test_trimmed_fits(text: str, cells: int) -> None:
    """Trimmed text takes no more cells than there are, and padded text all of them."""
    fitting = trimmed(shown(text), cells)
    assert width(fitting) <= cells
    assert width(padded(fitting, cells)) == cells


@pytest.mark.parametrize(
    ("text", "cells"), [("abc", 3), ("幽霊", 4), ("ｱ", 1), ("e\u0301", 1), ("é", 1), ("🎃", 2), ("שלום", 4)]
)
def test_width(text: str, cells: int) -> None:
    """Wide characters take two cells and marks none."""
    assert width(text) == cells


def test_table() -> None:
    """Columns stay under each other, whatever the titles hold."""
    jobs = [a_job(123, title="幽霊の列車"), a_job(7, title="a\x1b[31m\nb", state="queued", stage=None, percent=41.6)]
    assert list(table.lines(jobs, 1000 + 7300, table.Paper())) == [
        "ID   STATE    DONE  STAGE  AGE  TITLE",
        "123  running   0 %  story  2 h  幽霊の列車",
        r"  7  queued   42 %         2 h  a\x1b[31m\nb",
    ]


@pytest.mark.parametrize("columns", [20, 40, 41, 80])
def test_table_fits(columns: int) -> None:
    """Titles give way to the terminal's edge, in the middle of no character."""
    lines = list(table.lines([a_job(title="幽霊の列車" * 20)], 1000, table.Paper(columns)))
    assert all(width(line) <= max(columns, 33) for line in lines)


def test_table_colours() -> None:
    """Colours change nothing but the colours."""
    (plain, coloured) = (
        list(table.lines([a_job(state="failed")], 1000, table.Paper(colours=colours)))[1] for colours in (False, True)
    )
    assert coloured.replace("\x1b[31m", "").replace("\x1b[0m", "") == plain
    assert coloured != plain


def test_no_jobs() -> None:
    """No jobs make no table."""
    assert list(table.lines([], 0, table.Paper())) == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.04, "0.0 s"), (9.96, "10 s"), (42, "42 s"), (185, "3:05 min"), (7800, "2:10 h"), (4e5, "4 d")],
)
def test_lasted(seconds: float, said: str) -> None:
    """A length of time is told in the unit that fits."""
    assert lasted(seconds) == said


@pytest.mark.parametrize(("seconds", "said"), [(-3, "0 s"), (59, "59 s"), (60, "1 min"), (7300, "2 h"), (2e5, "2 d")])
def test_ago(seconds: float, said: str) -> None:
    """An age is told coarsely; a clock that went back makes nobody younger than nothing."""
    assert ago(seconds) == said


@pytest.mark.parametrize(("count", "said"), [(0, "0 B"), (1500, "1.5 kB"), (12_345_678, "12.3 MB"), (5e9, "5.0 GB")])
def test_size(count: float, said: str) -> None:
    """Bytes are told in the unit that fits."""
    assert size(count) == said

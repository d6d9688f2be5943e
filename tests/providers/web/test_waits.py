from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortsd.providers.web.terms import Terms
from shortsd.providers.web.waits import LONGEST_S, clock_time, ours_s, wished_s

NOW = 1_800_000_000.0


def date(seconds: float) -> str:
    """That many seconds after NOW, as HTTP writes dates (RFC 9110, 5.6.7)."""
    return format_datetime(datetime.fromtimestamp(NOW + seconds, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("header", "wish"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("٣", None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 400, LONGEST_S),
        (date(90), 90.0),
        (date(-90), 0.0),
        (date(10**9), LONGEST_S),
        ("Fri, 15 Jan 2027 08:00:30 -0000", 30.0),
        ("Friday, 15-Jan-27 08:00:30 GMT", 30.0),
        ("Fri Jan 15 08:00:30 2027", 30.0),
        ("Fri, 32 Jan 2027 08:00:30 GMT", None),
        ("Fri, 15 Jan 2027 08:00:30 +9999999999", None),
    ],
)
def test_what_a_service_wishes(header: str | None, wish: float | None) -> None:
    """A wish is a number of seconds or a date in one of HTTP's three forms, never less than 0 nor more than a day."""
    assert wished_s(header, NOW) == wish


@given(st.text() | st.from_regex(r"\w{3}, ?\d+ \w{3} \d+ \d+:\d+:\d+ ?[+-]?\w*"), st.floats(0, 2**33))
def test_any_wish(header: str, now: float) -> None:
    """Whatever stands there, it is a wait that there can be, or none."""
    wish = wished_s(header, now)
    assert wish is None or 0 <= wish <= LONGEST_S


@given(st.integers(1, 50), st.floats(0, 1))
def test_our_own_waits(tries: int, drawn: float) -> None:
    """Ours doubles up to its limit; half of it is drawn."""
    whole = min(2.0 * 2 ** (tries - 1), 60.0)
    assert whole / 2 <= ours_s(tries, Terms(first_wait_s=2.0, longest_wait_s=60.0), lambda: drawn) <= whole


def test_a_time_for_people() -> None:
    """A time is told by the clock on the wall."""
    there = datetime.fromtimestamp(NOW, UTC).astimezone()
    assert clock_time(NOW) == f"{there:%Y-%m-%d %H:%M}"

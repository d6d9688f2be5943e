"""How long to wait before a service is asked again."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from shortsd.providers.web.terms import Terms


def wished_s(header: str | None, now: float) -> float | None:
    """Seconds that a `Retry-After` header asks for, as a number or a date (RFC 9110, 10.2.3); None if it says neither.

    `now` is in seconds since the epoch.
    """
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    with contextlib.suppress(ValueError):
        at = parsedate_to_datetime(header)
        seconds: float = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now
        return max(0.0, seconds)
    return None


def ours_s(tries: int, terms: Terms, draw: Callable[[], float]) -> float:
    """Seconds before the next request after so many that failed; `draw` gives numbers from 0 to 1."""
    whole = min(terms.first_wait_s * 2.0 ** (tries - 1), terms.longest_wait_s)
    return whole / 2 + draw() * whole / 2


def clock_time(at: float) -> str:
    """A time of this machine, for people; `at` is in seconds since the epoch."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone():%Y-%m-%d %H:%M}"

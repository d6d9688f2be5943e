"""How long to wait before a service is asked again."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from shortsd.providers.web.terms import Terms

LONGEST_S = 86_400.0
"""The longest wish that is heeded: whoever asks for more is asked again after a day, to see whether it still does."""


def wished_s(header: str | None, now: float) -> float | None:
    """Seconds that a `Retry-After` header asks for, as a number or a date (RFC 9110, 10.2.3); None if it says neither.

    From 0, for a time that is past, to LONGEST_S. `now` is in seconds since the epoch.
    """
    seconds = None if header is None else _number(header.strip()) if header.strip().isdigit() else _until(header, now)
    return None if seconds is None else min(max(0.0, seconds), LONGEST_S)


def _number(digits: str) -> float | None:
    return float(digits) if digits.isascii() else None


def _until(date: str, now: float) -> float | None:
    """Seconds until a date; one without a zone is of UTC."""
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):  # what odd dates are known to raise
        at = parsedate_to_datetime(date)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now
    return None


def ours_s(tries: int, terms: Terms, draw: Callable[[], float]) -> float:
    """Seconds before the next request after so many that failed; `draw` gives numbers from 0 to 1."""
    whole = min(terms.first_wait_s * 2.0 ** (tries - 1), terms.longest_wait_s)
    return whole / 2 + draw() * whole / 2


def clock_time(at: float) -> str:
    """A time of this machine, for people; `at` is in seconds since the epoch."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone():%Y-%m-%d %H:%M}"

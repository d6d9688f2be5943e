"""How long a job that failed waits before it is tried again."""

from collections.abc import Callable

FACTOR = 3.0
ENOUGH = 20
"""Tries after which the wait grows no more; it has long been the longest."""
LONGEST_S = 900.0
"""No wait is longer: what has not passed by then is for a person to see."""


def wait_s(tries: int, first_s: float, draw: Callable[[], float]) -> float:
    """Seconds until the next try, `tries` having been made: the wait triples each time, up to LONGEST_S.

    Half of it is drawn (`draw` gives numbers from 0 to 1), so that jobs that failed together do not come back together:
    "equal jitter" in Brooker, Exponential Backoff And Jitter (AWS Architecture Blog, 2015).
    """
    whole = min(first_s * FACTOR ** min(tries, ENOUGH), LONGEST_S)
    return whole / 2 + draw() * whole / 2

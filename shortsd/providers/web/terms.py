"""On what terms a service elsewhere is asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a service allows, and what we allow it. Times in seconds."""

    at_once: int = 4
    """Requests under way at the same time."""
    per_minute: float = 0
    """Requests begun in a minute; 0 for as many as may be."""
    connect_s: float = 10.0
    read_s: float = 60.0
    """How long nothing may come of an answer that is under way."""
    whole_s: float = 180.0
    """How long an answer may take from its request to its last byte."""
    tries: int = 3
    """Requests in all, where the same may be asked again."""
    patient: bool = True
    """Whether it is asked again after it let all the time of an answer go by; not where that time is minutes."""
    first_wait_s: float = 1.0
    """Before the second of them; it doubles each time, half of it drawn."""
    longest_wait_s: float = 60.0
    """A service that asks for a longer wait is taken to be gone for that time."""
    most_bytes: int = 8 << 20
    """Of an answer that is kept in memory."""
    trip_after: int = 3
    """Failures one after the other after which it is not asked for a while."""
    trip_s: float = 300.0
    """That while."""

"""Whether a service that fails is asked at all."""

from dataclasses import dataclass

from shortsd.providers.web.terms import Terms
from shortsd.providers.web.waits import clock_time


@dataclass(slots=True)
class Circuit:
    """Open after `Terms.trip_after` failures one after the other, for `Terms.trip_s`.

    After that time requests go through again: one that succeeds closes it, one that fails opens it at once.
    """

    failures: int = 0
    open_until: float = 0.0
    """In seconds since the epoch."""
    why: str = ""

    def down(self, now: float) -> str:
        """Why the service is not asked now; empty if it is."""
        return "" if now >= self.open_until else f"{self.why} It is not asked before {clock_time(self.open_until)}."

    def succeeded(self) -> None:
        """Forget what failed before."""
        self.failures = 0

    def failed(self, why: str, now: float, terms: Terms, alone_s: float | None = None) -> None:
        """Count a failure. The service is left alone for `alone_s`, or if it fails too often."""
        self.failures += 1
        if alone_s is not None or self.failures >= terms.trip_after:
            self.open_until = now + (terms.trip_s if alone_s is None else alone_s)
            self.why = why

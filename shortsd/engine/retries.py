"""Whether a job that failed is tried again by itself, and when."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from shortsd.domain.backoff import LONGEST_S, wait_s
from shortsd.domain.errors import ServiceFailed, ShortsError
from shortsd.domain.job import Job


@dataclass(frozen=True, slots=True)
class Retries:
    """The policy: up to `limit` tries after the first, `first_s` seconds before the first of them."""

    limit: int
    first_s: float
    draw: Callable[[], float] = random.random

    def wait_s(self, job: Job, error: ShortsError) -> float | None:
        """Seconds until a job is to be tried again after an error; None if it has failed.

        A service that wants to be left alone is, up to the longest wait there is.
        """
        if not error.retryable or job.tries >= self.limit:
            return None
        own_s = wait_s(job.tries, self.first_s, self.draw)
        wished_s = error.retry_after_s or 0.0 if isinstance(error, ServiceFailed) else 0.0
        return max(own_s, min(wished_s, LONGEST_S))

    def reason(self, job: Job, error: ShortsError) -> str:
        """What is said of a job that is to be tried again."""
        return f"try {job.tries + 1} of {self.limit} follows: {error.message}"

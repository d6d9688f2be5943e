"""Whether a job that failed is tried again by itself, and when."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from shortsd.domain.backoff import wait_s
from shortsd.domain.errors import ShortsError
from shortsd.domain.job import Job


@dataclass(frozen=True, slots=True)
class Retries:
    """The policy: up to `limit` tries after the first, `first_s` seconds before the first of them."""

    limit: int
    first_s: float
    draw: Callable[[], float] = random.random

    def wait_s(self, job: Job, error: ShortsError) -> float | None:
        """Seconds until a job is to be tried again after an error; None if it has failed."""
        if not error.retryable or job.tries >= self.limit:
            return None
        return wait_s(job.tries, self.first_s, self.draw)

    def reason(self, job: Job, error: ShortsError) -> str:
        """What is said of a job that is to be tried again."""
        return f"try {job.tries + 1} of {self.limit} follows: {error.message}"

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortsd.domain.backoff import LONGEST_S, wait_s
from shortsd.domain.errors import BadInput, ChildFailed, DiskFull, ServiceFailed, ShortsError, TimedOut
from shortsd.domain.job import Job, State
from shortsd.engine.retries import Retries

JOB = Job(id=1, kind="short", params={}, state=State.RUNNING, created_at=0.0, moved_at=0.0)


@given(st.integers(0, 1000), st.floats(0.001, 3600), st.floats(0, 1))
def test_a_wait_lies_between_half_and_all_of_what_is_due(tries: int, first_s: float, drawn: float) -> None:
    """It triples from try to try, has a longest, and is never nothing."""
    whole = min(first_s * 3.0 ** min(tries, 20), LONGEST_S)
    assert whole / 2 <= wait_s(tries, first_s, lambda: drawn) <= whole


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (DiskFull("No space."), True),
        (TimedOut("It hung."), True),
        (TimedOut("It takes for ever.", retryable=False), False),
        (ChildFailed("It ended with exit code 1."), False),
        (ChildFailed("It was killed.", retryable=True), True),
        (BadInput("No such voice."), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: ShortsError, again: bool) -> None:
    """The kind of an error says so, unless the error itself knows better."""
    assert (Retries(3, 10.0).wait_s(JOB, error) is not None) is again


def test_tries_come_to_an_end() -> None:
    """A job that was tried as often as it may has failed."""
    retries = Retries(2, 10.0, lambda: 1.0)
    waits = [retries.wait_s(replace(JOB, tries=tries), DiskFull("No space.")) for tries in range(3)]
    assert waits == [10.0, 30.0, None]


def test_a_service_that_wants_to_be_left_alone_is() -> None:
    """No try comes before it may be asked again, and none waits longer than a clock may be believed."""
    retries = Retries(3, 10.0, lambda: 1.0)
    waits = [retries.wait_s(JOB, ServiceFailed("Down.", retry_after_s=wished)) for wished in (None, 300.0, 86_400.0)]
    assert waits == [10.0, 300.0, LONGEST_S]

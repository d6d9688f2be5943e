from shortsd.domain.errors import Code
from shortsd.domain.events import Event
from shortsd.engine.metrics import BOUNDS_S, Durations, Tally


def test_durations_are_counted_up_to_each_bound() -> None:
    """What took exactly as long as a bound is within it; what took longer than all is only in the last count."""
    took = Durations()
    for seconds in (0.0, BOUNDS_S[0], BOUNDS_S[1], BOUNDS_S[-1] + 1):
        took.add(seconds)
    assert took.up_to() == [2, *([3] * (len(BOUNDS_S) - 1)), 4]
    assert took.total_s == BOUNDS_S[0] + BOUNDS_S[1] + BOUNDS_S[-1] + 1


def test_only_stages_that_did_their_work_are_timed() -> None:
    """One that was reused or stopped says nothing of how long it takes."""
    tally = Tally()
    for outcome in ("done", "reused", "stopped", "failed"):
        tally.hear(Event(1, 0.0, "stage.finished", 1, {"stage": "voice", "outcome": outcome, "seconds": 2.0}))
    assert tally.stages["voice"].up_to()[-1] == 1


def test_each_attempt_that_ends_with_an_error_counts() -> None:
    """Whether the job is tried again or has failed for good; a move without an error is none."""
    tally = Tally()
    for kind, error in (
        ("job.postponed", {"code": "timed_out"}),
        ("job.failed", {"code": "timed_out"}),
        ("job.started", None),
    ):
        tally.hear(Event(1, 0.0, kind, 1, {"state": "queued", "error": error}))
    tally.hear(Event(None, 0.0, "progress", 1, {"percent": 3.0}))
    assert {code: count for code, count in tally.errors.items() if count} == {Code.TIMED_OUT: 2}

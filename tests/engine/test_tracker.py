import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortsd.domain.stage import STAGES
from shortsd.engine.tracker import Tracker

SAMPLES = st.lists(st.tuples(st.floats(-10, 1e6), st.floats(-10, 1e6)), max_size=5)


@given(
    st.dictionaries(st.sampled_from(STAGES), st.floats(0, 1e4)),
    st.lists(st.tuples(SAMPLES, st.floats(0, 100)), min_size=len(STAGES), max_size=len(STAGES)),
)
def test_the_percentage_never_falls_and_ends_at_a_hundred(
    usual: dict[str, float], stages: list[tuple[list[tuple[float, float]], float]]
) -> None:
    """Whatever stages say of themselves, however long they usually take; and what is left is never negative."""
    now = 0.0
    tracker = Tracker(usual, lambda: now)
    last = tracker.percent
    for name, (samples, seconds) in zip(STAGES, stages, strict=True):
        tracker.started(name)
        for done, total in samples:
            now += seconds
            tracker.progressed(done, total, "")
            assert last <= tracker.percent <= 100.0
            assert tracker.eta_s() >= -1e-6
            last = tracker.percent
        tracker.finished(whole=True)
    assert tracker.percent > 99.999


def test_time_left_follows_the_pace_of_the_running_stage() -> None:
    """As usual until the stage has shown its pace; getting ready, before its first frame, says nothing of that pace."""
    now = 0.0
    usual: dict[str, float] = dict.fromkeys(STAGES, 1.0)
    tracker = Tracker({**usual, "render": 30.0}, lambda: now)
    for name in STAGES[:4]:
        tracker.started(name)
        tracker.finished(whole=True)
    tracker.started(STAGES[4])
    now = 10.0
    tracker.progressed(1, 1001, "")
    assert tracker.eta_s() == pytest.approx(20.0 + 3.0)
    now = 15.0
    tracker.progressed(501, 1001, "")
    assert tracker.eta_s() == pytest.approx(5.0 + 3.0)
    assert tracker.message == "501 of 1001 frames"

import pytest

from shortsd.domain.stage import StageName
from shortsd.engine.status import describe
from shortsd.engine.tracker import Tracker


def rendering(percent: float) -> Tracker:
    tracker = Tracker({}, lambda: 0.0)
    tracker.started(StageName.RENDER)
    tracker.progressed(percent, 100, "")
    return tracker


@pytest.mark.parametrize(
    ("running", "queued", "hindrances", "line"),
    [
        ({}, 0, [], "idle"),
        ({}, 12, ["The disk is full."], "idle, 12 queued, takes no work: The disk is full."),
        ({7: rendering(43)}, 3, [], "1 job running: #7 render 43 %, 3 queued"),
        ({2: Tracker({}, lambda: 0.0), 1: rendering(0)}, 0, [], "2 jobs running: #1 render 0 %, #2"),
        (
            dict.fromkeys(range(9), rendering(1)),
            0,
            [],
            "9 jobs running: " + "".join(f"#{n} render 1 %, " for n in range(4)) + "…",
        ),
    ],
)
def test_a_line_says_what_the_daemon_does(
    running: dict[int, Tracker], queued: int, hindrances: list[str], line: str
) -> None:
    """Which jobs are at which stage, how many wait, and why none are taken."""
    assert describe(running, queued, hindrances) == line


def test_what_else_should_be_known_comes_last() -> None:
    """After what is done, in sentences of its own."""
    assert describe({}, 2, [], ["The configuration was refused."]) == "idle, 2 queued. The configuration was refused."
    assert describe({}, 0, ["The disk is full."], ["So."]) == "idle, takes no work: The disk is full. So."

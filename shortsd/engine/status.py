"""What the daemon is doing, in a line for `systemctl status`."""

from collections.abc import Mapping, Sequence

from shortsd.engine.tracker import Tracker

SHOWN = 4
"""Jobs that are told one by one."""


def describe(running: Mapping[int, Tracker], queued: int, hindrances: Sequence[str], notes: Sequence[str] = ()) -> str:
    """Such as `1 job running: #7 render 43 %, 3 queued`, or `idle, 12 queued, takes no work: The disk is full.`.

    What else should be known comes last: `idle. The configuration was refused …`.
    """
    parts = [_at_work(running), *([f"{queued} queued"] if queued else [])]
    work = ", ".join([*parts, *(f"takes no work: {why}" for why in hindrances)])
    return ". ".join([work.rstrip("."), *notes]) if notes else work


def _at_work(running: Mapping[int, Tracker]) -> str:
    if not running:
        return "idle"
    jobs = [f"#{number}{_stage(tracker)}" for number, tracker in sorted(running.items())]
    more = ["…"] if len(jobs) > SHOWN else []
    return f"{len(jobs)} {'job' if len(jobs) == 1 else 'jobs'} running: {', '.join(jobs[:SHOWN] + more)}"


def _stage(tracker: Tracker) -> str:
    return f" {tracker.stage} {tracker.stage_percent:.0f} %" if tracker.stage else ""

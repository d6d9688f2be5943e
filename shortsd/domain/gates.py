"""Where a person may look before a job goes on, and how a job comes to wait there."""

from enum import StrEnum

from shortsd.domain.errors import Code, ShortsError


class Gate(StrEnum):
    """What a job does not do before somebody approves of it."""

    NOTHING = "nothing"
    RENDER = "render"
    PUBLISH = "publish"


class Held(ShortsError):
    """A job is to be looked at before it goes on. It is no failure: the job waits in review."""

    code = Code.NOT_YET

    def __init__(self, gate: Gate, held: str) -> None:
        super().__init__(f"waits for your approval before {gate}")
        self.held = held
        """What is to be looked at (`Job.held`)."""

"""One table for codes, HTTP statuses and exit codes, shared by both ends."""

from dataclasses import dataclass

from shortsd.domain.errors import ERRORS, Code, Internal, ShortsError
from shortsd.wire.models import ErrorBody


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code is in HTTP and to a shell."""

    status: int
    exit: int


TABLE: dict[Code, Meaning] = {
    Code.BAD_REQUEST: Meaning(400, 2),
    Code.BAD_INPUT: Meaning(422, 2),
    Code.NOT_FOUND: Meaning(404, 4),
    Code.WRONG_STATE: Meaning(409, 5),
    Code.CONFLICT: Meaning(409, 5),
    Code.UNAVAILABLE: Meaning(503, 5),
    Code.UNUSABLE: Meaning(503, 5),
    Code.DISK_FULL: Meaning(507, 1),
    Code.CHILD_FAILED: Meaning(500, 1),
    Code.TIMED_OUT: Meaning(500, 1),
    Code.CHECK_FAILED: Meaning(500, 1),
    Code.POISONOUS: Meaning(500, 1),
    Code.TOO_ALIKE: Meaning(409, 1),
    Code.SERVICE_FAILED: Meaning(502, 1),
    Code.SERVICE_REFUSED: Meaning(502, 1),
    Code.NOT_YET: Meaning(409, 5),
    Code.NO_DAEMON: Meaning(503, 3),
    Code.INTERNAL: Meaning(500, 1),
}


def body(error: ShortsError) -> ErrorBody:
    """An error as it travels."""
    return ErrorBody(code=error.code, message=error.message, hint=error.hint)


def error(received: ErrorBody) -> ShortsError:
    """A received error as the exception that the other end raised."""
    cls = {str(code): cls for code, cls in ERRORS.items()}.get(received.code, Internal)
    return cls(received.message, received.hint)

"""Errors for people: what happened, what to do, and whether trying again can help.

ShortsError
 ├─ BadRequest     the request itself is not understood
 ├─ BadInput       the request is understood, but a story, picture, voice … in it cannot be used
 ├─ NotFound       no such job, batch, stage
 ├─ WrongState     not possible in the job's present state
 ├─ Conflict       the same idempotency key with another request
 ├─ Unavailable    the daemon is shutting down or cannot write
 │   └─ Unusable   its job database is damaged, somebody else's or of a newer version
 ├─ DiskFull       no space left, seen before or during the work
 ├─ ChildFailed    a child process ended badly
 ├─ TimedOut       a child process made no progress, or took too long
 ├─ CheckFailed    the finished file is not what it should be
 ├─ Poisonous      the daemon died again and again while it worked on the job
 ├─ TooAlike       the story is too much like one that was told before
 ├─ ServiceFailed  a service elsewhere did not do what it was asked for
 │   └─ ServiceRefused  it does not know us, or does not let us
 ├─ NotYet         the time for it has not come; no error where it makes a job wait
 ├─ NoDaemon       nobody answers on the socket
 └─ Internal       a fault of ours
"""

from enum import StrEnum
from typing import ClassVar


class Code(StrEnum):
    """The stable name of a kind of error, as clients see it."""

    BAD_REQUEST = "bad_request"
    BAD_INPUT = "bad_input"
    NOT_FOUND = "not_found"
    WRONG_STATE = "wrong_state"
    CONFLICT = "conflict"
    UNAVAILABLE = "unavailable"
    UNUSABLE = "unusable"
    DISK_FULL = "disk_full"
    CHILD_FAILED = "child_failed"
    TIMED_OUT = "timed_out"
    CHECK_FAILED = "check_failed"
    POISONOUS = "poisonous"
    TOO_ALIKE = "too_alike"
    SERVICE_FAILED = "service_failed"
    SERVICE_REFUSED = "service_refused"
    NOT_YET = "not_yet"
    NO_DAEMON = "no_daemon"
    INTERNAL = "internal"


class ShortsError(Exception):
    """Anything that shortsd tells a person; `message` is a sentence, `hint` says what to do."""

    code: ClassVar[Code] = Code.INTERNAL
    may_pass: ClassVar[bool] = False
    """Whether what causes errors of this kind is apt to go away by itself."""

    def __init__(self, message: str, hint: str = "", *, retryable: bool | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.retryable = self.may_pass if retryable is None else retryable
        """Whether doing the same again, later, can succeed: what is known of this error, else of its kind."""
        self.stage: str | None = None
        """The stage of a job that raised it, if one did."""


class BadRequest(ShortsError):
    """The request itself is not understood."""

    code = Code.BAD_REQUEST


class BadInput(ShortsError):
    """Something the user gave cannot be used."""

    code = Code.BAD_INPUT


class NotFound(ShortsError):
    """No such job, batch or stage."""

    code = Code.NOT_FOUND


class WrongState(ShortsError):
    """Not possible in the job's present state."""

    code = Code.WRONG_STATE


class Conflict(ShortsError):
    """The same idempotency key came with another request."""

    code = Code.CONFLICT


class Unavailable(ShortsError):
    """The daemon takes no work now."""

    code = Code.UNAVAILABLE
    may_pass = True


class Unusable(Unavailable):
    """The job database cannot be worked with before somebody has put another in its place."""

    code = Code.UNUSABLE
    may_pass = False


class DiskFull(ShortsError):
    """No space left where something had to be written."""

    code = Code.DISK_FULL
    may_pass = True


class ChildFailed(ShortsError):
    """A child process ended badly. What it did of its own accord it does again; what was done to it may pass."""

    code = Code.CHILD_FAILED


class TimedOut(ShortsError):
    """A child process stalled or took too long, and was ended."""

    code = Code.TIMED_OUT
    may_pass = True


class CheckFailed(ShortsError):
    """The finished file is not what it should be."""

    code = Code.CHECK_FAILED


class Poisonous(ShortsError):
    """The daemon died again and again while it worked on the job."""

    code = Code.POISONOUS


class TooAlike(ShortsError):
    """The story is too much like one that was told before."""

    code = Code.TOO_ALIKE


class ServiceFailed(ShortsError):
    """A service elsewhere did not do what it was asked for. `retry_after_s` is how long it wants to be left alone."""

    code = Code.SERVICE_FAILED
    may_pass = True

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        status: int = 0,
        retry_after_s: float | None = None,
        retryable: bool | None = None,
    ) -> None:
        super().__init__(message, hint, retryable=retryable)
        self.status = status
        """Its HTTP status; 0 if there was no answer."""
        self.retry_after_s = retry_after_s


class ServiceRefused(ServiceFailed):
    """A service elsewhere does not know us, or does not let us."""

    code = Code.SERVICE_REFUSED
    may_pass = False


class NotYet(ShortsError):
    """The time for something has not come: before `until`, in seconds since the epoch, it is not to be done."""

    code = Code.NOT_YET

    def __init__(self, message: str, hint: str = "", *, until: float = 0.0) -> None:
        super().__init__(message, hint)
        self.until = until


class NoDaemon(ShortsError):
    """Nobody answers on the socket."""

    code = Code.NO_DAEMON
    may_pass = True


class Internal(ShortsError):
    """A fault of shortsd itself."""

    code = Code.INTERNAL


ERRORS: dict[Code, type[ShortsError]] = {
    cls.code: cls
    for cls in (
        BadRequest,
        BadInput,
        NotFound,
        WrongState,
        Conflict,
        Unavailable,
        Unusable,
        DiskFull,
        ChildFailed,
        TimedOut,
        CheckFailed,
        Poisonous,
        TooAlike,
        ServiceFailed,
        ServiceRefused,
        NotYet,
        NoDaemon,
        Internal,
    )
}

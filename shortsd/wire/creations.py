"""Creations, for who asks for them by id. See `wire.models`."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CreationStatus:
    """How the video of a creation stands."""

    creation_id: str
    status: str
    """`pending`, `completed` or `failed`."""
    reason: str = ""
    """Why it failed."""
    video: str = ""
    """Where it is, once it is there: a path on the daemon's machine, or an address."""
    job: int | None = None
    """The job that makes it, where this daemon does."""
    execution: str = ""
    """The Cloud Run execution that makes it, where one does."""

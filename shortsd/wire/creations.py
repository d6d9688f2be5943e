"""Creations: what they are asked for with, and how they stand. See `wire.models`."""

from dataclasses import dataclass

from shortsd.wire.models import FilmParams, Real


@dataclass(frozen=True, kw_only=True)
class CreationParams(FilmParams):
    """What a creation is made of. If not given, its title is its id, its size the configured one, and its seed 0.

    So a book becomes the same video again.
    """

    creation: str
    """Its id: the name of its folder."""
    storage: str
    """What that folder is in: another folder, s3://bucket/…, gs://bucket/… or az://container/…."""
    silent_s: Real | None = None
    """Seconds for which a page is shown that says nothing; as configured if not given."""
    caption_place: str | None = None
    """auto, top, middle or bottom."""
    fit: str | None = None
    """Pictures of another shape than the frame: blur (if nothing is said), which shows them whole, or crop."""


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

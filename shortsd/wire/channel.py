"""What travels about a channel: weeks, slots, batches, history. Times are in seconds since the epoch."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from shortsd.wire.models import STRICT, ShortParams, Truth, Whole


@dataclass(frozen=True, kw_only=True)
class WeekRequest:
    """Shorts to be made for the hours of some days."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    count: Whole
    per_day: Whole | None = None
    """As many as there are hours, if not given."""
    start: str = "tomorrow"
    """The first day: `today`, `tomorrow` or 2026-11-29."""
    at: list[str] = field(default_factory=list)
    """Hours, "09:00"; the configured ones if there are none."""
    zone: str = ""
    """Their time zone; the configured one if not given."""
    topics: list[str] = field(default_factory=list)
    """What they are about, in turn; without any, `params` says it."""
    params: ShortParams = field(default_factory=ShortParams)
    priority: Whole = 0
    dry_run: Truth = False
    """Only tell what would be done."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What jobs will take."""

    jobs: int
    seconds: float
    """Until the last of them is made, from the latest runs of this machine, if nothing else is done meanwhile."""
    uses: list[str]
    """Who writes, speaks, paints and publishes, and what is left of a quota, a line each."""


@dataclass(frozen=True, kw_only=True)
class Week:
    """A week as it is planned, and its jobs once they are made."""

    slots: list[float]
    zone: str
    estimate: Estimate
    batch: int | None = None
    jobs: list[int] = field(default_factory=list)
    """One for each slot."""


@dataclass(frozen=True, kw_only=True)
class SlotView:
    """An hour at which a short is to be seen."""

    at: float
    job: int
    title: str
    state: str
    batch: int | None
    link: str = ""
    """Where it is seen, once it is uploaded."""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Slots, the earliest first."""

    zone: str
    slots: list[SlotView]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A short that was published, or what a job of another kind has made."""

    job: int
    kind: str = "short"
    title: str
    made_at: float
    publish_at: float | None
    batch: int | None
    duration_s: float | None
    video: str
    """The path of its file."""
    link: str
    file: str = ""
    """The path of what it made, where that is no video."""

    @property
    def where(self) -> str:
        """Where it is to be found: an address, or a path."""
        return self.link or self.video or self.file


@dataclass(frozen=True, kw_only=True)
class History:
    """Published shorts, newest first. `next` goes back as `cursor` for the page after this."""

    shorts: list[Shown]
    next: int | None = None
    zone: str = ""
    """The time zone that is configured, for who writes their hours down."""


@dataclass(frozen=True, kw_only=True)
class BatchView:
    """Jobs that were asked for together."""

    id: int
    created_at: float
    total: int
    done: int
    """That have succeeded."""
    errors: int
    """That have failed."""
    states: dict[str, int]
    """How many are in each state that any is in."""


@dataclass(frozen=True, kw_only=True)
class Queued:
    """Whether jobs are started."""

    paused: bool


@dataclass(frozen=True, kw_only=True)
class PictureView:
    """A picture that a scene shows."""

    scene: int
    """Counted from 1."""
    text: str
    """What is spoken meanwhile."""
    file: str
    """Its path, on the daemon's machine."""
    source: str
    author: str = ""
    licence: str = ""
    page: str = ""


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a job has by now. What it has not is empty."""

    title: str
    video: str = ""
    """The path of the film, on the daemon's machine: that which waits for approval, or was published."""
    script: str = ""
    """The path of a file in which what is told can be edited, on the daemon's machine; a retry takes it from there."""
    text: str = ""
    description: str = ""
    tags: list[str] = field(default_factory=list)
    pictures: list[PictureView] = field(default_factory=list)

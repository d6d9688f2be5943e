"""Channels elsewhere whose videos are written down. See `wire.models`."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from shortsd.wire.channel import Estimate
from shortsd.wire.models import STRICT, Truth, Whole


@dataclass(frozen=True, kw_only=True)
class TranscriptParams:
    """What is to be written down, and where."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    channel: str
    """The name of the channel's folder among the finished work."""
    url: str
    """The address of the video's page."""
    site: str = ""
    """The address that the user gave, of a channel for one; that of the video if there was none."""
    video: str = ""
    """Its id; its address if not given."""
    title: str = ""
    uploaded: str = ""
    """The day it came, "2026-11-28", as far as that is known."""
    language: str = ""
    """That of the subtitles, as a tag; empty for that which is spoken."""
    since: str = ""
    """A day: a video that turns out to have come before is left out."""
    summarize: Truth = False
    """Whether a summary is written, too."""


@dataclass(frozen=True, kw_only=True)
class ListingRequest:
    """Which videos of a channel are meant, and what is to be made of them."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    url: str
    """The address of a channel, a list, a feed or a video."""
    limit: Whole | None = None
    """The newest so many; all if not given."""
    since: str = ""
    """A day, "2026-11-28": those that came then or later."""
    language: str = ""
    """That of the subtitles, as a tag; empty for that which is spoken."""
    summarize: Truth = False
    """Whether summaries are wanted, too."""


@dataclass(frozen=True, kw_only=True)
class VideoView:
    """A video of a channel."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    id: str
    url: str
    title: str = ""
    uploaded: str = ""
    """The day it came, as far as that is known."""


@dataclass(frozen=True, kw_only=True)
class ChannelListing:
    """What was found at an address, and what is left to be done of it."""

    id: str
    """The channel's, at its site."""
    title: str
    folder: str
    """The name of the folder that it has, or will have."""
    found: int
    """Videos that were asked for."""
    done: int
    """Of these, what is written down already."""
    under_way: int
    """Of these, what jobs are at."""
    later: int
    """Of these, what is too much for one batch; it is there when the same is asked for again."""
    estimate: Estimate
    """Of what is left."""
    videos: list[VideoView] = field(default_factory=list)
    """What is left, the newest first."""


@dataclass(frozen=True, kw_only=True)
class TranscriptsRequest:
    """Videos of a channel that are to be written down: a job for each."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    url: str
    """The address that the user gave."""
    id: str
    title: str
    """The channel's, as its listing tells."""
    videos: list[VideoView]
    since: str = ""
    language: str = ""
    summarize: Truth = False
    priority: Whole = 0


@dataclass(frozen=True, kw_only=True)
class Transcripts:
    """The jobs that were made of them."""

    folder: str
    """The whole path of the channel's folder, on the daemon's machine."""
    batch: int | None
    jobs: list[int]


@dataclass(frozen=True, kw_only=True)
class Idea:
    """What a story could be about."""

    topic: str
    title: str
    """Of the video that it is from."""
    file: str
    """The summary's path, on the daemon's machine."""


@dataclass(frozen=True, kw_only=True)
class Ideas:
    """Topics out of a channel's summaries."""

    ideas: list[Idea]

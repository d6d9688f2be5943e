"""Stages: those of a short in order, and what is known of one before it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class StageName(StrEnum):
    """A step of a short's pipeline."""

    STORY = "story"
    VOICE = "voice"
    IMAGES = "images"
    CAPTIONS = "captions"
    RENDER = "render"
    THUMBNAIL = "thumbnail"
    CHECK = "check"
    PUBLISH = "publish"


STAGES: tuple[StageName, ...] = tuple(StageName)
"""All of them, in the order they run."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a stage counts its progress, and how long it takes before this machine has shown how long it takes."""

    unit: str
    seconds: float


PACES: Mapping[str, Pace] = {
    StageName.STORY: Pace("words", 0.1),
    StageName.VOICE: Pace("sentences", 1.0),
    StageName.IMAGES: Pace("pictures", 8.0),
    StageName.CAPTIONS: Pace("captions", 0.4),
    StageName.RENDER: Pace("frames", 40.0),
    StageName.THUMBNAIL: Pace("frames", 1.5),
    StageName.CHECK: Pace("seconds", 5.0),
    StageName.PUBLISH: Pace("files", 0.1),
}
"""Seconds are those of a 60-second short at 1080x1920 on two cores, rounded; a machine's own runs replace them."""

"""What jobs of each kind are asked for with, by the name of the kind. See `wire.models`."""

from collections.abc import Mapping
from typing import Any

from shortsd.wire.creations import CreationParams
from shortsd.wire.models import ShortParams
from shortsd.wire.slides import SlidesParams
from shortsd.wire.transcripts import TranscriptParams

PARAMS: Mapping[str, type[Any]] = {
    "short": ShortParams,
    "creation": CreationParams,
    "transcript": TranscriptParams,
    "slides": SlidesParams,
}

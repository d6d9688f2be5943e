"""What lectures are asked for with."""

from dataclasses import dataclass
from typing import Any, ClassVar

from shortsd.wire.models import STRICT, Real, Truth, Whole


@dataclass(frozen=True, kw_only=True)
class SlidesParams:
    """What a lecture of slides is made of. One of `story` and `url`. Paths are absolute, on the daemon's machine."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    story: str | None = None
    """Markdown: headings begin slides, list items are points, paragraphs are said."""
    url: str | None = None
    """The address of an article."""
    title: str | None = None
    theme: str | None = None
    """paper, night or bold; the configured one if not given."""
    article_pictures: Truth | None = None
    """Whether pictures that the text names by their addresses are fetched and shown: whose they are is the user's to
    know."""
    voice: str | None = None
    """A voice's id; the configured one if not given."""
    music: str | None = None
    """A sound file."""
    fps: Whole | None = None
    size: str | None = None
    """Width and height in pixels, "1920x1080"."""
    shape: str | None = None
    """In place of a size: "16:9" (if nothing is said), "9:16" or "1:1"."""
    captions: str | None = None
    """A caption style, as of a short; clean if not given. They stand below the slides."""
    caption_colour: str | None = None
    caption_size: Real | None = None
    """Times the usual size, 0.5 to 2; 0.7 if not given."""
    cuts: str | None = None
    """From slide to slide, and as a point appears: crossfade, dip, whip or hard."""
    review: str | None = None
    """What it does not do before somebody approves of it: `render`, `publish` or `nothing`."""
    seed: Whole | None = None
    """Chooses the music; 0 if not given."""

"""Which part of a frame players leave free for captions. docs/captions.md has the figures' sources side by side."""

from dataclasses import dataclass

TALL = 1.2
"""Frames at least this much taller than wide are shown full screen with a player's buttons over them."""
SIDE_TALL = 0.14
"""Share of a tall frame's width left free on either side.

The players' column of buttons stands on the right: up to 150 of 1080 px in TikTok, 13.9 %; Meta's guide asks for 6 % on
both sides. Symmetric, so that text stands in the middle.
"""
TOP_TALL = 0.15
"""Share of its height left free above: Meta's guide asks for 14 %, TikTok's tabs take 150 of 1920 px, 8 %."""
BOTTOM_TALL = 0.25
"""The same below: title and channel take 480 of 1920 px on YouTube, TikTok's caption 440 px.

Meta's guide for *advertisements* keeps 35 % free because of their extra button; a short has none.
"""
EDGE_WIDE = 0.05
"""Share left free on each edge of frames that are not tall, which play with nothing over them: EBU R 95."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a frame, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def holds(self, other: "Area", slack: float = 0.5) -> bool:
        """Whether another rectangle lies inside, but for `slack` pixels."""
        return (
            other.left >= self.left - slack
            and other.top >= self.top - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


def safe_area(width: int, height: int) -> Area:
    """The part of a frame that no player covers."""
    if is_tall(width, height):
        return Area(SIDE_TALL * width, TOP_TALL * height, (1 - SIDE_TALL) * width, (1 - BOTTOM_TALL) * height)
    return Area(EDGE_WIDE * width, EDGE_WIDE * height, (1 - EDGE_WIDE) * width, (1 - EDGE_WIDE) * height)


def is_tall(width: int, height: int) -> bool:
    """Whether players show a frame full screen, their buttons over it."""
    return height >= TALL * width

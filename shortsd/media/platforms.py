"""How long and how large a video may be where it is to be seen. Read in 2026; docs/checks.md names the pages."""

from dataclasses import dataclass

HOUR_S, GB = 3600.0, 10**9


@dataclass(frozen=True, slots=True)
class Platform:
    """What a platform takes."""

    name: str
    shortest_s: float
    longest_s: float
    bytes: int


YOUTUBE = Platform("YouTube", 0.0, 12 * HOUR_S, 256 * GB)
"""No platform takes more."""
YOUTUBE_SHORTS = Platform("YouTube Shorts", 0.0, 180.0, 256 * GB)
TIKTOK = Platform("TikTok", 0.0, 600.0, 4 * GB)
REELS = Platform("Instagram Reels", 3.0, 900.0, 1 * GB)


def platforms(width: int, height: int) -> tuple[Platform, ...]:
    """Where a video of a size goes. What is wider than tall is no Short for YouTube, but a video like any other."""
    return (YOUTUBE if width > height else YOUTUBE_SHORTS, TIKTOK, REELS)

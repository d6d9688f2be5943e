"""How one scene gives way to the next, on whole I420 frames."""

from collections.abc import Callable

import cv2
import numpy as np

from shortsd.domain.style import Cut
from shortsd.media.camera import ease
from shortsd.media.planes import Plane, split

SHUTTER = 0.9
"""How long of a frame's time a whip is exposed: longer than a film camera's half, since it is over so soon."""
_BLACK = (16, 128, 128)
"""Y, Cb and Cr of black: Recommendation ITU-R BT.709-6, item 3.5."""

Draw = Callable[[Plane], None]
"""Draws a scene's frame into the memory of a frame."""


class Transitions:
    """Draws the frames between two scenes; holds the memory for it."""

    def __init__(self, blank: Callable[[], Plane]) -> None:
        self._other = blank()
        self._black = blank()
        for plane, level in zip(split(self._black), _BLACK, strict=True):
            plane[:] = level

    def draw(self, cut: Cut, at: int, frames: int, before: Draw, after: Draw, to: Plane) -> None:
        """Draw frame `at` of a transition of so many frames, from the scene before to the one after."""
        start, part, end = ((at + 1 + beside) / (frames + 1) for beside in (-SHUTTER / 2, 0, SHUTTER / 2))
        match cut:
            case Cut.CROSSFADE:
                before(self._other)
                after(to)
                _mix(to, self._other, ease(part))
            case Cut.DIP:
                (before if part < 1 / 2 else after)(to)
                _mix(to, self._black, ease(abs(2 * part - 1)))
            case Cut.WHIP:
                before(self._other)
                after(to)
                _whip(to, self._other, swish(start), swish(end))
            case Cut.HARD:
                after(to)


def swish(part: float) -> float:
    """Smootherstep, 6t⁵ - 15t⁴ + 10t³: from 0 to 1, so slow at both ends that only its middle is seen to move.

    Source: Ken Perlin, "Improving Noise", SIGGRAPH 2002.
    """
    part = min(max(part, 0.0), 1.0)
    return part**3 * (part * (6 * part - 15) + 10)


def _mix(to: Plane, other: Plane, weight: float) -> None:
    cv2.addWeighted(to, weight, other, 1 - weight, 0, dst=to)


def _whip(to: Plane, before: Plane, start: float, end: float) -> None:
    """Swish from one picture to the other, from `start` to `end` of the way while exposed.

    Between the two are their mirror images: there is no edge to be seen but the one in the middle, at full speed.
    """
    for after, left in zip(split(to), split(before), strict=True):
        height, width = after.shape
        way = 3 * width
        exposed = 1 + 2 * round((end - start) * way / 2)
        first = max(0, int(start * way) - 1)
        strip = np.hstack([left, left[:, ::-1], after[:, ::-1], after])[:, first : first + width + exposed + 3]
        blurred = cv2.blur(strip, (exposed, 1), borderType=cv2.BORDER_REPLICATE)
        centre = ((start + end) / 2 * way - first + (width - 1) / 2, (height - 1) / 2)
        cv2.getRectSubPix(blurred, (width, height), centre, patch=after)

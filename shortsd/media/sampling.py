"""Sub-pixel sampling of a plane on a straight grid, at a third of what OpenCV's `warpAffine` takes.

`cv2.resize` interpolates as `warpAffine` does, but begins on a whole pixel. A grid that begins some columns and rows
before the wanted one meets a whole pixel, or comes within NEAR of one, somewhere: from there it is resized, and what is
too much is left out. Where nothing comes near, `warpAffine` does it.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from shortsd.media.planes import Plane

EARLY = 96
"""How many columns or rows before the wanted grid another one may begin."""
NEAR = 1 / 64
"""How far from the wanted grid, in its steps, another one may lie: as near as the 1/32 pixel of `warpAffine`."""
STEP = 49 / 32
"""A step well filmed: its multiples fall on every 1/32 of a pixel."""
LEAD = 1 + round(EARLY * STEP)
"""Pixels that a plane has to the left of, and above what is sampled at STEP or less, for grids that begin early."""
TAIL = 6
"""Pixels that it has to the right and below."""
_PAST = 2
"""Columns and rows after the grid, lest its last ones are interpolated with nothing."""
_COUNT = np.arange(EARLY + 1)


class Sampler:
    """Samples planes into planes of at most one size; holds the memory for it."""

    def __init__(self, width: int, height: int) -> None:
        self._larger = np.empty((height + EARLY + _PAST, width + EARLY + _PAST), np.uint8)

    def sample(self, plane: Plane, start: tuple[float, float], step: tuple[float, float], to: Plane) -> None:
        """Fill `to` with samples of a plane: pixels of `step` by `step`, the first one's corner at `start`.

        Both in pixels of the plane, across and down. Bilinear.
        """
        across, down = (_early(*axis) for axis in zip(start, step, strict=True))
        if across is None or down is None:
            return _warp(plane, start, step, to)
        (left, columns), (top, rows) = across, down
        height, width = to.shape[0] + rows + _PAST, to.shape[1] + columns + _PAST
        part = plane[top : top + round(height * step[1]), left : left + round(width * step[0])]
        larger = self._larger[:height, :width]
        cv2.resize(part, None, dst=larger, fx=1 / step[0], fy=1 / step[1], interpolation=cv2.INTER_LINEAR)
        np.copyto(to, larger[rows : rows + to.shape[0], columns : columns + to.shape[1]])
        return None


def _early(start: float, step: float) -> tuple[int, int] | None:
    """The whole pixel where a grid begins that comes near the wanted one, and how many steps earlier that is."""
    starts = start - _COUNT * step
    whole = np.rint(starts)
    near = np.flatnonzero((abs(starts - whole) <= NEAR * step) & (whole >= 0))
    return (int(whole[near[0]]), int(near[0])) if near.size else None


def _warp(plane: Plane, start: tuple[float, float], step: tuple[float, float], to: Plane) -> None:
    """Sample wherever the grid lies. The index of a pixel is that of its centre, half a pixel from its corner."""
    (left, top), (across, down) = start, step
    grid: NDArray[Any] = np.array([[across, 0, left + across / 2 - 0.5], [0, down, top + down / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cv2.warpAffine(plane, grid, (to.shape[1], to.shape[0]), dst=to, flags=flags, borderMode=cv2.BORDER_REPLICATE)

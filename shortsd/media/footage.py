"""Footage: a picture at the size at which it is best filmed, and the camera that goes over it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from shortsd.media.camera import Size, Window
from shortsd.media.planes import Plane, split, to_yuv420
from shortsd.media.sampling import LEAD, STEP, TAIL, Sampler

Grid = tuple[tuple[float, float], tuple[float, float]]
"""Where samples are taken: the corner of the first one, and how far it is to the next; across and down."""

FINEST, FINE = 1.5, 1.2
"""How many picture pixels a frame's pixel may step over on the widest view before detail flickers, and what then."""
COARSEST = 0.9
"""How many it has to step over, if nothing moves, for the picture to be filmed as it is."""
MARGIN = 2
"""Pixels kept around what the camera sees, for the filters to reach into."""


@dataclass(frozen=True, slots=True)
class Planes:
    """A part of a picture at its working size: Y, and U and V of half its size, 8-bit; LEAD and TAIL are around each.

    A window in pixels of the picture, its left top corner at `corner`, begins at the first pixel after the LEAD.
    """

    y: Plane
    u: Plane
    v: Plane
    picture: Size
    corner: tuple[int, int]
    scale: float
    """Pixels of Y to a pixel of the picture."""
    blown: float
    """By how much of that the planes were blown up, after they had become planes."""

    def grids(self, view: Window, frame: Size) -> tuple[Grid, Grid]:
        """What the pixels of a frame are samples of, for luma and for chroma: start and step, across and down.

        Chroma sample (i, j) lies at luma (2i, 2j + ½), in the frame as in the planes before they were blown up.
        """
        left = (view.x * self.picture[0] - self.corner[0]) * self.scale
        top = (view.y * self.picture[1] - self.corner[1]) * self.scale
        step = (
            view.width * self.picture[0] * self.scale / frame[0],
            view.height * self.picture[1] * self.scale / frame[1],
        )
        chroma = LEAD + (left + (self.blown - step[0]) / 2) / 2, LEAD + top / 2
        return ((LEAD + left, LEAD + top), step), (chroma, step)


class Reel:
    """A scene ready to be drawn: its picture, and the camera's window at each of its frames."""

    def __init__(self, seen: Planes, windows: Sequence[Window], sampler: Sampler) -> None:
        self._seen = seen
        self._windows = windows
        self._sampler = sampler

    def draw(self, at: int, to: Plane) -> None:
        """Draw the scene's frame `at` into the memory of a frame, I420."""
        y, u, v = split(to)
        luma, chroma = self._seen.grids(self._windows[at], (y.shape[1], y.shape[0]))
        for plane, of, (start, step) in ((self._seen.y, y, luma), (self._seen.u, u, chroma), (self._seen.v, v, chroma)):
            self._sampler.sample(plane, start, step, of)


def planes(picture: Plane, views: tuple[Window, Window], frame: Size) -> Planes:
    """What a camera going between two windows can see of a picture, at the size at which it is best filmed.

    That is finer than the frame's pixels: interpolated between such samples, detail stays sharp, and as sharp while it
    moves from one pixel to the next.
    """
    height, width = picture.shape[:2]
    left, right = _span([(view.x, view.width) for view in views], width)
    top, bottom = _span([(view.y, view.height) for view in views], height)
    part, shrunk = picture[top:bottom, left:right], 1.0
    step = max(view.width for view in views) * width / frame[0]
    if step > FINEST:
        shrunk = FINE / step
        part = _resized(part, shrunk, cv2.INTER_AREA)
    still = views[0] == views[1] and step >= COARSEST
    blown = 1.0 if still else STEP / (step * shrunk)
    y, u, v = (_led(_resized(plane, blown, cv2.INTER_CUBIC)) for plane in to_yuv420(part))
    return Planes(y, u, v, (width, height), (left, top), shrunk * blown, blown)


def _span(windows: list[tuple[float, float]], pixels: int) -> tuple[int, int]:
    """First pixel seen and the one after the last, along one axis, with a margin."""
    first = int(min(start for start, _ in windows) * pixels) - MARGIN
    last = int(np.ceil(max(start + length for start, length in windows) * pixels)) + MARGIN
    return max(0, first), min(pixels, last)


def _resized(picture: Plane, factor: float, filtered: int) -> Plane:
    if factor == 1.0:
        return picture
    fx, fy = (max(factor, 1 / side) for side in (picture.shape[1], picture.shape[0]))
    return np.asarray(cv2.resize(picture, None, fx=fx, fy=fy, interpolation=filtered), np.uint8)


def _led(plane: Plane) -> Plane:
    """The plane with LEAD and TAIL around it."""
    return np.asarray(cv2.copyMakeBorder(plane, LEAD, TAIL, LEAD, TAIL, cv2.BORDER_REPLICATE), np.uint8)

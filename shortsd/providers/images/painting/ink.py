"""Silhouettes: smooth-edged shapes drawn into a mask, in pixels with fractions."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import cv2
import numpy as np

from shortsd.providers.images.painting.noise import Field, Mask, field

_SHIFT = 4
"""OpenCV takes points as integers; these are its bits behind the point."""

Point = tuple[float, float]


def blank(width: int, height: int) -> Mask:
    """An empty mask."""
    return np.zeros((height, width), np.uint8)


def _fixed(points: Iterable[Sequence[float]] | Field) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    raw = points if isinstance(points, np.ndarray) else np.array(list(points), np.float32)
    return np.rint(raw * np.float32(2**_SHIFT)).astype(np.int32)


def polygon(mask: Mask, points: Iterable[Sequence[float]] | Field, value: int = 255) -> None:
    """Fill a polygon."""
    cv2.fillPoly(mask, [_fixed(points)], (value,), cv2.LINE_AA, _SHIFT)


def box(mask: Mask, left: float, top: float, right: float, bottom: float, value: int = 255) -> None:
    """Fill an upright rectangle."""
    polygon(mask, [(left, top), (right, top), (right, bottom), (left, bottom)], value)


def disc(mask: Mask, x: float, y: float, radius: float, tall: float = 1, value: int = 255) -> None:
    """Fill an ellipse, `tall` times as high as wide."""
    turn = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    polygon(mask, field(np.stack([x + radius * np.cos(turn), y + radius * tall * np.sin(turn)], axis=1)), value)


def stroke(mask: Mask, start: Point, end: Point, width: float, taper: float | None = None, value: int = 255) -> None:
    """Draw a line `width` pixels wide at its start and `taper` at its end; thin ones become faint, not thick."""
    half, last = width / 2, (width if taper is None else taper) / 2
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = max(float(np.hypot(dx, dy)), 1e-6)
    nx, ny = -dy / length, dx / length
    corners = [
        (start[0] + nx * half, start[1] + ny * half),
        (end[0] + nx * last, end[1] + ny * last),
        (end[0] - nx * last, end[1] - ny * last),
        (start[0] - nx * half, start[1] - ny * half),
    ]
    cv2.fillConvexPoly(mask, _fixed(corners), (value,), cv2.LINE_AA, _SHIFT)


def curve(mask: Mask, points: Sequence[Point], width: float, value: int = 255) -> None:
    """Draw a line of one width through points."""
    for start, end in pairwise(points):
        stroke(mask, start, end, width, value=value)


def below(mask: Mask, heights: Field) -> None:
    """Fill everything below a skyline: `heights` is a row (pixels from the top) for each column."""
    count = len(heights)
    columns = np.arange(count, dtype=np.float32)
    last = float(mask.shape[0] + 2)
    edge = np.stack([columns, heights], axis=1)
    polygon(
        mask,
        field(np.concatenate([[[-2, heights[0]]], edge, [[count + 2, heights[-1]], [count + 2, last], [-2, last]]])),
    )

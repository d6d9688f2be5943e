"""Smooth randomness: value noise summed over octaves (Perlin 1985, "An Image Synthesizer"), on small grids."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
"""Brightness, opacity or colour, float32, 1 being full."""
Mask = npt.NDArray[np.uint8]
"""Coverage of a silhouette, 255 being full."""


def field(values: Any) -> Field:
    """Values as float32."""
    return np.asarray(values, dtype=np.float32)


def resized(grid: Field, width: int, height: int) -> Field:
    """A grid blown up (cubic) or shrunk (area) to a size in pixels."""
    shrinks = width < grid.shape[1] and height < grid.shape[0]
    return field(cv2.resize(grid, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC))


def blurred(grid: Field, sigma: float) -> Field:
    """A grid under a Gaussian of `sigma` pixels."""
    return field(cv2.GaussianBlur(grid, (0, 0), max(sigma, 0.1)))


def fbm(rng: np.random.Generator, shape: tuple[int, int], cell: tuple[float, float], octaves: int = 5) -> Field:
    """Cloudy noise of (height, width) `shape`, about -1 to 1; `cell` is the (height, width) of its largest blots."""
    height, width = shape
    total = np.zeros(shape, np.float32)
    weight = 0.5
    for octave in range(octaves):
        rows, columns = (int(np.ceil(n / c * 2**octave)) + 2 for n, c in zip(shape, cell, strict=True))
        if rows > height * 2 or columns > width * 2:
            break
        total += weight * resized(rng.standard_normal((rows, columns), dtype=np.float32), width, height)
        weight *= 0.5
    return field(np.clip(total * 1.2, -1.5, 1.5))


def profile(rng: np.random.Generator, count: int, cells: float, octaves: int = 7, rough: float = 0.5) -> Field:
    """A skyline of `count` samples, about -1 to 1, of about `cells` large hills; `rough` weighs each finer octave."""
    total = np.zeros(count, np.float32)
    weight = 0.6
    for octave in range(octaves):
        points = int(np.ceil(cells * 2**octave)) + 3
        if points > count:
            break
        total += weight * resized(rng.standard_normal((1, points), dtype=np.float32), count, 1)[0]
        weight *= rough
    return field(1.6 * np.tanh(total / 1.6))


def smoothstep(low: float, high: float, at: Field) -> Field:
    """0 below `low`, 1 above `high`, a soft S between (either may be the larger)."""
    t = np.clip((at - low) / (high - low), 0, 1)
    return field(t * t * (3 - 2 * t))

"""The canvas: layers are laid on it from back to front, silhouettes sharp and light soft."""

import cv2
import numpy as np

from shortsd.providers.images.painting.noise import Field, Mask, fbm, field, resized
from shortsd.providers.images.painting.palette import Palette

_BAND = 32
"""Rows mixed at a time: a band of float32 rows stays in the processor's cache (measured: three times faster)."""


_WHITE = field([1, 1, 1])


class Canvas:
    """A picture in the making.

    Soft things (skies, fog, glows) are computed on a grid of about 180 cells to the unit and blown up, so that they
    cost little and look the same at every size; silhouettes are drawn at full size.
    """

    def __init__(
        self, width: int, height: int, rng: np.random.Generator, palette: Palette, *, peopled: bool = True
    ) -> None:
        self.width = width
        self.height = height
        self.rng = rng
        self.palette = palette
        self.peopled = peopled
        """Whether somebody is to be seen."""
        self.unit = 0.75 * float(np.sqrt(width * height))
        """The measure of things in pixels: the width of a 9:16 picture, three quarters of a square one's side."""
        step = max(1.0, self.unit / 180)
        self.grid = (round(height / step), round(width / step))
        self.y = field((np.arange(self.grid[0]) + 0.5) * height / self.grid[0])[:, None]
        """The rows of the grid in pixels, as a column."""
        self.x = field((np.arange(self.grid[1]) + 0.5) * width / self.grid[1])[None, :]
        self.image = np.zeros((height, width, 3), np.float32)

    @property
    def cell(self) -> float:
        """Pixels to a grid cell."""
        return self.height / self.grid[0]

    def between(self, low: float, high: float) -> float:
        """A number drawn from [low, high)."""
        return float(self.rng.uniform(low, high))

    def noise(self, tall: float, wide: float, octaves: int = 5) -> Field:
        """Cloudy noise on the grid, its largest blots `tall` by `wide` pixels."""
        return fbm(self.rng, self.grid, (tall / self.cell, wide / self.cell), octaves)

    def full(self, grid: Field) -> Field:
        """A grid blown up to the picture's size."""
        return resized(grid, self.width, self.height)

    def fill(self, colours: Field) -> None:
        """Paint everything over with a grid of colours."""
        self.image = self.full(colours)

    def veil(self, opacity: Field, colour: Field) -> None:
        """Lay a colour over everything, by a grid of opacities."""
        cover = np.clip(self.full(opacity), 0, 1)
        for band in self._bands():
            self._mix(band, colour, cover[band])

    def shine(self, strength: Field, colour: Field) -> None:
        """Add light by a grid of strengths, as a second exposure would: it never burns out (the "screen" mode)."""
        self.light(np.clip(self.full(strength), 0, 1), colour)

    def shade(self, factor: Field) -> None:
        """Make everything darker or brighter by a grid of factors."""
        whole = self.full(factor)
        for band in self._bands():
            self.image[band] *= field(cv2.cvtColor(whole[band], cv2.COLOR_GRAY2BGR))

    def ink(self, mask: Mask, top: Field, foot: Field | None = None, reach: tuple[float, float] = (0, 1)) -> None:
        """Lay a silhouette: `top` its colour above, `foot` below, going over between two rows (`reach`, pixels)."""
        rows = np.flatnonzero(mask.any(axis=1))
        if not len(rows):
            return
        t = np.clip((field(np.arange(self.height)) - reach[0]) / max(reach[1] - reach[0], 1), 0, 1)
        colours = field(top + ((top if foot is None else foot) - top) * (t * t)[:, None])[:, None, :]
        for band in self._bands(int(rows[0]), int(rows[-1]) + 1):
            self._mix(band, colours[band], _share(mask[band]))

    def lay(self, mask: Mask, paint: Field) -> None:
        """Lay a whole painting, seen through a mask."""
        for band in self._bands():
            self._mix(band, paint[band], _share(mask[band]))

    def light(self, share: Field, colour: Field) -> None:
        """Add light by a share of 0 to 1 for each pixel, as `shine` does: 1 - (1 - image)(1 - colour · share)."""
        for band in self._bands():
            if share[band].any():
                self._mix(band, _WHITE, share[band], colour)

    def _bands(self, first: int = 0, last: int | None = None) -> list[slice]:
        last = self.height if last is None else last
        return [slice(at, min(at + _BAND, last)) for at in range(first, last, _BAND)]

    def _mix(self, band: slice, paint: Field, share: Field, tint: Field | None = None) -> None:
        rows = self.image[band]
        cover = field(cv2.cvtColor(share, cv2.COLOR_GRAY2BGR))
        if tint is not None:
            cover *= tint
        cover *= paint - rows
        rows += cover


def _share(mask: Mask) -> Field:
    return field(mask) * np.float32(1 / 255)

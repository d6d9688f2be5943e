"""The last coat: bloom, a darker rim, paper texture and grain."""

import numpy as np

from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask, blurred, field, resized

GRAIN = 0.013
"""Standard deviation of the film grain. Over one level of 255, so that gradients do not band in 8 bits."""
MOTTLE = 0.022
"""Strength of the coarse texture, which survives an encoder's smoothing where fine grain does not."""


def finish(c: Canvas) -> Mask:
    """The picture as 8-bit blue, green, red."""
    small = resized(c.image, c.grid[1], c.grid[0])
    bright = np.clip(small - 0.55, 0, 1)
    bloom = blurred(bright, 3) * 0.35 + blurred(bright, 11) * 0.35
    c.image += (1 - c.image) * c.full(np.clip(bloom, 0, 1))
    away = ((c.x / c.width - 0.5) / 0.72) ** 2 + ((c.y / c.height - 0.47) / 0.74) ** 2
    mottle = c.noise(0.035 * c.unit, 0.05 * c.unit, 4) * MOTTLE
    rim = np.clip(1 - 0.5 * away**1.6, 0.3, 1) * (1 + mottle * 2)
    c.shade(field(rim))
    tile = c.rng.standard_normal(2**20, dtype=np.float32) * np.float32(GRAIN)
    out = np.empty(c.image.shape, np.uint8)
    for row in range(0, c.height, 64):
        band = c.image[row : row + 64]
        first = int(c.rng.integers(0, len(tile)))
        grain = np.take(tile, np.arange(first, first + band.shape[0] * c.width), mode="wrap")
        band = band + grain.reshape(band.shape[0], c.width, 1)
        out[row : row + 64] = np.clip(band * 255 + 0.5, 0, 255).astype(np.uint8)
    return out

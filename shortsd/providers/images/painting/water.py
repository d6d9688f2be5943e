"""Water: it mirrors what stands above it, rippled, and breaks the moon into a path."""

import cv2
import numpy as np

from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Field, fbm, field, resized, smoothstep
from shortsd.providers.images.painting.palette import mix

_DEPTH = 0.055
"""How quickly ripples grow toward the eye."""


def water(c: Canvas, shore: float, x: float, shine: float = 1) -> None:
    """Turn what is below the row `shore` into water; the light that makes its path stands above `x`."""
    first = round(shore)
    ripples = _ripples(c, first)
    below = field(np.arange(c.height - first) + 1)[:, None]
    near = field(below / (c.height - first))
    still = _blurred(c, first)
    source = np.clip(first - 1 - below * 0.85 - ripples * (4 + 70 * near) * c.unit / 1440, 0, first - 1)
    columns = field(np.arange(c.width))[None, :] + ripples * (2 + 26 * near) * c.unit / 1440
    mirrored = field(cv2.remap(still, columns, field(source), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))
    deep = mix(c.palette.ink, c.palette.sky, 0.35)
    depth = field(cv2.cvtColor(np.repeat(0.25 + 0.5 * near, c.width, axis=1), cv2.COLOR_GRAY2BGR))
    mirrored *= np.float32(0.72)
    mirrored += (deep - mirrored) * depth
    mirrored *= field(cv2.cvtColor(1 + 0.2 * ripples * (0.3 + near), cv2.COLOR_GRAY2BGR))
    c.image[first:] = mirrored
    if shine:
        _path(c, first, x, shine, ripples, near)


def _blurred(c: Canvas, first: int) -> Field:
    """What stands above the water without its edges, drawn out downward, as ripples leave it."""
    rows = max(round(first / c.cell), 2)
    small = resized(c.image[:first], c.grid[1], rows)
    soft = cv2.GaussianBlur(small, (0, 0), 0.006 * c.unit / c.cell, sigmaY=0.035 * c.unit / c.cell)
    return resized(field(soft), c.width, first)


def _ripples(c: Canvas, first: int) -> Field:
    """Waves seen in perspective, about -1 to 1: flat and fine at the shore, long and wide near the eye."""
    rows = c.height - first
    swell = fbm(c.rng, (512, 512), (7, 17), 4)
    near = field(np.arange(rows) + 1)[:, None] / rows
    depth = _DEPTH / (near + _DEPTH)
    across = (field(np.arange(c.width))[None, :] / c.unit - 0.5) * (40 + 470 * depth) * 0.55 + 256
    down = np.repeat(field(512 * (1 - depth**0.55) * 1.6), c.width, axis=1)
    return field(cv2.remap(swell, field(across), down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP))


def _path(c: Canvas, first: int, x: float, shine: float, ripples: Field, near: Field) -> None:
    """Glitter where a ripple faces the light: a narrow column at the shore that spreads and breaks up below."""
    width = (0.035 + 0.17 * near**0.8) * c.unit
    column = np.exp(-(((field(np.arange(c.width))[None, :] - x) / width) ** 2))
    facing = smoothstep(0.22, 0.55, ripples + 0.62 * column - 0.28 * near)
    light = facing * column * shine * (1 - 0.55 * near)
    sheen = column * 0.16 * shine * (1 - near)
    under = c.image[first:]
    under += (1 - under) * field(cv2.cvtColor(field(light * 0.9 + sheen), cv2.COLOR_GRAY2BGR)) * c.palette.glow

"""Hills under the moon, one behind the other."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people, plants
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Field, field, profile
from shortsd.providers.images.painting.palette import mix


def hills(c: Canvas, variant: int) -> None:
    """Ranges that fade with distance; pines on the nearer ones, someone on the nearest now and then."""
    x, y = ((0.66, 0.27), (0.32, 0.2), (0.5, 0.36))[variant % 3]
    radius = (0.1, 0.065, 0.17)[variant % 3] * c.unit * c.between(0.9, 1.1)
    far = (0.44, 0.36, 0.5)[variant % 3] * c.height
    atmosphere.sky(c, far + 0.18 * c.height, x * c.width, 0.7)
    atmosphere.stars(c, far, 420, 0.8)
    atmosphere.moon(c, x * c.width, y * c.height, radius)
    count = 6 - variant % 2
    for layer in range(count):
        ground = _range(c, layer / (count - 1), far, peaks=variant % 3 == 1)
        _cover(c, layer, count, ground)
    atmosphere.birds(c, (x - 0.16) * c.width, (y + 0.1) * c.height, 9, 0.07 * c.unit)


def _range(c: Canvas, near: float, far: float, *, peaks: bool) -> Field:
    """The skyline of a range: `near` is 0 for the farthest and 1 for the nearest."""
    base = far + (0.86 * c.height - far) * near**1.15
    shape = profile(c.rng, c.width, 1.4 + 1.2 * (1 - near), 8, 0.42)
    if peaks and near < 0.5:
        shape = 0.9 - 1.7 * np.abs(shape) + 0.25 * profile(c.rng, c.width, 6, 6, 0.55)
    return field(base - shape * (0.085 - 0.03 * near) * c.unit * (1.6 if peaks else 1))


def _cover(c: Canvas, layer: int, count: int, ground: Field) -> None:
    near = layer / (count - 1)
    mask = ink.blank(c.width, c.height)
    ink.below(mask, ground)
    if 0.35 < near < 1:
        plants.treeline(mask, c.rng, ground, (0.03 + 0.13 * (near - 0.3)) * c.unit, (0.007 + 0.03 * near**2) * c.unit)
    if near == 1:
        spot = int(c.between(0.3, 0.4) * c.width)
        plants.grass(mask, c.rng, ground, 0.035 * c.unit, 0.0035 * c.unit)
        people.figure(c, mask, spot, float(ground[spot]) + 0.012 * c.unit, 0.12 * c.unit)
    top = mix(mix(c.palette.haze, c.palette.horizon, 0.3), c.palette.ink, 0.15 + 0.85 * near**0.75)
    foot = mix(c.palette.haze, c.palette.ink, 0.75 * near**0.9)
    level = float(ground.min())
    c.ink(mask, top, foot, (level, level + (0.3 + 0.25 * near) * c.height))
    if near < 1:
        atmosphere.fog(c, float(ground.max()) + 0.05 * c.height, 0.045 * c.height, 0.5 - 0.2 * near)

"""Inside a forest."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people, plants
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import profile, smoothstep
from shortsd.providers.images.painting.palette import mix


def forest(c: Canvas, variant: int) -> None:
    """Trunks in rows, paler the farther they stand, about a bright gap in the fog."""
    x = (0.55, 0.36, 0.5)[variant % 3] * c.width
    floor = (0.7, 0.66, 0.74)[variant % 3] * c.height
    _air(c, x, floor)
    rows = 6
    for row in range(rows):
        near = row / (rows - 1)
        _row(c, near, x, floor)
        if near < 1:
            atmosphere.fog(c, floor + (near - 0.4) * 0.12 * c.height, 0.09 * c.height, 0.42 - 0.25 * near)
        if row == 2:
            _visitor(c, x, floor, variant)
            atmosphere.shafts(c, x + 0.1 * c.unit, 0.05 * c.height, 0.3, floor)
    _ground(c, floor)


def _air(c: Canvas, x: float, floor: float) -> None:
    """The light in the gap, and the dark of the leaves above and of the ground below."""
    p = c.palette
    away = np.sqrt(((c.x - x) / (0.62 * c.unit)) ** 2 + ((c.y - 0.42 * c.height) / (0.5 * c.height)) ** 2)
    t = smoothstep(1.25, 0.0, away + 0.12 * c.noise(0.3 * c.unit, 0.3 * c.unit))[..., None]
    colours = mix(p.sky, p.ink, 0.35) + (mix(p.horizon, p.glow, 0.35) - mix(p.sky, p.ink, 0.35)) * t
    ground = smoothstep(floor - 0.05 * c.height, floor + 0.12 * c.height, c.y)[..., None]
    c.fill(colours + (mix(p.haze, p.ink, 0.45) - colours) * ground * 0.8)


def _row(c: Canvas, near: float, gap: float, floor: float) -> None:
    """Trunks of one distance, leaving the gap open."""
    mask = ink.blank(c.width, c.height)
    count = round((30 - 24 * near) * c.width / c.unit)
    width = (0.011 + 0.065 * near**1.8) * c.unit
    foot = floor + 0.2 * c.height * near**1.5
    for _ in range(count):
        x = c.between(-0.05, 1.05) * c.width
        if abs(x - gap) > (0.05 + 0.3 * near**1.2) * c.unit:
            plants.trunk(mask, c.rng, x, foot + c.between(-0.01, 0.02) * c.height, width * c.between(0.6, 1.25))
    top = mix(c.palette.haze, c.palette.ink, 0.12 + 0.88 * near**0.8)
    c.ink(mask, mix(top, c.palette.ink, 0.25), mix(c.palette.haze, top, 0.25 + 0.7 * near), (0.45 * c.height, foot))


def _visitor(c: Canvas, x: float, floor: float, variant: int) -> None:
    mask = ink.blank(c.width, c.height)
    tall = (0.15, 0.1, 0.12)[variant % 3] * c.unit
    people.figure(c, mask, x + 0.02 * c.unit, floor + 0.02 * c.height, tall)
    c.ink(mask, mix(c.palette.ink, c.palette.haze, 0.15))


def _ground(c: Canvas, floor: float) -> None:
    """Ferns and roots in front."""
    mask = ink.blank(c.width, c.height)
    line = floor + (0.165 - 0.03 * profile(c.rng, c.width, 2)) * c.height
    ink.below(mask, line)
    plants.grass(mask, c.rng, line, 0.09 * c.unit, 0.004 * c.unit)
    c.ink(mask, mix(c.palette.ink, c.palette.haze, 0.08), c.palette.ink, (floor, c.height))

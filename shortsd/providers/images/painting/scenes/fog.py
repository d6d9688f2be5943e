"""Fog: little to see, and somebody in it."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people, plants
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask, field, profile
from shortsd.providers.images.painting.palette import mix


def fog(c: Canvas, variant: int) -> None:
    """A dead tree, a lamp post and a figure, each fainter than the one before it."""
    side = (1, -1, 1)[variant % 3]
    level = (0.7, 0.66, 0.73)[variant % 3] * c.height
    _air(c, side, level)
    for near in (0.2, 0.5, 0.8):
        mask = ink.blank(c.width, c.height)
        _things(c, mask, near, side, level, variant)
        colour = mix(c.palette.haze, c.palette.ink, 0.12 + 0.82 * near)
        c.ink(mask, colour, mix(c.palette.haze, colour, near), (level - 0.3 * c.height, level + 0.14 * c.height * near))
        atmosphere.fog(c, level + 0.02 * c.height, 0.1 * c.height, 0.6 - 0.4 * near)
    atmosphere.fog(c, 0.95 * c.height, 0.14 * c.height, 0.6, mix(c.palette.haze, c.palette.ink, 0.85))


def _air(c: Canvas, side: int, level: float) -> None:
    atmosphere.sky(c, level, (0.5 - 0.1 * side) * c.width, 0.9)
    c.veil(0.5 + 0.25 * c.noise(0.3 * c.unit, 0.9 * c.unit), mix(c.palette.haze, c.palette.sky, 0.3))
    c.shine(
        0.5 * atmosphere.glow(c, (0.5 - 0.12 * side) * c.width, 0.3 * c.height, 0.24 * c.unit),
        mix(c.palette.glow, c.palette.haze, 0.2),
    )
    disc = ink.blank(c.width, c.height)
    ink.disc(disc, (0.5 - 0.12 * side) * c.width, 0.3 * c.height, 0.075 * c.unit)
    c.light(field(disc) * np.float32(0.55 / 255), c.palette.glow)
    atmosphere.haze(c, level - 0.05 * c.height, level + 0.1 * c.height, 0.8)


def _things(c: Canvas, mask: Mask, near: float, side: int, level: float, variant: int) -> None:
    ground = level + (0.02 + 0.13 * near) * c.height - 0.02 * c.unit * profile(c.rng, c.width, 2)
    ink.below(mask, ground)
    if near < 0.3:
        for at in (0.12, 0.3, 0.66, 0.86):
            plants.bare(mask, c.rng, at * c.width, float(ground[int(at * c.width)]), c.between(0.4, 0.6) * c.unit)
    elif near < 0.6:
        spot = int((0.5 + 0.06 * side) * c.width)
        people.figure(c, mask, spot, float(ground[spot]) + 0.02 * c.unit, (0.26, 0.2, 0.32)[variant % 3] * c.unit)
    else:
        spot = int((0.5 + 0.38 * side) * c.width)
        plants.bare(
            mask, c.rng, spot, float(ground[spot]) + 0.03 * c.unit, (1.25, 1.0, 1.4)[variant % 3] * c.unit, -0.12 * side
        )
        plants.grass(mask, c.rng, ground, 0.06 * c.unit, 0.005 * c.unit)
        if variant % 3 == 1:
            for post in np.linspace(0.02, 0.75, 9):
                at = int(post * c.width)
                ink.stroke(
                    mask,
                    (at, float(ground[at]) + 0.03 * c.unit),
                    (at, float(ground[at]) - 0.11 * c.unit),
                    0.016 * c.unit,
                )

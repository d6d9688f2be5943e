"""The sky itself, a small world below it."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people, plants
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Field, Mask, field, profile, smoothstep
from shortsd.providers.images.painting.palette import mix


def stars(c: Canvas, variant: int) -> None:
    """The milky way over a dark ridge with a lone tree or a lone watcher."""
    low = (0.8, 0.76, 0.83)[variant % 3] * c.height
    atmosphere.sky(c, low, 0.5 * c.width, 0.35)
    _galaxy(c, low, (0.42, -0.5, 0.2)[variant % 3])
    atmosphere.stars(c, low, 2600, 0.62)
    atmosphere.stars(c, 0.8 * low, 120, 1.3)
    _meteor(c, (0.3, 0.62, 0.5)[variant % 3])
    for near in (0.4, 1.0):
        mask = ink.blank(c.width, c.height)
        line = low + 0.075 * c.height * (near - 0.4) - 0.06 * c.unit * profile(c.rng, c.width, 1.5, 8, 0.42)
        ink.below(mask, line)
        if near == 1:
            _company(c, mask, line, variant)
        else:
            plants.treeline(mask, c.rng, line, 0.05 * c.unit, 0.014 * c.unit)
        colour = mix(c.palette.haze, c.palette.ink, near)
        c.ink(mask, colour, mix(colour, c.palette.haze, 0.3 * (1 - near)), (low, c.height))
        atmosphere.fog(c, low + 0.03 * c.height, 0.02 * c.height, 0.4 * (1 - near))


def _galaxy(c: Canvas, low: float, slope: float) -> None:
    """A slanted river of light with dark lanes in it."""
    along = (c.x - 0.5 * c.width) * np.cos(slope) - (c.y - 0.42 * low) * np.sin(slope)
    centre = 0.07 * c.unit * np.sin(along / (0.3 * c.unit))
    across = ((c.x - 0.5 * c.width) * np.sin(slope + 1.15) + (c.y - 0.42 * low) * np.cos(slope + 1.15) - centre) / (
        0.2 * c.unit
    )
    cloud = c.noise(0.25 * c.unit, 0.25 * c.unit, 7)
    band = np.exp(-(across**2)) * (0.55 + 0.45 * cloud)
    lane = np.exp(-(((across - 0.25 * cloud) / 0.3) ** 2)) * smoothstep(
        -0.2, 0.7, c.noise(0.12 * c.unit, 0.12 * c.unit, 6)
    )
    fade = smoothstep(low, 0.55 * low, c.y)
    c.shine(field(0.55 * np.clip(band, 0, 1) * fade), mix(c.palette.horizon, c.palette.glow, 0.35))
    c.shine(field(0.4 * np.clip(band, 0, 1) ** 3 * fade), mix(c.palette.lamp, c.palette.glow, 0.6))
    c.veil(field(0.6 * np.clip(lane, 0, 1) * fade), mix(c.palette.zenith, c.palette.sky, 0.4))


def _meteor(c: Canvas, x: float) -> None:
    mask = ink.blank(c.width, c.height)
    start = (x * c.width, c.between(0.16, 0.28) * c.height)
    ink.stroke(mask, start, (start[0] + 0.26 * c.unit, start[1] - 0.17 * c.unit), 0.0045 * c.unit, 0.2)
    fade = smoothstep(start[0] + 0.27 * c.unit, start[0], c.x) + 0 * c.y
    c.light(field(mask) * np.clip(c.full(fade), 0, 1) * np.float32(0.9 / 255), c.palette.glow)


def _company(c: Canvas, mask: Mask, line: Field, variant: int) -> None:
    spot = int((0.36, 0.62, 0.5)[variant % 3] * c.width)
    level = float(line[spot])
    if variant % 3 != 2:
        plants.bare(mask, c.rng, spot, level + 0.01 * c.unit, 0.5 * c.unit, 0.1)
        spot += int(0.16 * c.unit)
        level = float(line[spot])
    people.figure(c, mask, spot, level + 0.005 * c.unit, 0.13 * c.unit)
    plants.grass(mask, c.rng, line, 0.03 * c.unit, 0.004 * c.unit)

"""A road into the fog, telegraph poles along it."""

from itertools import pairwise

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people, plants
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import field, profile
from shortsd.providers.images.painting.palette import mix


def road(c: Canvas, variant: int) -> None:
    """The road winds to the horizon under the moon; poles and wires go along, a lamp or a walker stands there."""
    x = (0.46, 0.6, 0.5)[variant % 3] * c.width
    far = (0.52, 0.48, 0.56)[variant % 3] * c.height
    side = (1, -1, 1)[variant % 3]
    atmosphere.sky(c, far + 0.04 * c.height, x, 0.95)
    atmosphere.stars(c, 0.8 * far, 320, 0.7)
    atmosphere.moon(c, x - side * 0.2 * c.unit, far - 0.32 * c.unit, (0.07, 0.1, 0.14)[variant % 3] * c.unit)
    _woods(c, far, x)
    _plain(c, far)
    bend = -side * (0.1 + 0.12 * (variant % 2))
    _lane(c, x, far, bend)
    atmosphere.fog(c, far + 0.015 * c.height, 0.035 * c.height, 0.8)
    _poles(c, x, far, side)
    _someone(c, x + 0.8 * bend * c.unit, far, headlights=variant % 2 == 1)
    atmosphere.fog(c, far + 0.14 * c.height, 0.05 * c.height, 0.28)


def _woods(c: Canvas, far: float, x: float) -> None:
    for near in (0.3, 0.55):
        mask = ink.blank(c.width, c.height)
        line = far + 0.012 * c.unit - 0.035 * c.unit * profile(c.rng, c.width, 2)
        ink.below(mask, line)
        gap = (x - 0.06 * c.unit, x + 0.06 * c.unit) if near > 0.5 else None
        plants.treeline(mask, c.rng, line, (0.05 + 0.13 * near) * c.unit, (0.012 + 0.012 * near) * c.unit, gap)
        colour = mix(c.palette.haze, c.palette.ink, near)
        c.ink(mask, colour, mix(colour, c.palette.haze, 0.7), (far - 0.12 * c.unit, far + 0.03 * c.unit))


def _plain(c: Canvas, far: float) -> None:
    mask = ink.blank(c.width, c.height)
    ink.box(mask, -2, far + 0.012 * c.height, c.width + 2, c.height + 2)
    c.ink(mask, mix(c.palette.haze, c.palette.ink, 0.35), c.palette.ink, (far, 0.8 * c.height))


def _lane(c: Canvas, x: float, far: float, bend: float) -> None:
    """The road's surface, paler than the fields, its middle line worn."""
    near = np.linspace(0, 1, 80)
    level = far + 0.012 * c.height + (c.height * 1.02 - far) * near**1.6
    centre = x + bend * c.unit * np.sin(np.pi * near**0.55) + (0.5 * c.width - x) * near**1.6
    half = (0.006 + 0.5 * near**1.6) * c.unit
    mask, dashes = ink.blank(c.width, c.height), ink.blank(c.width, c.height)
    ink.polygon(
        mask, field(np.concatenate([np.stack([centre - half, level], 1), np.stack([centre + half, level], 1)[::-1]]))
    )
    worn = 1 + 0.12 * c.noise(0.05 * c.unit, 0.09 * c.unit)
    fade = np.clip((c.y - far) / (0.3 * c.height), 0, 1)[..., None] ** 0.6
    pale, dark = mix(c.palette.haze, c.palette.horizon, 0.4), mix(c.palette.ink, c.palette.haze, 0.26)
    c.lay(mask, c.full(field((pale + (dark - pale) * fade) * worn[..., None])))
    for at in range(12, 78, 6):
        wide = half[at : at + 4] * 0.025
        left = np.stack([centre[at : at + 4] - wide, level[at : at + 4]], 1)
        right = np.stack([centre[at : at + 4] + wide, level[at : at + 4]], 1)
        ink.polygon(dashes, field(np.concatenate([left, right[::-1]])), 120)
    c.ink(dashes, mix(c.palette.haze, c.palette.glow, 0.4))


def _poles(c: Canvas, x: float, far: float, side: int) -> None:
    """Poles from the distance to the eye, each with its arms; wires sag between them."""
    mask = ink.blank(c.width, c.height)
    tips: list[list[ink.Point]] = [[], []]
    for depth in (14, 9, 6, 4.2, 2.9, 2.0, 1.35, 0.8):
        px = x + side * 0.62 * c.unit / depth
        foot, tall = far + 0.52 * c.unit / depth + 0.012 * c.height, 1.25 * c.unit / depth
        lean = c.rng.normal(0, 0.012) * tall
        ink.stroke(mask, (px, foot), (px + lean, foot - tall), 0.03 * c.unit / depth, 0.022 * c.unit / depth)
        for row, up in enumerate((0.95, 0.87)):
            arm = 0.1 * c.unit / depth
            ink.stroke(
                mask, (px + lean - arm, foot - up * tall), (px + lean + arm, foot - up * tall), 0.014 * c.unit / depth
            )
            tips[row].append((px + lean - arm, foot - up * tall))
    for wire in tips:
        for start, end in pairwise(wire):
            t = np.linspace(0, 1, 12)
            sag = 0.12 * abs(end[0] - start[0]) * 4 * t * (1 - t)
            points = np.stack([start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t + sag], 1)
            ink.curve(mask, [(float(a), float(b)) for a, b in points], max(0.0016 * c.unit, 0.8), 220)
    c.ink(
        mask,
        mix(c.palette.ink, c.palette.haze, 0.06),
        mix(c.palette.ink, c.palette.haze, 0.2),
        (far - 0.5 * c.unit, far + 0.1 * c.unit),
    )


def _someone(c: Canvas, x: float, far: float, *, headlights: bool) -> None:
    if headlights:
        for side in (-1, 1):
            at = (x + side * 0.016 * c.unit, far + 0.045 * c.unit)
            c.shine(
                0.9 * atmosphere.glow(c, *at, 0.028 * c.unit) + 0.25 * atmosphere.glow(c, *at, 0.14 * c.unit),
                c.palette.lamp,
            )
        return
    mask = ink.blank(c.width, c.height)
    people.figure(c, mask, x + 0.01 * c.unit, far + 0.1 * c.unit, 0.13 * c.unit)
    c.ink(mask, c.palette.ink)

"""The sea at night: open, with a boat, or under a lighthouse."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people, plants
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import field, profile, smoothstep
from shortsd.providers.images.painting.palette import mix
from shortsd.providers.images.painting.water import water


def sea(c: Canvas, variant: int) -> None:
    """Open water with the moon's path, a headland, and someone on the shore."""
    x, y, radius = ((0.6, 0.3, 0.11), (0.42, 0.4, 0.21), (0.4, 0.22, 0.075))[variant % 3]
    x, shore = x * c.width, (0.5, 0.47, 0.42)[variant % 3] * c.height
    _open(c, x, y * c.height, radius * c.unit, shore)
    _headland(c, shore, left=variant % 2 == 0)
    water(c, shore, x)
    atmosphere.fog(c, shore, 0.018 * c.height, 0.6)
    _beach(c, x, visitor=variant % 3 != 2)


def boat(c: Canvas, variant: int) -> None:
    """A rowing boat with a lantern, alone on still water."""
    x = (0.36, 0.62)[variant % 2] * c.width
    shore = (0.4, 0.47)[variant % 2] * c.height
    _open(c, c.width - x, (0.17, 0.24)[variant % 2] * c.height, (0.06, 0.09)[variant % 2] * c.unit, shore)
    _headland(c, shore, left=variant % 2 == 1)
    water(c, shore, c.width - x, 0.8)
    atmosphere.fog(c, shore + 0.02 * c.height, 0.05 * c.height, 0.75)
    _hull(c, x, shore + 0.14 * c.height, (0.2, 0.27)[variant % 2] * c.unit)
    atmosphere.fog(c, 0.8 * c.height, 0.1 * c.height, 0.3)


_SKY = 0.14
"""Share of the height that is free above a lighthouse: a camera that moves cuts off a tenth of it."""
_ROD = 1.06
"""How far a lighthouse reaches above its foot, in its heights."""


def lighthouse(c: Canvas, variant: int) -> None:
    """A lighthouse on a rock, its beam sweeping through the mist."""
    x = (0.68, 0.3, 0.55)[variant % 3] * c.width
    shore = (0.6, 0.56, 0.63)[variant % 3] * c.height
    foot = shore - 0.07 * c.unit
    tall = min((0.5, 0.34, 0.72)[variant % 3] * c.unit, (foot - _SKY * c.height) / _ROD)
    atmosphere.sky(c, shore, 0.5 * c.width, 0.9)
    atmosphere.stars(c, 0.7 * shore, 340, 0.7)
    _beam(c, x, foot - 0.93 * tall, 1 if x < 0.5 * c.width else -1)
    _tower(c, x, foot, tall, shore)
    water(c, shore, x, 0.5)
    c.shine(0.8 * atmosphere.glow(c, x, foot - 0.93 * tall, 0.09 * c.unit), c.palette.lamp)
    atmosphere.fog(c, shore + 0.01 * c.height, 0.03 * c.height, 0.6)
    _rocks(c)


def _open(c: Canvas, x: float, y: float, radius: float, shore: float) -> None:
    atmosphere.sky(c, shore * 1.05, x, 0.8)
    atmosphere.stars(c, 0.85 * shore, 380, 0.8)
    atmosphere.moon(c, x, y, radius)


def _headland(c: Canvas, shore: float, *, left: bool) -> None:
    """Two capes that run out into the sea."""
    along = np.linspace(1, 0, c.width) if left else np.linspace(0, 1, c.width)
    for reach, height, near in ((0.25, 0.1, 0.35), (0.55, 0.17, 0.6)):
        rise = smoothstep(reach, 1.15, field(along)) * height * c.unit
        rough = 0.2 * rise * profile(c.rng, c.width, 4, 7, 0.5)
        mask = ink.blank(c.width, c.height)
        line = shore - rise - rough + 2
        ink.below(mask, line)
        if near > 0.5:
            plants.treeline(
                mask, c.rng, np.where(rise > 0.02 * c.unit, line, shore + c.unit), 0.035 * c.unit, 0.012 * c.unit
            )
        mask[round(shore) + 1 :] = 0
        colour = mix(c.palette.haze, c.palette.ink, near)
        c.ink(mask, colour, mix(colour, c.palette.haze, 0.45), (shore - height * c.unit, shore))


def _beach(c: Canvas, x: float, *, visitor: bool) -> None:
    mask = ink.blank(c.width, c.height)
    line = 0.9 * c.height - 0.02 * c.unit * profile(c.rng, c.width, 1.5, 7, 0.45)
    ink.below(mask, line)
    plants.grass(mask, c.rng, line, 0.085 * c.unit, 0.006 * c.unit)
    if visitor:
        spot = int(np.clip(c.width - x, 0.3 * c.width, 0.7 * c.width))
        people.figure(c, mask, spot, float(line[spot]) + 0.01 * c.unit, 0.2 * c.unit)
    c.ink(mask, c.palette.ink)


def _hull(c: Canvas, x: float, y: float, length: float) -> None:
    """The boat, who sits in it, their lantern, and all of it upside down in the water."""
    boat_mask = ink.blank(c.width, c.height)
    n = length
    for flip, fade in ((-0.8, 110), (1, 255)):
        ink.polygon(
            boat_mask,
            [
                (x - 0.52 * n, y - flip * 0.13 * n),
                (x - 0.3 * n, y - flip * 0.085 * n),
                (x + 0.3 * n, y - flip * 0.085 * n),
                (x + 0.55 * n, y - flip * 0.15 * n),
                (x + 0.42 * n, y),
                (x - 0.4 * n, y),
            ],
            fade,
        )
        ink.polygon(
            boat_mask,
            [
                (x - 0.13 * n, y - flip * 0.07 * n),
                (x - 0.12 * n, y - flip * 0.3 * n),
                (x - 0.06 * n, y - flip * 0.4 * n),
                (x + 0.02 * n, y - flip * 0.36 * n),
                (x + 0.07 * n, y - flip * 0.07 * n),
            ],
            fade,
        )
        ink.disc(boat_mask, x - 0.03 * n, y - flip * 0.45 * n, 0.052 * n, 1.2, fade)
        ink.stroke(
            boat_mask, (x + 0.42 * n, y - flip * 0.1 * n), (x + 0.44 * n, y - flip * 0.42 * n), 0.018 * n, value=fade
        )
    c.ink(boat_mask, c.palette.ink)
    lamp = (x + 0.44 * n, y - 0.4 * n)
    c.shine(
        0.75 * atmosphere.glow(c, *lamp, 0.28 * n)
        + 0.5 * atmosphere.glow(c, x + 0.44 * n, y + 0.35 * n, 0.07 * n, 4.5),
        c.palette.lamp,
    )
    flame = ink.blank(c.width, c.height)
    ink.disc(flame, *lamp, 0.03 * n, 1.3)
    c.ink(flame, mix(c.palette.lamp, c.palette.glow, 0.6))


def _beam(c: Canvas, x: float, y: float, side: int) -> None:
    """Two cones of light, the one toward the eye wider, dusty with mist."""
    torn = 0.65 + 0.35 * c.noise(0.1 * c.unit, 0.5 * c.unit)
    for turn, width, strength in ((side, 0.16, 0.75), (-side, 0.09, 0.35)):
        along, across = (c.x - x) * turn, (c.y - y) + 0.16 * (c.x - x) * turn
        reach = np.maximum(along, 1)
        cone = np.exp(-((across / (0.012 * c.unit + width * reach)) ** 2)) * (along > 0)
        c.shine(field(strength * cone * torn / (1 + reach / (0.5 * c.unit))), mix(c.palette.glow, c.palette.lamp, 0.45))


def _tower(c: Canvas, x: float, foot: float, tall: float, shore: float) -> None:
    """Rock, tapering tower, gallery, lamp and dome; the keeper's window is lit."""
    rock = ink.blank(c.width, c.height)
    spread = np.exp(-(((np.arange(c.width) - x) / (0.34 * c.unit)) ** 2))
    line = (
        shore
        + 3
        - (shore - foot + 0.05 * c.unit) * field(spread) ** 0.6 * (1 + 0.22 * profile(c.rng, c.width, 9, 6, 0.6))
        + 0.03 * c.unit
    )
    ink.below(rock, field(line))
    rock[round(shore) + 1 :] = 0
    c.ink(rock, mix(c.palette.ink, c.palette.haze, 0.12), mix(c.palette.ink, c.palette.haze, 0.3), (foot, shore))
    body = ink.blank(c.width, c.height)
    t = tall
    ink.polygon(
        body,
        [
            (x - 0.055 * t, foot - 0.86 * t),
            (x + 0.055 * t, foot - 0.86 * t),
            (x + 0.1 * t, foot + 0.05 * t),
            (x - 0.1 * t, foot + 0.05 * t),
        ],
    )
    ink.box(body, x - 0.085 * t, foot - 0.885 * t, x + 0.085 * t, foot - 0.865 * t)
    for post in (-0.075, -0.045, 0, 0.045, 0.075):
        ink.box(body, x + post * t - 0.003 * t, foot - 0.915 * t, x + post * t + 0.003 * t, foot - 0.87 * t)
    ink.box(body, x - 0.046 * t, foot - 0.975 * t, x + 0.046 * t, foot - 0.965 * t)
    ink.polygon(
        body,
        [
            (x - 0.055 * t, foot - 0.965 * t),
            (x + 0.055 * t, foot - 0.965 * t),
            (x + 0.02 * t, foot - 1.02 * t),
            (x, foot - 1.06 * t),
            (x - 0.02 * t, foot - 1.02 * t),
        ],
    )
    c.ink(body, mix(c.palette.ink, c.palette.haze, 0.06), mix(c.palette.ink, c.palette.haze, 0.2), (foot - t, foot))
    shine = ink.blank(c.width, c.height)
    ink.box(shine, x - 0.04 * t, foot - 0.962 * t, x + 0.04 * t, foot - 0.89 * t)
    ink.box(shine, x - 0.014 * t, foot - 0.5 * t, x + 0.014 * t, foot - 0.455 * t)
    c.ink(shine, mix(c.palette.lamp, c.palette.glow, 0.55), c.palette.lamp, (foot - 0.95 * t, foot - 0.5 * t))


def _rocks(c: Canvas) -> None:
    for base, near in ((0.86, 0.7), (0.93, 1.0)):
        mask = ink.blank(c.width, c.height)
        ink.below(mask, field(base * c.height - 0.1 * c.unit * np.abs(profile(c.rng, c.width, 2.6, 8, 0.52))))
        c.ink(
            mask,
            mix(c.palette.haze, c.palette.ink, 0.45 + 0.55 * near),
            mix(c.palette.haze, c.palette.ink, near),
            (base * c.height - 0.1 * c.unit, base * c.height),
        )

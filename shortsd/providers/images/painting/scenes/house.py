"""An old house, one window lit."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people, plants
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask, field, profile
from shortsd.providers.images.painting.palette import mix


def house(c: Canvas, variant: int) -> None:
    """The house on its hill against the moon, a dead tree beside it, a path up to the door."""
    side = (-1, 1, -1)[variant % 3]
    x = (0.52, 0.45, 0.55)[variant % 3] * c.width
    foot = (0.6, 0.56, 0.62)[variant % 3] * c.height
    wide = (0.46, 0.3, 0.62)[variant % 3] * c.unit
    atmosphere.sky(c, foot + 0.1 * c.height, x, 0.9)
    atmosphere.stars(c, 0.5 * c.height, 300, 0.7)
    atmosphere.moon(
        c, x + side * 0.22 * c.unit, (0.24, 0.27, 0.22)[variant % 3] * c.height, (0.13, 0.2, 0.09)[variant % 3] * c.unit
    )
    _distance(c, foot)
    _hill(c, x, foot, wide, side)
    _walls(c, x, foot, wide)
    atmosphere.fog(c, foot + 0.11 * c.height, 0.05 * c.height, 0.5)
    _front(c, x, visitor=variant % 2 == 0)


def _distance(c: Canvas, foot: float) -> None:
    for near in (0.25, 0.45):
        mask = ink.blank(c.width, c.height)
        line = foot + (0.01 + 0.08 * near) * c.height - 0.05 * c.unit * profile(c.rng, c.width, 2)
        ink.below(mask, line)
        plants.treeline(mask, c.rng, line, (0.04 + 0.1 * near) * c.unit, 0.014 * c.unit)
        colour = mix(c.palette.haze, c.palette.ink, near)
        c.ink(mask, colour, mix(colour, c.palette.haze, 0.6), (foot, foot + 0.15 * c.height))
        atmosphere.fog(c, foot + 0.08 * c.height, 0.06 * c.height, 0.5)


def _hill(c: Canvas, x: float, foot: float, wide: float, side: int) -> None:
    mask = ink.blank(c.width, c.height)
    rise = np.exp(-(((np.arange(c.width) - x) / (0.75 * wide + 0.12 * c.unit)) ** 2))
    line = foot + 0.2 * c.unit - 0.205 * c.unit * field(rise) ** 0.8 - 0.008 * c.unit * profile(c.rng, c.width, 4)
    ink.below(mask, field(line))
    spot = int(np.clip(x - side * 0.82 * wide, 0.06 * c.width, 0.94 * c.width))
    plants.bare(mask, c.rng, spot, float(line[spot]) + 0.01 * c.unit, 0.62 * c.unit, side * 0.08)
    plants.grass(mask, c.rng, field(line), 0.02 * c.unit, 0.005 * c.unit)
    _fence(mask, c, field(line), int(x + 0.62 * wide), int(x + 1.5 * wide))
    near = mix(c.palette.ink, c.palette.haze, 0.1)
    c.ink(mask, near, mix(near, c.palette.haze, 0.4), (foot, foot + 0.25 * c.height))


def _fence(
    mask: Mask, c: Canvas, line: np.ndarray[tuple[int, ...], np.dtype[np.float32]], first: int, last: int
) -> None:
    u = c.unit
    for at in range(first, min(last, c.width - 1), max(int(0.018 * u), 2)):
        lean = c.rng.normal(0, 0.004) * u
        ink.stroke(
            mask, (at, float(line[at]) + 0.01 * u), (at + lean, float(line[at]) - 0.045 * u), 0.006 * u, 0.003 * u
        )
    for up in (0.015, 0.033):
        rail = [(float(at), float(line[at]) - up * u) for at in range(first, min(last, c.width - 1), 12)]
        ink.curve(mask, rail, 0.0025 * u)


def _walls(c: Canvas, x: float, foot: float, wide: float) -> None:
    """Two gables, a tower, chimneys; then the windows and the light that falls from them."""
    mask, w = ink.blank(c.width, c.height), wide
    ink.box(mask, x - 0.42 * w, foot - 0.42 * w, x + 0.42 * w, foot + 0.06 * w)
    _gable(mask, x - 0.22 * w, foot - 0.4 * w, 0.25 * w, 0.36 * w)
    _gable(mask, x + 0.2 * w, foot - 0.4 * w, 0.27 * w, 0.27 * w)
    ink.polygon(
        mask,
        [
            (x - 0.3 * w, foot - 0.66 * w),
            (x + 0.26 * w, foot - 0.6 * w),
            (x + 0.46 * w, foot - 0.4 * w),
            (x - 0.46 * w, foot - 0.4 * w),
        ],
    )
    ink.box(mask, x + 0.28 * w, foot - 0.78 * w, x + 0.46 * w, foot + 0.06 * w)
    _gable(mask, x + 0.37 * w, foot - 0.77 * w, 0.12 * w, 0.3 * w)
    for at, top in ((-0.05, 0.84), (0.12, 0.76)):
        ink.box(mask, x + at * w, foot - top * w, x + (at + 0.055) * w, foot - 0.5 * w)
        ink.box(mask, x + (at - 0.01) * w, foot - top * w, x + (at + 0.065) * w, foot - (top - 0.025) * w)
    ink.box(mask, x - 0.12 * w, foot - 0.14 * w, x + 0.16 * w, foot - 0.12 * w)
    near = mix(c.palette.ink, c.palette.haze, 0.05)
    c.ink(mask, near, mix(near, c.palette.haze, 0.16), (foot - 0.8 * w, foot + 0.06 * w))
    _windows(c, x, foot, w)


def _gable(mask: Mask, x: float, foot: float, half: float, height: float) -> None:
    ink.polygon(mask, [(x - half, foot), (x, foot - height), (x + half, foot)])
    ink.stroke(mask, (x, foot - height), (x, foot - 1.18 * height), 0.03 * half)


def _windows(c: Canvas, x: float, foot: float, w: float) -> None:
    places = [(-0.22, 0.47), (-0.3, 0.26), (-0.12, 0.26), (0.1, 0.27), (0.2, 0.47), (0.37, 0.62), (0.37, 0.3)]
    lit = set(c.rng.choice(len(places), 2, replace=False).tolist()) | {5}
    panes, dark = ink.blank(c.width, c.height), ink.blank(c.width, c.height)
    strength = field(np.zeros(c.grid))
    for number, (dx, up) in enumerate(places):
        wx, wy = x + dx * w, foot - up * w
        target = panes if number in lit else dark
        ink.box(target, wx - 0.034 * w, wy - 0.062 * w, wx + 0.034 * w, wy + 0.055 * w)
        ink.box(target, wx - 0.003 * w, wy - 0.07 * w, wx + 0.003 * w, wy + 0.06 * w, 0)
        ink.box(target, wx - 0.04 * w, wy - 0.008 * w, wx + 0.04 * w, wy - 0.002 * w, 0)
        if number in lit:
            strength += 0.42 * atmosphere.glow(c, wx, wy, 0.12 * w)
    c.ink(dark, mix(c.palette.ink, c.palette.sky, 0.7))
    c.ink(panes, mix(c.palette.lamp, c.palette.glow, 0.35), c.palette.lamp, (foot - 0.7 * w, foot))
    c.shine(strength, c.palette.lamp)


def _front(c: Canvas, x: float, *, visitor: bool) -> None:
    """The near bank, with the path and somebody on it."""
    mask = ink.blank(c.width, c.height)
    line = 0.85 * c.height - 0.045 * c.unit * profile(c.rng, c.width, 1.6, 7, 0.42)
    ink.below(mask, line)
    plants.grass(mask, c.rng, line, 0.07 * c.unit, 0.004 * c.unit)
    if visitor:
        spot = int(x - 0.08 * c.unit)
        people.figure(c, mask, spot, float(line[spot]) + 0.02 * c.unit, 0.17 * c.unit)
    c.ink(mask, c.palette.ink)

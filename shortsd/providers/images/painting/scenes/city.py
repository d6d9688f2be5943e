"""A city at night."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask
from shortsd.providers.images.painting.palette import mix
from shortsd.providers.images.painting.water import water


def city(c: Canvas, variant: int) -> None:
    """Towers with a few lit windows, in haze; a wet street, a lamp, someone under it."""
    street = (0.68, 0.64)[variant % 2] * c.height
    x = (0.55, 0.4)[variant % 2] * c.width
    atmosphere.sky(c, street, x, 0.9)
    atmosphere.moon(c, x, (0.2, 0.26)[variant % 2] * c.height, (0.07, 0.12)[variant % 2] * c.unit)
    for near in (0.15, 0.45, 0.8):
        _skyline(c, near, x, street)
        atmosphere.fog(c, street - 0.02 * c.height, 0.07 * c.height, 0.5 - 0.3 * near)
    _lamp(c, (0.76, 0.22)[variant % 2] * c.width, street)
    water(c, street, (0.76, 0.22)[variant % 2] * c.width, 0.25)
    _walker(c, (0.36, 0.6)[variant % 2] * c.width, street)


def _skyline(c: Canvas, near: float, x: float, street: float) -> None:
    """Blocks that stand lower toward the gap above `x`."""
    mask, lights = ink.blank(c.width, c.height), ink.blank(c.width, c.height)
    at = -0.05 * c.unit
    while at < c.width:
        wide = c.between(0.07, 0.15) * c.unit * (0.7 + 0.9 * near)
        away = abs(at + wide / 2 - x) / c.unit
        tall = (c.between(0.25, 0.5) + 0.9 * min(away, 0.6) * (0.5 + near)) * c.unit * (1.15 - 0.35 * near)
        if near < 0.7 or away > 0.24:
            _block(mask, c, at, wide, street, tall)
            _lit(lights, c, (at, wide), (street, tall), near)
        at += wide * c.between(1.0, 1.15)
    colour = mix(c.palette.haze, c.palette.ink, 0.25 + 0.75 * near)
    c.ink(mask, colour, mix(colour, c.palette.haze, 0.5 * (1 - near)), (0.25 * c.height, street))
    c.ink(lights, mix(mix(c.palette.haze, c.palette.lamp, 0.35 + 0.65 * near), c.palette.glow, 0.15))


def _block(mask: Mask, c: Canvas, x: float, wide: float, street: float, tall: float) -> None:
    ink.box(mask, x, street - tall, x + wide, street)
    kind = c.rng.integers(0, 4)
    if kind == 0:
        ink.box(mask, x + 0.2 * wide, street - 1.06 * tall, x + 0.8 * wide, street - tall)
        ink.stroke(
            mask, (x + 0.5 * wide, street - tall), (x + 0.5 * wide, street - 1.22 * tall), 0.03 * wide, 0.01 * wide
        )
    elif kind == 1:
        ink.polygon(mask, [(x, street - tall), (x + 0.5 * wide, street - 1.12 * tall), (x + wide, street - tall)])
    elif kind == 2:
        ink.box(mask, x + 0.6 * wide, street - tall - 0.22 * wide, x + 0.85 * wide, street - tall)


def _lit(lights: Mask, c: Canvas, across: tuple[float, float], up: tuple[float, float], near: float) -> None:
    """Windows in rows, one of six or so lit."""
    (x, wide), (street, tall) = across, up
    columns = max(int(wide / ((0.016 + 0.012 * near) * c.unit)), 2)
    step = wide / (columns + 1)
    for row in range(1, int(tall / (1.6 * step))):
        for column in range(1, columns + 1):
            if c.rng.random() < 0.13 * (0.6 + near):
                left, top = x + (column - 0.3) * step, street - tall + row * 1.6 * step
                ink.box(lights, left, top, left + 0.6 * step, top + 0.85 * step, int(c.between(90, 255)))


def _lamp(c: Canvas, x: float, street: float) -> None:
    mask, u = ink.blank(c.width, c.height), c.unit
    ink.stroke(mask, (x, street + 0.01 * u), (x, street - 0.5 * u), 0.018 * u, 0.01 * u)
    ink.curve(
        mask, [(x, street - 0.5 * u), (x - 0.03 * u, street - 0.53 * u), (x - 0.08 * u, street - 0.535 * u)], 0.009 * u
    )
    ink.polygon(
        mask,
        [
            (x - 0.11 * u, street - 0.52 * u),
            (x - 0.06 * u, street - 0.52 * u),
            (x - 0.075 * u, street - 0.54 * u),
            (x - 0.095 * u, street - 0.54 * u),
        ],
    )
    c.ink(mask, c.palette.ink)
    head = (x - 0.085 * u, street - 0.51 * u)
    away = np.maximum(c.y - head[1], 1)
    cone = np.exp(-(((c.x - head[0]) / (0.02 * u + 0.36 * away)) ** 2)) * (c.y > head[1]) * np.exp(-away / (0.42 * u))
    c.shine(
        0.35 * cone + 0.85 * atmosphere.glow(c, *head, 0.045 * u) + 0.2 * atmosphere.glow(c, *head, 0.2 * u),
        c.palette.lamp,
    )


def _walker(c: Canvas, x: float, street: float) -> None:
    mask = ink.blank(c.width, c.height)
    foot = street + 0.09 * c.height
    people.figure(c, mask, x, foot, 0.33 * c.unit, shadow=0.3 * c.unit)
    c.ink(mask, c.palette.ink)

"""A graveyard, a church behind it."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people, plants
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask, profile
from shortsd.providers.images.painting.palette import mix


def graveyard(c: Canvas, variant: int) -> None:
    """Leaning stones in ground fog, a dead tree, crows, a steeple in the distance."""
    side = (1, -1)[variant % 2]
    x = (0.5 - 0.14 * side) * c.width
    foot = (0.6, 0.56)[variant % 2] * c.height
    atmosphere.sky(c, foot, 0.5 * c.width, 0.95)
    atmosphere.moon(
        c, (0.5 + 0.14 * side) * c.width, (0.27, 0.22)[variant % 2] * c.height, (0.1, 0.14)[variant % 2] * c.unit
    )
    _church(c, x, foot, (0.8, 0.55)[variant % 2] * c.unit)
    atmosphere.fog(c, foot, 0.05 * c.height, 0.7)
    for near in (0.25, 0.5, 0.75, 1.0):
        _stones(c, near, foot, side)
        if near < 1:
            atmosphere.fog(c, foot + 0.26 * c.height * near, 0.045 * c.height, 0.55 - 0.25 * near)
    atmosphere.birds(c, x, foot - 0.62 * c.unit, 8, 0.09 * c.unit)


def _church(c: Canvas, x: float, foot: float, tall: float) -> None:
    mask, t = ink.blank(c.width, c.height), tall
    ink.box(mask, x - 0.1 * t, foot - 0.6 * t, x + 0.1 * t, foot + 0.25 * t)
    ink.polygon(mask, [(x - 0.12 * t, foot - 0.59 * t), (x, foot - t), (x + 0.12 * t, foot - 0.59 * t)])
    ink.stroke(mask, (x, foot - 0.98 * t), (x, foot - 1.1 * t), 0.012 * t)
    ink.stroke(mask, (x - 0.03 * t, foot - 1.065 * t), (x + 0.03 * t, foot - 1.065 * t), 0.012 * t)
    for turn in (-1, 1):
        ink.polygon(
            mask,
            [
                (x, foot - 0.5 * t),
                (x + turn * 0.3 * t, foot - 0.27 * t),
                (x + turn * 0.3 * t, foot + 0.25 * t),
                (x, foot + 0.25 * t),
            ],
        )
    c.ink(mask, mix(c.palette.haze, c.palette.ink, 0.75), mix(c.palette.haze, c.palette.ink, 0.35), (foot - t, foot))
    window = ink.blank(c.width, c.height)
    ink.disc(window, x, foot - 0.4 * t, 0.035 * t)
    ink.box(window, x - 0.02 * t, foot - 0.56 * t, x + 0.02 * t, foot - 0.49 * t)
    ink.disc(window, x, foot - 0.56 * t, 0.02 * t)
    c.ink(window, mix(c.palette.lamp, c.palette.glow, 0.3))
    c.shine(0.4 * atmosphere.glow(c, x, foot - 0.45 * t, 0.12 * t), c.palette.lamp)


def _stones(c: Canvas, near: float, foot: float, side: int) -> None:
    mask = ink.blank(c.width, c.height)
    line = foot + 0.28 * c.height * near**1.15 - 0.02 * c.unit * profile(c.rng, c.width, 2)
    ink.below(mask, line)
    size = (0.035 + 0.16 * near**1.6) * c.unit
    at = c.between(-0.5, 0.5) * size
    while at < c.width + size:
        _stone(mask, c, at, float(line[int(np.clip(at, 0, c.width - 1))]) + 0.1 * size, size * c.between(0.75, 1.2))
        at += size * c.between(1.1, 2.3)
    if near == 0.5:
        spot = int((0.5 + 0.33 * side) * c.width)
        plants.bare(mask, c.rng, spot, float(line[spot]) + 0.02 * c.unit, 0.85 * c.unit, -0.1 * side)
    if near == 0.75:
        spot = int((0.5 - 0.05 * side) * c.width)
        people.figure(c, mask, spot, float(line[spot]) + 0.02 * c.unit, 0.17 * c.unit)
    plants.grass(mask, c.rng, line, (0.02 + 0.04 * near) * c.unit, 0.006 * c.unit)
    colour = mix(c.palette.haze, c.palette.ink, 0.3 + 0.7 * near)
    c.ink(
        mask,
        colour,
        mix(colour, c.palette.haze, 0.5 * (1 - near)),
        (foot + 0.15 * c.height * near, foot + (0.1 + 0.3 * near) * c.height),
    )


def _stone(mask: Mask, c: Canvas, x: float, foot: float, tall: float) -> None:
    """A slab with a round head, or a cross; sunk and leaning."""
    lean, kind = c.rng.normal(0, 0.09) * tall, c.rng.integers(0, 4)
    half = 0.3 * tall
    if kind == 0:
        ink.stroke(mask, (x, foot), (x + lean, foot - 1.3 * tall), 0.16 * tall)
        ink.stroke(
            mask,
            (x + 0.7 * lean - 0.3 * tall, foot - 0.92 * tall),
            (x + 0.7 * lean + 0.3 * tall, foot - 0.92 * tall),
            0.15 * tall,
        )
        return
    turn = np.linspace(np.pi, 2 * np.pi, 16) if kind < 3 else np.array([np.pi, 1.5 * np.pi, 2 * np.pi])
    head = [(x + lean + half * np.cos(a), foot - 0.72 * tall + 0.95 * half * np.sin(a)) for a in turn]
    ink.polygon(mask, [(x - half, foot + 0.3 * tall), *head, (x + half, foot + 0.3 * tall)])

"""A dark room: moonlight through the window."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask, field, profile, smoothstep
from shortsd.providers.images.painting.palette import mix


def room(c: Canvas, variant: int) -> None:
    """A tall window with the night in it, its light on the floor; a chair, a candle, or someone looking out."""
    x = (0.52, 0.4, 0.6)[variant % 3] * c.width
    top, foot = 0.16 * c.height, (0.55, 0.52, 0.58)[variant % 3] * c.height
    half = (0.25, 0.2, 0.4)[variant % 3] * c.unit
    floor = 0.7 * c.height
    _outside(c, x, top, foot, half, variant)
    _walls(c, x, top, foot, half, floor)
    _spill(c, x, half, floor, (-0.5, 0.6, -0.35)[variant % 3])
    if variant % 3 != 2:
        _curtains(c, x, top, half, floor)
    _who(c, x, floor, variant)


def _outside(c: Canvas, x: float, top: float, foot: float, half: float, variant: int) -> None:
    atmosphere.sky(c, foot, x, 0.8)
    atmosphere.stars(c, foot, 200, 0.8)
    atmosphere.moon(c, x + 0.35 * half * (-1) ** variant, top + 0.32 * (foot - top), 0.3 * half)
    mask = ink.blank(c.width, c.height)
    ink.below(mask, foot - 0.1 * c.unit - 0.05 * c.unit * profile(c.rng, c.width, 4))
    c.ink(mask, mix(c.palette.haze, c.palette.ink, 0.6), c.palette.haze, (foot - 0.2 * c.unit, foot))


def _walls(c: Canvas, x: float, top: float, foot: float, half: float, floor: float) -> None:
    """Everything that is not window; wall, skirting and floor catch a little of its light."""
    mask = ink.blank(c.width, c.height)
    mask[:] = 255
    ink.box(mask, x - half, top + 0.5 * half, x + half, foot, 0)
    ink.disc(mask, x, top + 0.5 * half, half, 0.62, 0)
    for bar in (-0.34, 0.34):
        ink.box(mask, x + bar * half - 0.02 * half, top - half, x + bar * half + 0.02 * half, foot)
    for level in (0.27, 0.52, 0.76):
        row = top + level * (foot - top)
        ink.box(mask, x - half, row - 0.02 * half, x + half, row + 0.02 * half)
    near = np.exp(-np.hypot((c.x - x) / (0.75 * c.unit), (c.y - 0.5 * (top + foot)) / (0.9 * c.unit)) * 1.7)
    paper = 1 + 0.1 * np.sin(c.x / (0.035 * c.unit)) + 0.15 * c.noise(0.2 * c.unit, 0.2 * c.unit)
    wall = mix(c.palette.sky, c.palette.horizon, 0.16) * (0.2 + 1.25 * near * paper)[..., None]
    ground = smoothstep(floor - 2, floor + 2, c.y)[..., None]
    boards = mix(c.palette.ink, c.palette.haze, 0.25) * (0.35 + 0.75 * near)[..., None]
    c.lay(mask, c.full(field(wall + (boards - wall) * ground)))
    sill = ink.blank(c.width, c.height)
    ink.box(sill, x - 1.14 * half, foot, x + 1.14 * half, foot + 0.07 * half)
    ink.box(sill, -2, floor - 0.035 * c.unit, c.width + 2, floor)
    c.ink(sill, mix(c.palette.ink, c.palette.sky, 0.3))


def _spill(c: Canvas, x: float, half: float, floor: float, slant: float) -> None:
    """The panes' light lies slanted on the floor, and hangs in the dust."""
    patch = ink.blank(c.width, c.height)
    deep = 0.2 * c.height
    for column in range(3):
        for row in range(3):
            corners = []
            for dx, dy in ((0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)):
                across, down = (column + dx) / 3 * 2 - 1, (row + dy) / 3
                corners.append(
                    (
                        x + across * half * (1 + 0.5 * down) + slant * (0.25 + down) * 0.6 * c.unit,
                        floor + 0.02 * c.height + down * deep,
                    )
                )
            ink.polygon(patch, corners, 150 - 30 * row)
    c.light(field(patch) * np.float32(0.75 / 255), mix(c.palette.glow, c.palette.horizon, 0.4))
    along = np.clip((c.y - 0.3 * c.height) / (floor + 0.12 * c.height - 0.3 * c.height), 0, 1)
    across = (c.x - x - slant * along * 0.5 * c.unit) / (half * (1 + 0.25 * along))
    dust = np.exp(-(across**4)) * along * (1 - along) * (0.7 + 0.3 * c.noise(0.2 * c.unit, 0.2 * c.unit))
    c.shine(field(0.5 * dust), mix(c.palette.glow, c.palette.horizon, 0.5))


def _curtains(c: Canvas, x: float, top: float, half: float, floor: float) -> None:
    rod = ink.blank(c.width, c.height)
    ink.stroke(rod, (x - 1.75 * half, top - 0.42 * half), (x + 1.75 * half, top - 0.42 * half), 0.05 * half)
    for end in (-1.75, 1.75):
        ink.disc(rod, x + end * half, top - 0.42 * half, 0.06 * half)
    for side in (-1, 1):
        mask = ink.blank(c.width, c.height)
        rows = np.linspace(top - 0.45 * half, floor - 0.01 * c.height, 40)
        t = np.linspace(0, 1, 40)
        inner = x + side * half * (0.93 + 0.16 * t**0.7 * np.sin(np.pi * t) ** 0.5 + 0.1 * t + 0.01 * np.sin(t * 19))
        outer = np.full(40, x + side * half * 1.55)
        ink.polygon(mask, field(np.concatenate([np.stack([inner, rows], 1), np.stack([outer, rows], 1)[::-1]])))
        folds = 0.5 + 0.5 * np.sin((c.x - x) / (0.05 * half) + 2 * np.sin(c.y / (0.5 * half)))
        edge = np.exp(-np.abs(c.x - x - side * half) / (0.3 * half))
        cloth = mix(c.palette.ink, c.palette.sky, 0.7) * (0.4 + (0.25 + 0.5 * edge) * folds)[..., None]
        c.lay(mask, c.full(field(cloth)))
    c.ink(rod, c.palette.ink)


def _who(c: Canvas, x: float, floor: float, variant: int) -> None:
    mask = ink.blank(c.width, c.height)
    if variant % 3 == 0 or (variant % 3 == 2 and c.peopled):
        people.figure(c, mask, x - 0.04 * c.unit, floor + 0.05 * c.height, (0.5 if variant % 3 == 0 else 0.3) * c.unit)
    else:
        _chair(mask, x + (0.1 if variant % 3 == 1 else -0.12) * c.unit, floor + 0.07 * c.height, 0.4 * c.unit)
    c.ink(mask, mix(c.palette.ink, c.palette.sky, 0.12), c.palette.ink, (floor - 0.3 * c.unit, floor))
    if variant % 3 == 1:
        _candle(c, (0.74 * c.width, floor))


def _chair(mask: Mask, x: float, foot: float, t: float) -> None:
    """An empty chair with a slatted back."""
    for dx in (-0.24, 0.2):
        ink.stroke(
            mask, (x + dx * t, foot), (x + dx * t * 0.92, foot - 0.95 * t if dx < 0 else foot - 0.45 * t), 0.045 * t
        )
    for dx in (-0.1, 0.33):
        ink.stroke(mask, (x + dx * t, foot - 0.07 * t), (x + dx * t, foot - (1.0 if dx < 0 else 0.45) * t), 0.04 * t)
    ink.polygon(
        mask,
        [
            (x - 0.26 * t, foot - 0.47 * t),
            (x + 0.24 * t, foot - 0.45 * t),
            (x + 0.37 * t, foot - 0.5 * t),
            (x - 0.1 * t, foot - 0.52 * t),
        ],
    )
    for up in (0.95, 0.82, 0.69):
        ink.stroke(mask, (x - 0.235 * t, foot - up * t), (x - 0.09 * t, foot - (up + 0.04) * t), 0.05 * t)


def _candle(c: Canvas, at: ink.Point) -> None:
    x, foot, u = at[0], at[1], c.unit
    table, flame = ink.blank(c.width, c.height), ink.blank(c.width, c.height)
    ink.box(table, x - 0.13 * u, foot - 0.2 * u, x + 0.13 * u, foot - 0.18 * u)
    for dx in (-0.11, 0.1):
        ink.box(table, x + dx * u, foot - 0.19 * u, x + (dx + 0.014) * u, foot + 0.05 * u)
    ink.box(table, x - 0.012 * u, foot - 0.27 * u, x + 0.012 * u, foot - 0.2 * u)
    c.ink(table, c.palette.ink)
    ink.disc(flame, x, foot - 0.3 * u, 0.009 * u, 2.4)
    c.ink(flame, mix(c.palette.lamp, c.palette.glow, 0.7))
    c.shine(
        0.6 * atmosphere.glow(c, x, foot - 0.3 * u, 0.07 * u) + 0.3 * atmosphere.glow(c, x, foot - 0.3 * u, 0.26 * u),
        c.palette.lamp,
    )

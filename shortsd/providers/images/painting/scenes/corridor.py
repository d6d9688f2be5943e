"""A long corridor with a light at its end."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask, field, smoothstep
from shortsd.providers.images.painting.palette import mix

_FAR = 9.0
"""Depth of the end wall, in widths of the corridor's opening at the eye."""


def corridor(c: Canvas, variant: int) -> None:
    """Walls that run to a lit door; other doors along them, one ajar."""
    x, y = ((0.5, 0.45), (0.42, 0.5), (0.57, 0.42))[variant % 3]
    x, y = x * c.width, y * c.height
    half, tall = 0.62 * c.unit, (1.0, 0.86, 1.1)[variant % 3] * c.unit
    _shell(c, x, y, half, tall)
    _boards(c, x, y, half, tall)
    _doors(c, x, y, half, tall, ajar=1 + variant % 3)
    _end(c, x, y, half, tall, visitor=variant % 2 == 0)
    atmosphere.fog(c, y + 0.16 * c.unit, 0.06 * c.height, 0.25, mix(c.palette.haze, c.palette.lamp, 0.2))


def _shell(c: Canvas, x: float, y: float, half: float, tall: float) -> None:
    """Walls, floor and ceiling, lit from the end; the floor shines."""
    p = c.palette
    across, up = (c.x - x) / half + 0 * c.y, (c.y - y) / tall + 0 * c.x
    inverse = np.maximum(np.abs(across), np.abs(up))
    light = np.exp(-inverse * 4.2) + 0.12 * np.exp(-inverse * 1.2)
    stains = 1 + 0.22 * c.noise(0.12 * c.unit, 0.08 * c.unit)
    wall, floor = mix(p.sky, p.horizon, 0.35), mix(p.sky, p.ink, 0.25)
    is_floor = smoothstep(0, 0.02, up - np.abs(across))[..., None]
    is_roof = smoothstep(0, 0.02, -up - np.abs(across))[..., None]
    base = wall * (1 - is_floor - is_roof) + floor * is_floor + mix(p.sky, p.ink, 0.5) * is_roof
    warm = mix(p.lamp, p.glow, 0.3)
    streak = np.exp(-((across / (0.12 + 0.1 * np.abs(up))) ** 2)) * is_floor[..., 0]
    lit = base * (0.1 + 1.5 * light * stains)[..., None] + warm * (0.75 * light**1.6)[..., None]
    c.fill(field(np.clip(lit + warm * (0.5 * streak * light**0.7)[..., None], 0, 1)))


def _boards(c: Canvas, x: float, y: float, half: float, tall: float) -> None:
    """Floor boards, a rail along the walls, beams overhead: lines that meet in the distance."""
    lines = ink.blank(c.width, c.height)
    for board in np.linspace(-1, 1, 13):
        ink.stroke(
            lines,
            (x + board * half / _FAR, y + tall / _FAR),
            (x + board * half * 3, y + 3 * tall),
            0.4,
            0.011 * c.unit,
            120,
        )
    for side in (-1, 1):
        for level in (0.92, 0.2, 0.16):
            start = (x + side * half / _FAR, y + level * tall / _FAR)
            ink.stroke(lines, start, (x + side * half * 3, y + level * tall * 3), 0.5, 0.02 * c.unit, 150)
    for depth in np.geomspace(1.2, _FAR, 7):
        ink.box(lines, x - half / depth, y - tall / depth, x + half / depth, y - 0.93 * tall / depth, 190)
    c.ink(lines, c.palette.ink)


def _doors(c: Canvas, x: float, y: float, half: float, tall: float, ajar: int) -> None:
    """Doors in both walls as dark panels in frames; light falls out of one of them."""
    panels, frames, gap = (ink.blank(c.width, c.height) for _ in range(3))
    depths = (1.28, 2.0, 3.2, 5.2)
    for side in (-1, 1):
        for number, depth in enumerate(depths):
            near, far = depth, depth * 1.32
            _door(frames, (x, y), (side * half, tall), (near * 0.97, far * 1.03), -0.5)
            _door(panels, (x, y), (side * half, tall), (near, far), -0.46)
            if side == (-1) ** ajar and number == ajar:
                _door(gap, (x, y), (side * half, tall), (far * 0.93, far), -0.46)
    c.ink(frames, mix(c.palette.ink, c.palette.haze, 0.12))
    c.ink(panels, c.palette.ink, mix(c.palette.ink, c.palette.sky, 0.5), (y - 0.4 * tall, y + tall))
    if gap.any():
        rows, columns = np.nonzero(gap)
        c.ink(gap, mix(c.palette.lamp, c.palette.glow, 0.4), c.palette.lamp, (float(rows.min()), float(rows.max())))
        c.shine(0.4 * atmosphere.glow(c, float(columns.mean()), float(rows.mean()), 0.13 * c.unit, 2.2), c.palette.lamp)


def _door(mask: Mask, eye: ink.Point, reach: ink.Point, depths: tuple[float, float], top: float) -> None:
    """A rectangle on a side wall, from one depth to another, from the floor up to `top`."""
    ink.polygon(
        mask,
        [
            (eye[0] + reach[0] / d, eye[1] + level * reach[1] / d)
            for d, level in ((depths[0], top), (depths[1], top), (depths[1], 1), (depths[0], 1))
        ],
    )


def _end(c: Canvas, x: float, y: float, half: float, tall: float, *, visitor: bool) -> None:
    wall, door = ink.blank(c.width, c.height), ink.blank(c.width, c.height)
    w, h = half / _FAR, tall / _FAR
    ink.box(wall, x - w, y - h, x + w, y + h)
    c.ink(wall, mix(c.palette.lamp, c.palette.sky, 0.55))
    ink.box(door, x - 0.6 * w, y - 0.55 * h, x + 0.6 * w, y + h)
    c.ink(door, mix(c.palette.lamp, c.palette.glow, 0.7))
    c.shine(0.7 * atmosphere.glow(c, x, y, 0.16 * c.unit, 1.5), mix(c.palette.lamp, c.palette.glow, 0.3))
    if visitor:
        someone = ink.blank(c.width, c.height)
        people.figure(c, someone, x, y + 1.9 * h, 2.1 * h, shadow=3.6 * h)
        c.ink(someone, c.palette.ink, mix(c.palette.ink, c.palette.lamp, 0.15), (y, y + 6 * h))

"""A great clock in the dark."""

import numpy as np

from shortsd.providers.images.painting import atmosphere, ink, people
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask, field, smoothstep
from shortsd.providers.images.painting.palette import mix


def clock(c: Canvas, variant: int) -> None:
    """The lit face of a tower clock seen from within: wheels before it, someone small below."""
    x, y = ((0.5, 0.36), (0.2, 0.42), (0.64, 0.28))[variant % 3]
    x, y, radius = x * c.width, y * c.height, (0.36, 0.66, 0.23)[variant % 3] * c.unit
    floor = 0.76 * c.height
    _dusk(c, x, y, radius, floor)
    _face(c, x, y, radius)
    _wheels(c, x, y, radius, (-1) ** variant)
    _floor(c, x, floor)
    atmosphere.shafts(c, x, y, 0.35, floor + 0.1 * c.height)
    atmosphere.fog(c, floor, 0.05 * c.height, 0.3)


def _dusk(c: Canvas, x: float, y: float, radius: float, floor: float) -> None:
    away = np.hypot(c.x - x, c.y - y) / radius
    light = np.exp(-np.maximum(away - 1, 0) * 1.1) * (1 + 0.25 * c.noise(0.25 * c.unit, 0.12 * c.unit))
    wall = (
        mix(c.palette.zenith, c.palette.ink, 0.4)
        + (mix(c.palette.sky, c.palette.horizon, 0.3)) * (0.9 * light)[..., None]
    )
    boards = mix(c.palette.ink, c.palette.haze, 0.5) * (0.3 + np.exp(-(((c.x - x) / (0.4 * c.unit)) ** 2)))[..., None]
    c.fill(field(wall + (boards - wall) * smoothstep(floor - 1, floor + 0.02 * c.height, c.y)[..., None]))


def _face(c: Canvas, x: float, y: float, radius: float) -> None:
    """Milk glass with strokes for the hours, seen from behind; the hands near midnight."""
    disc, lines = ink.blank(c.width, c.height), ink.blank(c.width, c.height)
    ink.disc(disc, x, y, radius)
    stain = 0.84 + 0.05 * c.noise(0.2 * radius, 0.2 * radius) - 0.25 * np.hypot(c.x - x, c.y - y) / radius
    c.lay(disc, c.full(field(np.clip(stain, 0, 1)[..., None] * mix(c.palette.glow, c.palette.lamp, 0.2))))
    for ring, width in ((1.04, 0.085), (0.7, 0.012)):
        turn = np.linspace(0, 2 * np.pi, 97)
        ink.curve(lines, [(x + ring * radius * np.cos(a), y + ring * radius * np.sin(a)) for a in turn], width * radius)
    for hour in range(12):
        a = hour * np.pi / 6
        for shift in (-0.035, 0.035) if hour % 3 else (-0.07, 0, 0.07):
            ink.stroke(
                lines,
                (x + 0.74 * radius * np.cos(a + shift), y + 0.74 * radius * np.sin(a + shift)),
                (x + 0.95 * radius * np.cos(a + shift), y + 0.95 * radius * np.sin(a + shift)),
                0.03 * radius,
            )
    for angle, long, wide in (
        (-np.pi / 2 - c.between(0.05, 0.25), 0.52, 0.075),
        (-np.pi / 2 - c.between(0.4, 1.2), 0.82, 0.05),
    ):
        tip = (x + long * radius * np.cos(angle), y + long * radius * np.sin(angle))
        tail = (x - 0.16 * radius * np.cos(angle), y - 0.16 * radius * np.sin(angle))
        ink.stroke(lines, tail, tip, wide * radius, 0.25 * wide * radius)
    ink.disc(lines, x, y, 0.055 * radius)
    c.ink(lines, c.palette.ink)
    c.shine(0.4 * atmosphere.glow(c, x, y, 1.15 * radius), mix(c.palette.glow, c.palette.horizon, 0.4))


def _wheels(c: Canvas, x: float, y: float, radius: float, side: int) -> None:
    mask = ink.blank(c.width, c.height)
    for dx, dy, size in ((0.95, 0.95, 0.5), (0.35, 1.42, 0.26), (-1.15, -0.95, 0.36)):
        _wheel(mask, x + side * dx * radius, y + dy * radius, size * radius, round(size * 44), c.between(0, 1))
    ink.stroke(mask, (x - side * 0.5 * radius, -10), (x - side * 0.5 * radius, y + 1.6 * radius), 0.02 * radius)
    ink.disc(mask, x - side * 0.5 * radius, y + 1.66 * radius, 0.13 * radius, 1.3)
    for beam in (-1.5, 1.55):
        ink.stroke(mask, (x + beam * radius, -10), (x + 1.04 * beam * radius, c.height), 0.16 * radius)
    c.ink(mask, mix(c.palette.ink, c.palette.sky, 0.15), mix(c.palette.ink, c.palette.sky, 0.4), (y, y + 2 * radius))


def _wheel(mask: Mask, x: float, y: float, radius: float, teeth: int, turn: float) -> None:
    """A gear wheel: toothed rim, spokes, hub."""
    angles = turn + np.linspace(0, 2 * np.pi, teeth * 4, endpoint=False)
    rim = radius * np.where(np.arange(teeth * 4) % 4 < 2, 1.0, 0.88)
    ink.polygon(mask, field(np.stack([x + rim * np.cos(angles), y + rim * np.sin(angles)], 1)))
    for spoke in range(5):
        wedge = turn + spoke * 2 * np.pi / 5 + np.linspace(0.12, 2 * np.pi / 5 - 0.12, 10)
        outer = [(x + 0.7 * radius * np.cos(a), y + 0.7 * radius * np.sin(a)) for a in wedge]
        ink.polygon(
            mask, [*outer, *((x + 0.25 * radius * np.cos(a), y + 0.25 * radius * np.sin(a)) for a in wedge[::-1])], 0
        )


def _floor(c: Canvas, x: float, floor: float) -> None:
    mask = ink.blank(c.width, c.height)
    people.figure(c, mask, x, floor + 0.05 * c.height, 0.26 * c.unit, shadow=0.37 * c.unit)
    c.ink(mask, c.palette.ink)

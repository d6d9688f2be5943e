"""What hangs in the air: sky, moon, stars, cloud, fog, rain, snow, and light around lamps."""

import numpy as np

from shortsd.providers.images.painting import ink
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Field, blurred, field, smoothstep
from shortsd.providers.images.painting.palette import mix


def sky(c: Canvas, horizon: float, x: float, cloud: float = 0.6) -> None:
    """Fill the canvas with a sky that is brightest above `x` on the row `horizon`, under thin streaks of cloud."""
    p = c.palette
    t = np.clip(c.y / horizon, 0, 1)[..., None]
    colours = p.zenith + (p.sky - p.zenith) * smoothstep(0.0, 0.72, t)
    colours = colours + (p.horizon - colours) * smoothstep(0.35, 1.08, t) ** 1.4
    side = np.exp(-(((c.x - x) / (0.75 * c.unit)) ** 2))[..., None]
    colours = colours * (0.62 + 0.38 * side)
    streaks = (
        c.noise(0.1 * c.unit, 0.5 * c.unit, 6) + 0.5 * c.noise(0.3 * c.unit, 1.2 * c.unit, 3) + 0.25 * t[..., 0] - 0.2
    )
    opacity = (smoothstep(-0.1, 1.2, streaks) * cloud)[..., None]
    bright = mix(p.haze, p.glow, 0.12) * (0.35 + 0.65 * t) * (0.45 + 0.55 * side)
    c.fill(field(colours + (bright - colours) * opacity * 0.7))


def glow(c: Canvas, x: float, y: float, radius: float, tall: float = 1) -> Field:
    """The strength of light around a lamp on the grid: 1 at it, a quarter at `radius` pixels, a long tail."""
    away = ((c.x - x) / radius) ** 2 + ((c.y - y) / (radius * tall)) ** 2
    return field(1 / (1 + away) ** 2)


def moon(c: Canvas, x: float, y: float, radius: float) -> None:
    """A full moon with its seas, in two halos; cloud drifts over its foot."""
    p = c.palette
    c.shine(0.55 * glow(c, x, y, 3.1 * radius) + 0.4 * glow(c, x, y, 1.5 * radius), mix(p.glow, p.horizon, 0.35))
    disc = ink.blank(c.width, c.height)
    ink.disc(disc, x, y, radius)
    seas = smoothstep(-0.1, 0.8, c.noise(0.9 * radius, 0.9 * radius, 4))
    across = ((c.x - x) + (c.y - y) * 0.7) / radius
    shade = 1 - 0.15 * seas - 0.09 * np.clip(across, 0, 2)
    c.lay(disc, c.full(field(np.clip(shade, 0, 1)[..., None] * mix(p.glow, p.glow * 0 + 1, 0.25))))
    wisps = smoothstep(0.05, 0.9, c.noise(0.16 * radius, 2.6 * radius, 4)) * np.exp(
        -(((c.y - y - 0.45 * radius) / (0.5 * radius)) ** 2)
    )
    c.veil(0.6 * wisps * np.exp(-(((c.x - x) / (2.2 * radius)) ** 2)), mix(p.sky, p.horizon, 0.5))


def stars(c: Canvas, floor: float, count: int, brightness: float = 1) -> None:
    """Scatter stars above the row `floor`, fewer and fainter toward it, few of them bright."""
    plane = np.zeros((c.height, c.width), np.float32)
    rows = (c.rng.beta(1.0, 1.9, count) * floor).astype(int).clip(0, c.height - 1)
    columns = c.rng.integers(0, c.width, count)
    fade = 1 - (rows / floor) ** 2
    plane[rows, columns] = c.rng.pareto(1.7, count).clip(0.12, 9) * fade
    size = max(c.unit / 1440, 0.25)
    points = blurred(plane, 1.1 * size) * np.float32(4.2 * brightness * max(size, 0.4) ** 2)
    points += blurred(np.where(plane > 5, plane, 0), 4.5 * size) * np.float32(9 * brightness * size**2)
    c.light(np.clip(points, 0, 1), c.palette.glow)


def fog(c: Canvas, y: float, thickness: float, amount: float, colour: Field | None = None) -> None:
    """A bank of fog about the row `y`, torn into drifting wisps."""
    torn = smoothstep(-0.9, 0.8, c.noise(0.22 * c.unit, 0.8 * c.unit, 6))
    lift = c.noise(0.5 * c.unit, 0.5 * c.unit, 2) * 0.35 * thickness
    bank = np.exp(-(((c.y - y - lift) / thickness) ** 2))
    c.veil(field(amount * bank * (0.25 + 0.75 * torn)), c.palette.haze if colour is None else colour)


def haze(c: Canvas, top: float, bottom: float, amount: float, colour: Field | None = None) -> None:
    """Air that thickens from the row `top` to the row `bottom`."""
    c.veil(field(amount * smoothstep(top, bottom, c.y) + 0 * c.x), c.palette.haze if colour is None else colour)


def shafts(c: Canvas, x: float, y: float, amount: float, floor: float) -> None:
    """Rays that fan out downward from a light at (x, y), fading toward the row `floor`."""
    angle = np.arctan2(c.x - x, np.maximum(c.y - y, 1))
    rays = np.interp((angle + np.pi) * 40, np.arange(260), c.rng.uniform(0, 1, 260)).astype(np.float32)
    rays = blurred(field(rays), 1.2) ** 2
    reach = smoothstep(floor, y + 0.1 * c.unit, c.y) * smoothstep(y - 0.05 * c.unit, y + 0.25 * c.unit, c.y)
    c.shine(field(amount * rays * reach * np.exp(-((angle / 0.75) ** 2))), mix(c.palette.glow, c.palette.horizon, 0.4))


def rain(c: Canvas, amount: float) -> None:
    """Slanting rain, near streaks longer than far ones."""
    size = c.unit / 1440
    for count, length, width, strength in ((520, 60, 1.6, 0.22), (170, 150, 2.4, 0.26)):
        mask = ink.blank(c.width, c.height)
        for _ in range(int(count * amount)):
            x, y = c.between(-0.1, 1.1) * c.width, c.between(-0.1, 1.0) * c.height
            long = c.between(0.6, 1.3) * length * size
            ink.stroke(mask, (x, y), (x - 0.16 * long, y + long), width * size, 0.4 * size, int(c.between(80, 255)))
        c.light(field(mask) * np.float32(strength / 255), c.palette.glow)


def snow(c: Canvas, amount: float) -> None:
    """Falling snow: small sharp flakes, large soft ones near the eye."""
    for count, radius, soft, strength in ((650, 2.0, 0.8, 0.6), (70, 7, 4.0, 0.42)):
        mask = ink.blank(c.width, c.height)
        for _ in range(int(count * amount)):
            size = c.between(0.5, 1.3) * radius * c.unit / 1440
            ink.disc(mask, c.between(0, 1) * c.width, c.between(0, 1) * c.height, size, 1, int(c.between(110, 255)))
        c.light(blurred(field(mask), soft * c.unit / 1440) * np.float32(strength / 255), c.palette.glow)


def birds(c: Canvas, x: float, y: float, count: int, spread: float) -> None:
    """A loose flock, wings in mid-beat."""
    mask = ink.blank(c.width, c.height)
    for _ in range(count):
        bx, by = x + c.rng.normal(0, spread), y + c.rng.normal(0, 0.4 * spread)
        span, lift = c.between(0.008, 0.022) * c.unit, c.between(-0.2, 0.75)
        for side in (-1, 1):
            elbow = (bx + side * 0.5 * span, by - lift * 0.55 * span)
            ink.stroke(mask, (bx, by), elbow, 0.2 * span, 0.16 * span)
            ink.stroke(mask, elbow, (bx + side * span, by - lift * 0.25 * span), 0.16 * span, 0.02 * span)
    c.ink(mask, c.palette.ink)

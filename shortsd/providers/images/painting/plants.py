"""Trees, grass and reeds as silhouettes."""

import numpy as np

from shortsd.providers.images.painting import ink
from shortsd.providers.images.painting.noise import Field, Mask, field


def conifer(mask: Mask, rng: np.random.Generator, x: float, foot: float, height: float) -> None:
    """A spruce: a spire of drooping, uneven boughs."""
    tiers = int(rng.integers(9, 15))
    girth = height * rng.uniform(0.15, 0.22)
    lean = rng.normal(0, 0.012) * height
    sides: list[list[tuple[float, float]]] = []
    for side in (-1, 1):
        line = [(x + lean, foot - height)]
        for tier in range(1, tiers + 1):
            t = tier / tiers
            level = foot - height * (1 - t * 0.94) + rng.normal(0, 0.006) * height
            out = girth * t**0.85 * rng.uniform(0.65, 1.15)
            middle = x + lean * (1 - t)
            line += [(middle + side * out, level + 0.022 * height), (middle + side * out * 0.4, level - 0.004 * height)]
        sides.append(line)
    ink.polygon(mask, [*sides[0], *reversed(sides[1])])
    ink.stroke(mask, (x + lean * 0.5, foot - height * 0.5), (x, foot + 0.03 * height), height * 0.018, height * 0.03)


def bare(mask: Mask, rng: np.random.Generator, x: float, foot: float, height: float, bend: float = 0) -> None:
    """A leafless tree: a trunk that forks and forks again; `bend` leans it (radians, right is positive)."""
    flare = np.linspace(0, 1, 8)
    half = height * (0.022 + 0.034 * flare**2)
    level = foot - height * (0.07 - 0.13 * flare)
    middle = x + np.tan(bend) * np.maximum(foot - level, 0)
    left, right = np.stack([middle - half, level], 1), np.stack([middle + half, level], 1)
    ink.polygon(mask, field(np.concatenate([left, right[::-1]])))
    _branch(mask, rng, (x, foot), -np.pi / 2 + bend, height * 0.29, height * 0.062)


def _branch(
    mask: Mask, rng: np.random.Generator, start: ink.Point, angle: float, length: float, width: float, depth: int = 0
) -> None:
    """Draw a limb in three crooked pieces, then its forks."""
    at, pieces = start, 3
    narrow = width * 0.66
    for piece in range(pieces):
        angle += rng.normal(0, 0.13)
        end = (at[0] + np.cos(angle) * length / pieces, at[1] + np.sin(angle) * length / pieces)
        thick = width + (narrow - width) * piece / pieces
        ink.stroke(mask, at, end, thick, width + (narrow - width) * (piece + 1) / pieces)
        ink.disc(mask, end[0], end[1], thick * 0.47) if thick > 3 else None
        at = end
    if depth >= 7 or width < 0.7:
        return
    forks = 2 if depth else 3
    spread = rng.uniform(0.38, 0.62)
    for fork in range(forks):
        turn = spread * (2 * fork / (forks - 1) - 1) + rng.normal(0, 0.14)
        lift = -0.08 * np.cos(angle + turn) * np.sign(np.cos(angle + turn))
        share = rng.uniform(0.68, 0.9)
        _branch(mask, rng, at, angle + turn + lift, length * share, narrow * rng.uniform(0.62, 0.86), depth + 1)


def trunk(mask: Mask, rng: np.random.Generator, x: float, foot: float, width: float) -> None:
    """A tall trunk that leaves the picture at the top, with a few dead boughs."""
    steps = 14
    levels = np.linspace(foot, -20, steps)
    sway = np.cumsum(rng.normal(0, 0.05, steps)) * width
    girth = width * (0.5 + 0.25 * np.linspace(1, 0, steps) ** 2 + 0.5 * np.linspace(1, 0, steps) ** 14)
    left = np.stack([x + sway - girth, levels], axis=1)
    right = np.stack([x + sway + girth, levels], axis=1)
    ink.polygon(mask, field(np.concatenate([left, right[::-1]])))
    for _ in range(int(rng.integers(3, 7))):
        at = int(rng.integers(4, steps - 1))
        side = rng.choice([-1.0, 1.0])
        _branch(
            mask,
            rng,
            (x + sway[at], levels[at]),
            -np.pi / 2 + side * rng.uniform(0.7, 1.25),
            width * rng.uniform(1.2, 2.6),
            width * rng.uniform(0.12, 0.22),
            3,
        )


def grass(mask: Mask, rng: np.random.Generator, ground: Field, height: float, every: float) -> None:
    """Blades along a skyline (a row for each column), about one to each `every` pixels."""
    count = int(len(ground) / every)
    for x in rng.uniform(0, len(ground) - 1, count):
        tall = height * rng.uniform(0.25, 1.0) ** 1.5
        foot = float(ground[int(x)])
        lean = rng.normal(0.12, 0.3) * tall
        ink.stroke(mask, (x, foot + 0.25 * tall), (x + lean, foot - tall), max(0.07 * height, 1.2), 0.4)


def treeline(
    mask: Mask,
    rng: np.random.Generator,
    ground: Field,
    height: float,
    gap: float,
    clear: tuple[float, float] | None = None,
) -> None:
    """Conifers standing along a skyline, in clumps, none in the columns `clear`."""
    clumps = np.interp(np.arange(len(ground)), np.linspace(0, len(ground), 9), rng.uniform(0.35, 1.15, 9))
    x = -gap
    while x < len(ground) + gap:
        x += gap * rng.uniform(0.35, 1.5)
        at = int(np.clip(x, 0, len(ground) - 1))
        if clear is None or not clear[0] < x < clear[1]:
            conifer(mask, rng, x, float(ground[at]) + 0.05 * height, height * clumps[at] * rng.uniform(0.6, 1.1))

"""Small figures: someone standing, seen from behind."""

from shortsd.providers.images.painting import ink
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask


def figure(c: Canvas, mask: Mask, x: float, foot: float, height: float, shadow: float = 0) -> None:
    """A person in a long coat, if the scene has one; a `shadow` so many pixels long falls toward the eye."""
    if not c.peopled:
        return
    h = height
    if shadow:
        near, far = foot - 0.01 * h, foot + shadow
        ink.polygon(mask, [(x - 0.1 * h, near), (x + 0.1 * h, near), (x + 0.3 * h, far), (x - 0.3 * h, far)], 120)
    ink.disc(mask, x, foot - 0.905 * h, 0.062 * h, 1.3)
    ink.polygon(
        mask,
        [
            (x - 0.035 * h, foot - 0.86 * h),
            (x - 0.125 * h, foot - 0.79 * h),
            (x - 0.155 * h, foot - 0.62 * h),
            (x - 0.15 * h, foot - 0.42 * h),
            (x - 0.125 * h, foot - 0.42 * h),
            (x - 0.15 * h, foot - 0.2 * h),
            (x + 0.15 * h, foot - 0.19 * h),
            (x + 0.12 * h, foot - 0.42 * h),
            (x + 0.155 * h, foot - 0.42 * h),
            (x + 0.15 * h, foot - 0.63 * h),
            (x + 0.12 * h, foot - 0.79 * h),
            (x + 0.035 * h, foot - 0.86 * h),
        ],
    )
    for side in (-1, 1):
        ink.polygon(
            mask,
            [
                (x + side * 0.015 * h, foot - 0.25 * h),
                (x + side * 0.09 * h, foot - 0.25 * h),
                (x + side * 0.075 * h, foot),
                (x + side * 0.02 * h, foot),
            ],
        )

"""A picture of another shape than the frame, shown whole before a blurred, darkened enlargement of itself."""

import math

from PIL import Image, ImageFilter, ImageOps

ALIKE = 1.06
"""Shapes that differ by less than this are one: so little may be cropped."""
SHARE = 0.92
"""Of the side along which it fits, what the picture takes: it stays whole when the camera comes a little nearer."""
LIGHT = 0.45
"""How much of its light the enlargement keeps."""
BLUR = 1 / 24
"""Radius of the blur in shorter sides of the frame."""
_SMALL = 8
"""How much smaller the enlargement is while it is blurred: nobody sees it, and it is done in no time."""


def differs(size: tuple[int, int], frame: tuple[int, int]) -> bool:
    """Whether a picture is of another shape than the frame."""
    shapes = size[0] * frame[1], size[1] * frame[0]
    return max(shapes) > ALIKE * min(shapes)


def inner(size: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int]:
    """The size that a picture has within a frame."""
    scale = SHARE * min(frame[0] / size[0], frame[1] / size[1])
    return max(1, math.floor(size[0] * scale)), max(1, math.floor(size[1] * scale))


def within(picture: Image.Image, frame: tuple[int, int]) -> Image.Image:
    """An RGB picture of the frame's size that shows all of another one in its middle."""
    small = max(1, frame[0] // _SMALL), max(1, frame[1] // _SMALL)
    blurred = ImageOps.fit(picture, small).filter(ImageFilter.GaussianBlur(BLUR * min(small)))
    made = blurred.point(lambda level: round(level * LIGHT)).resize(frame, Image.Resampling.BICUBIC)
    front = picture.resize(inner(picture.size, frame), Image.Resampling.LANCZOS, reducing_gap=3.0)
    made.paste(front, place(picture.size, frame))
    return made


def place(size: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int]:
    """Where the left top corner of a picture lies within a frame."""
    width, height = inner(size, frame)
    return (frame[0] - width) // 2, (frame[1] - height) // 2

"""Where the camera is at a frame: views on a picture, kept inside it, and the eased way from one to another."""

from dataclasses import dataclass

from shortsd.domain.timeline import Scene, View

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a picture that fills the frame: left, top, width and height in fractions of the picture."""

    x: float
    y: float
    width: float
    height: float


def reach(picture: Size, frame: Size) -> tuple[float, float]:
    """Width and height of the largest window of the frame's shape, in fractions of the picture."""
    shape = (frame[0] * picture[1]) / (frame[1] * picture[0])
    return min(1.0, shape), min(1.0, 1.0 / shape)


def window(view: View, picture: Size, frame: Size) -> Window:
    """The window of a view, moved and shrunk so far that it lies inside the picture."""
    widest, highest = reach(picture, frame)
    zoom = max(1.0, view.zoom)
    width, height = widest / zoom, highest / zoom
    return Window(inside(view.x, width) - width / 2, inside(view.y, height) - height / 2, width, height)


def inside(centre: float, length: float) -> float:
    """The place nearest to `centre` where the centre of a window of that length can be, in fractions of the picture."""
    return min(max(centre, length / 2), 1.0 - length / 2)


def between(start: Window, end: Window, part: float) -> Window:
    """The window at `part` (0 to 1) of the way: its corners move on straight lines, so it never leaves the picture."""
    return Window(
        start.x + (end.x - start.x) * part,
        start.y + (end.y - start.y) * part,
        start.width + (end.width - start.width) * part,
        start.height + (end.height - start.height) * part,
    )


def ease(part: float) -> float:
    """Smoothstep, 3t² - 2t³: from 0 to 1 with no speed at both ends, so that a camera starts and lands softly."""
    return part * part * (3.0 - 2.0 * part)


def camera(scene: Scene, at: int, frames: int, picture: Size, frame: Size) -> Window:
    """The window at frame `at` of a move that takes `frames` frames."""
    start, end = window(scene.start, picture, frame), window(scene.end, picture, frame)
    return between(start, end, ease(at / (frames - 1)) if frames > 1 else 0.0)

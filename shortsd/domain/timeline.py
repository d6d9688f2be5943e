"""A short as data: what is on the screen and in the ear at each frame."""

from dataclasses import dataclass

from shortsd.domain.story import Sentence
from shortsd.domain.style import Cut


@dataclass(frozen=True, slots=True)
class View:
    """A window on a picture.

    `x`, `y` are the window's centre in fractions of the picture's width and height; `zoom` is 1 for the largest
    window of the frame's shape that fits into the picture, 2 for one of half that width.
    """

    x: float
    y: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture on the screen over frames [first, first + frames), the camera going from one view to another."""

    picture: str
    """File name in the pictures' folder."""
    first: int
    frames: int
    start: View
    end: View


@dataclass(frozen=True, slots=True)
class Timeline:
    """The short: scenes that follow each other without a gap from frame 0 to `frames`, and the spoken sentences."""

    width: int
    height: int
    fps: int
    frames: int
    scenes: tuple[Scene, ...]
    sentences: tuple[Sentence, ...]
    crossfade: int = 0
    """Frames over which a scene comes in over the one before it, whose camera moves on meanwhile; as `cut` says."""
    cut: Cut = Cut.CROSSFADE

    @property
    def duration_s(self) -> float:
        return self.frames / self.fps

"""What a look is handed: a short as data, and what helps to draw it. See docs/looks.md."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from moviepy import VideoClip
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from shortsd.domain.style import CaptionLook, CaptionPlace
from shortsd.domain.timeline import Timeline
from shortsd.media import lettering
from shortsd.media.camera import Size
from shortsd.media.captions.area import Area, is_tall, safe_area
from shortsd.media.captions.layout import CENTRE_TALL, EM
from shortsd.media.cues import leftward
from shortsd.media.fonts import MAIN
from shortsd.media.frames import Film
from shortsd.media.layers import Frame, Layer
from shortsd.media.planes import TO_RGB, split

Stills = Callable[[int], Frame]
"""Gives a frame by its number. It is nobody else's: it can be drawn on."""

_ROOM = 0.35
"""Kept above and below a line for letters that reach out of it, in ems."""
_TWO_LINES = 2.9
"""Room that captions of two lines take with what is drawn around them, in their ems."""


@dataclass(frozen=True, slots=True)
class About:
    """What a look is told of a short beside its Timeline."""

    title: str
    fonts: str
    """The folder with the bundled fonts."""
    captions: CaptionLook = field(default_factory=CaptionLook)
    """How captions look, which are burnt in over whatever the look draws."""


class Short:
    """A short to be filmed. Everything here gives the same whenever it is asked the same."""

    def __init__(self, timeline: Timeline, pictures: Path, about: About) -> None:
        self.timeline = timeline
        self.pictures = pictures
        """The folder that holds the picture files of the Timeline's scenes."""
        self.title = about.title
        self.fonts = Path(about.fonts)
        self.captions = about.captions
        self._drawn: tuple[Frame, NDArray[np.uint8]] | None = None

    @property
    def size(self) -> Size:
        """Width and height of a frame, in pixels."""
        return self.timeline.width, self.timeline.height

    @property
    def duration_s(self) -> float:
        """What a look's clip has to last."""
        return self.timeline.duration_s

    def number(self, t: float) -> int:
        """The number of the frame at `t` seconds."""
        return min(max(0, round(t * self.timeline.fps)), self.timeline.frames - 1)

    def clip(self, stills: Stills) -> VideoClip:
        """A clip of frames that are drawn by their number; none of them is drawn before it is asked for."""
        clip = VideoClip(duration=self.duration_s)
        clip.frame_function = lambda t: stills(self.number(t))
        clip.size = self.size
        return clip.with_fps(self.timeline.fps)

    def film(self) -> VideoClip:
        """What the ordinary camera draws. A frame of it that a look leaves as it is goes to the encoder untouched."""
        return self.clip(self.camera())

    def camera(self) -> Stills:
        """The frames of `film` by their numbers."""
        film = Film(self.timeline, self.pictures)

        def still(number: int) -> Frame:
            frame = film.frame(number)
            seen = _rgb(frame)
            self._drawn = seen.copy(), frame
            return seen

        return still

    def scene(self, index: int, size: Size) -> Stills:
        """The frames of one scene alone by their numbers in it, in frames of another size, without any cut."""
        scene = self.timeline.scenes[index]
        width, height = (side + side % 2 for side in size)
        alone = replace(self.timeline, width=width, height=height, frames=scene.frames, crossfade=0, sentences=())
        film = Film(replace(alone, scenes=(replace(scene, first=0),)), self.pictures)
        return lambda number: _rgb(film.frame(number))

    def as_drawn(self, still: Frame) -> NDArray[np.uint8] | None:
        """The I420 frame of `camera` that an RGB frame was made of, if it was the last one and is as it was."""
        if self._drawn is None or not np.array_equal(still[::16], self._drawn[0][::16]):
            return None
        return self._drawn[1] if np.array_equal(still, self._drawn[0]) else None

    @property
    def safe(self) -> Area:
        """Where no player's buttons stand, in pixels."""
        return safe_area(*self.size)

    @property
    def taken(self) -> Area:
        """The part of it that two lines of captions take."""
        area, place = self.safe, self.captions.place
        room = _TWO_LINES * EM * min(self.size) * self.captions.size
        top = (CENTRE_TALL if place is CaptionPlace.AUTO else 0.5) * self.timeline.height - room / 2
        if place is CaptionPlace.TOP:
            top = area.top
        elif place is CaptionPlace.BOTTOM or (place is CaptionPlace.AUTO and not is_tall(*self.size)):
            top = area.bottom - room
        return replace(area, top=max(area.top, top), bottom=min(area.bottom, top + room))

    @property
    def free(self) -> Area:
        """What captions leave of it: above them or below them, where there is more."""
        above, below = replace(self.safe, bottom=self.taken.top), replace(self.safe, top=self.taken.bottom)
        return above if above.height >= below.height else below

    def letters(
        self, text: str, box: tuple[int, int], *, largest: float, most_lines: int = 4, colour: str = "#FFFFFF"
    ) -> tuple[Layer, ...]:
        """The lines of a text of any script and length, in the bundled fonts, as large as a box of pixels lets them be.

        `largest` is the most pixels of an em. The layers lie in the box, centred, from its top.
        """
        face = lettering.typeface(text, self.fonts / MAIN)
        setting = lettering.fit(text, face, box, largest, most_lines)
        pen = lettering.Pen(face, setting.em, leftward(text))
        return tuple(_line(pen, line, row, box[0], colour) for row, line in enumerate(setting.lines))


def _line(pen: lettering.Pen, line: str, row: int, width: int, colour: str) -> Layer:
    """A line as a layer, cut to its letters."""
    room = round(_ROOM * pen.em)
    image = Image.new("RGBA", (width, round(lettering.LEADING * pen.em) + 2 * room), f"{colour}00")
    pen.draw(ImageDraw.Draw(image), line, width / 2, room, colour, 0.0)
    left, top, right, bottom = image.getbbox() or (0, 0, 1, 1)
    down = round(row * lettering.LEADING * pen.em) - room
    return Layer.of(np.asarray(image.crop((left, top, right, bottom))), left, down + top)


def _rgb(frame: NDArray[np.uint8]) -> Frame:
    """As `planes.to_rgb` in 8-bit arithmetic: four times as fast, and a level off at most."""
    height, width = frame.shape[0] * 2 // 3, frame.shape[1]
    y, u, v = split(frame)
    up = np.array([[0.5, 0, 0], [0, 0.5, -0.25]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    full = [cv2.warpAffine(each, up, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE) for each in (u, v)]
    return np.asarray(cv2.transform(cv2.merge([y, *full]), TO_RGB), np.uint8)

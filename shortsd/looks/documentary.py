"""Documentary: each picture a print in a pale frame, laid upon the one before, on a table of its blurred colours."""

from bisect import bisect_right
from dataclasses import dataclass

import cv2
import numpy as np
from moviepy import VideoClip
from numpy.typing import NDArray

from shortsd.media.camera import ease
from shortsd.media.captions.area import is_tall
from shortsd.media.layers import Frame, Layer
from shortsd.media.short import Short, Stills

PAPER = "#F1EBDF"
"""Colour of a print's edge, and of the title."""
TILTS = (-1.3, 1.0, -0.6, 1.6, -1.0, 0.5)
"""Degrees by which prints lie askew, in turn."""
DRIFT = 0.35
"""Degrees by which a print turns while it lies."""
LAY_S = 0.6
"""How long a print takes to be laid down."""
WIDEST = 1.78
"""A print is at most so many times as wide as it is high."""
DETAIL = 1.2
"""Pictures are filmed larger by this much than they are shown: to be turned costs them some sharpness."""
LIGHT = 58.0
"""Mean level of the table, whether its picture is dark or bright."""


def look(short: Short) -> VideoClip:
    """A table upon which the pictures are laid."""
    return short.clip(Table(short).still)


@dataclass(frozen=True, slots=True)
class Place:
    """Where prints lie: the middle, and the size of the picture in it, in pixels; and the width of its pale edge."""

    x: float
    y: float
    width: int
    height: int
    edge: int

    @property
    def outer(self) -> tuple[int, int]:
        """Width and height with the edge."""
        return self.width + 2 * self.edge, self.height + 2 * self.edge


class Table:
    """The short as prints on a table. What does not move in a scene is drawn once for it."""

    def __init__(self, short: Short) -> None:
        self._short = short
        self._scenes = short.timeline.scenes
        self._firsts = [scene.first for scene in self._scenes]
        self._heading, below = _heading(short)
        self._place = _place(short, below)
        self._shade = _shade(short)
        self._films: dict[int, Stills] = {}
        self._tables: dict[int, Frame] = {}
        self._covered: dict[int, Frame] = {}

    def still(self, number: int) -> Frame:
        """Frame `number` of the short."""
        index = bisect_right(self._firsts, number) - 1
        at = number - self._firsts[index]
        self._forget(index)
        laying = min(round(LAY_S * self._short.timeline.fps), self._scenes[index].frames) if index else 0
        if at >= laying:
            frame = self._table(index).copy()
            self._lay(frame, index, at)
            return frame
        part = ease((at + 1) / (laying + 1))
        frame = np.asarray(cv2.addWeighted(self._cover(index - 1), 1 - part, self._table(index), part, 0), np.uint8)
        self._lay(frame, index, at, part)
        return frame

    def _forget(self, index: int) -> None:
        """Keep what this scene and its neighbours need."""
        for kept in (self._films, self._tables, self._covered):
            for other in [other for other in kept if not index - 1 <= other <= index]:
                del kept[other]

    def _table(self, index: int) -> Frame:
        """The table before a scene's print is laid: its colours, the print before, the title, and the shadow to be."""
        if index not in self._tables:
            frame = self._shaded(index)
            if index:
                _shadow(self._place, TILTS[(index - 1) % len(TILTS)], self._short.size).over(frame)
                self._lay(frame, index - 1, self._scenes[index - 1].frames - 1)
            _shadow(self._place, TILTS[index % len(TILTS)], self._short.size).over(frame)
            for layer in self._heading:
                layer.over(frame)
            self._tables[index] = frame
        return self._tables[index]

    def _cover(self, index: int) -> Frame:
        """The table with a scene's print as it lies at the scene's end."""
        if index not in self._covered:
            self._covered[index] = self._table(index).copy()
            self._lay(self._covered[index], index, self._scenes[index].frames - 1)
        return self._covered[index]

    def _shaded(self, index: int) -> Frame:
        """A scene's colours, all its forms blurred away, dark towards the edges."""
        width, height = self._short.size
        small = self._short.scene(index, (width // 4, height // 4))(self._scenes[index].frames // 2)
        tiny = max(2, width // 60), max(2, height // 60)
        soft = cv2.GaussianBlur(cv2.resize(small, tiny, interpolation=cv2.INTER_AREA), (0, 0), 2.0).astype(np.float32)
        soft = 0.75 * soft + 0.25 * soft.mean(axis=2, keepdims=True)
        soft *= min(2.0, LIGHT / max(1.0, float(soft.mean())))
        wide = np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC))
        shaded: Frame = np.clip(wide * self._shade + _grain(height, width), 0, 255).astype(np.uint8)
        return shaded

    def _lay(self, frame: Frame, index: int, at: int, part: float = 1.0) -> None:
        """Lay a scene's print, as it looks at one of its frames, on the table: wholly, or on its way down."""
        picture = self._film(index)(at)
        print_ = _print(picture, self._place)
        turn = DRIFT * (at / max(1, self._scenes[index].frames - 1) - 0.5)
        tilt = TILTS[index % len(TILTS)] + turn + (1 - part) * 1.5
        _put(frame, print_, self._place, tilt, part, print_.shape[1] / self._place.outer[0])

    def _film(self, index: int) -> Stills:
        if index not in self._films:
            size = round(self._place.width * DETAIL), round(self._place.height * DETAIL)
            self._films[index] = self._short.scene(index, size)
        return self._films[index]


def _room(short: Short) -> tuple[int, int]:
    """From which row to which there is room for the title and prints: captions at an edge stand clear of them."""
    safe, taken = short.safe, short.taken
    top = taken.bottom if taken.top <= safe.top else safe.top
    bottom = taken.top if taken.bottom >= safe.bottom else safe.bottom
    return round(top), round(bottom)


def _heading(short: Short) -> tuple[list[Layer], int]:
    """The title with a line in the captions' colour below it; and the pixel row beneath both."""
    side, area, (top, _) = min(short.size), short.safe, _room(short)
    high = 0.15 if is_tall(*short.size) else 0.1
    lines = short.letters(short.title, (round(area.width), round(high * side)), largest=0.054 * side, colour=PAPER)
    if not lines:
        return [], top
    low = top + max(line.y + line.opacity.shape[0] for line in lines)
    rule = Layer.sheet(short.captions.colour, round(0.09 * side), max(2, round(0.0055 * side)))
    placed = [line.moved(round(area.left), top) for line in lines]
    placed.append(rule.moved(round(area.middle - rule.opacity.shape[1] / 2), low + round(0.022 * side)))
    return placed, low + round(0.03 * side)


def _place(short: Short, below: int) -> Place:
    """The place for prints below the title, with room to lie askew; captions of the middle stand over them."""
    width, _ = short.size
    side, (_, bottom) = min(short.size), _room(short)
    edge = max(2, round(0.016 * side))
    top = below + round(0.035 * side)
    high = max(16, bottom - top)
    across = min(0.86 * width, WIDEST * high)
    lean = np.sin(np.radians(max(map(abs, TILTS)) + DRIFT))
    return Place(
        width / 2, top + high / 2, round(across - lean * high) - 2 * edge, round(high - lean * across) - 2 * edge, edge
    )


def _shade(short: Short) -> NDArray[np.float32]:
    """Light of the table, by pixel: less towards the edges."""
    width, height = short.size
    x, y = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    far = np.minimum(1, (x[None, :] ** 2 + y[:, None] ** 2) / 2)
    return np.asarray(1 - 0.55 * far, np.float32)[..., None]


def _grain(height: int, width: int) -> NDArray[np.float32]:
    """The same for every table: without it, so smooth a ground would show steps."""
    return np.random.default_rng(0).normal(0.5, 1.1, (height, width, 1)).astype(np.float32)


def _print(picture: Frame, place: Place) -> NDArray[np.uint8]:
    """A picture with its pale edge, RGBA."""
    edge = round(place.edge * picture.shape[1] / place.width)
    paper = (*bytes.fromhex(PAPER[1:]), 255)
    print_ = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)
    return np.asarray(cv2.copyMakeBorder(print_, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=paper), np.uint8)


def _turned(place: Place, tilt: float, size: tuple[int, int], scale: float) -> NDArray[np.float64]:
    """The 2×3 matrix that lays a print of so many pixels at its place, as pixels' indices go."""
    turn = cv2.getRotationMatrix2D(((size[0] - 1) / 2, (size[1] - 1) / 2), tilt, scale)
    turn[:, 2] += np.array([place.x - size[0] / 2, place.y - size[1] / 2])
    return np.asarray(turn, np.float64)


def _put(frame: Frame, print_: NDArray[np.uint8], place: Place, tilt: float, part: float, detail: float) -> None:
    """Turn a print and put it on a frame: nearer to the eye, and more see-through, the less of its way is done."""
    height, width = print_.shape[:2]
    turn = _turned(place, tilt, (width, height), (1 + 0.09 * (1 - part)) / detail)
    left, top, right, bottom = _bounds(turn, width, height, frame)
    turn[:, 2] -= left, top
    laid = cv2.warpAffine(print_, turn, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    if part < 1:
        laid = cv2.convertScaleAbs(laid, alpha=min(1.0, 2.2 * part))
    under = frame[top:bottom, left:right]
    seen = cv2.cvtColor(255 - laid[..., 3], cv2.COLOR_GRAY2RGB)
    under[:] = cv2.add(cv2.multiply(under, seen, scale=1 / 255), laid[..., :3])


def _bounds(turn: NDArray[np.float64], width: int, height: int, frame: Frame) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what a turned print covers of a frame."""
    corners = np.array([(x, y, 1) for x in (-1, width) for y in (-1, height)]) @ turn.T
    (left, top), (right, bottom) = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0)) + 1
    return max(0, int(left)), max(0, int(top)), min(frame.shape[1], int(right)), min(frame.shape[0], int(bottom))


def _shadow(place: Place, tilt: float, size: tuple[int, int]) -> Layer:
    """What a print that lies at its place takes of the light around it."""
    side = min(size)
    sheet = np.full((place.outer[1], place.outer[0]), 255, np.uint8)
    shape = cv2.warpAffine(sheet, _turned(place, tilt, place.outer, 1.0), size)
    rgba = np.zeros((size[1], size[0], 4), np.uint8)
    rgba[..., 3] = shape
    return Layer.of(rgba, 0, round(0.012 * side)).shadow(0.02 * side, 0.62)

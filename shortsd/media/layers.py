"""Pictures with see-through parts, drawn once and laid over many frames."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
"""A picture in 8-bit RGB, (height, width, 3)."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture to be laid over frames, its left upper corner at pixel (x, y) of them."""

    colour: NDArray[np.float32]
    """(h, w, 3): 8-bit RGB levels times the opacity, so that it can be filtered and moved without dark edges."""
    opacity: NDArray[np.float32]
    """(h, w, 1): 0 to 1."""
    x: int
    y: int

    @classmethod
    def of(cls, rgba: NDArray[np.uint8], x: int = 0, y: int = 0) -> "Layer":
        """A layer of an 8-bit RGBA picture, (h, w, 4)."""
        opacity = (rgba[..., 3:] / 255).astype(np.float32)
        return cls((rgba[..., :3] * opacity).astype(np.float32), opacity, x, y)

    @classmethod
    def sheet(cls, colour: str, width: int, height: int, x: int = 0, y: int = 0) -> "Layer":
        """A rectangle of one colour, `#RRGGBB`."""
        return cls.of(np.full((height, width, 4), (*bytes.fromhex(colour[1:]), 255), np.uint8), x, y)

    def shadow(self, blur: float, strength: float) -> "Layer":
        """The shadow that it throws: black, as soft as a blur of so many pixels, as dark as `strength`, 0 to 1."""
        room = round(3 * blur)
        wide = cv2.copyMakeBorder(self.opacity, room, room, room, room, cv2.BORDER_CONSTANT, value=0)
        soft = np.asarray(cv2.GaussianBlur(wide, (0, 0), max(blur, 0.1)), np.float32)[..., None] * np.float32(strength)
        return Layer(np.zeros((*soft.shape[:2], 3), np.float32), soft, self.x - room, self.y - room)

    def moved(self, dx: int, dy: int) -> "Layer":
        """It, at another place."""
        return replace(self, x=self.x + dx, y=self.y + dy)

    def over(self, frame: Frame, dx: float = 0.0, dy: float = 0.0, opacity: float = 1.0) -> None:
        """Lay it over an RGB frame, in place: moved by so many pixels, whole or not, and more or less see-through.

        What is outside of the frame is not drawn.
        """
        if opacity <= 0:
            return
        shifted = self._shifted(dx % 1, dy % 1)
        left, top = self.x + int(dx // 1), self.y + int(dy // 1)
        right, bottom = left + shifted.opacity.shape[1], top + shifted.opacity.shape[0]
        part = frame[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
        if not part.size:
            return
        rows = slice(max(0, -top), max(0, -top) + part.shape[0])
        columns = slice(max(0, -left), max(0, -left) + part.shape[1])
        light = shifted.colour[rows, columns] * opacity
        mixed = part * (1 - shifted.opacity[rows, columns] * opacity) + light
        part[:] = (mixed + 0.5).astype(np.uint8)

    def _shifted(self, across: float, down: float) -> "Layer":
        """It, moved by fractions of a pixel: a pixel larger in that direction."""
        if not (across or down):
            return self
        by = np.array([[1, 0, across], [0, 1, down]])
        size = self.colour.shape[1] + 1, self.colour.shape[0] + 1
        colour, opacity = (np.asarray(cv2.warpAffine(each, by, size)) for each in (self.colour, self.opacity))
        return Layer(colour.astype(np.float32), opacity[..., None].astype(np.float32), self.x, self.y)

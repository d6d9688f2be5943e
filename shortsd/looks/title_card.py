"""A title card: the title over the first picture while it is out of focus; then the picture comes into focus."""

import cv2
import numpy as np
from moviepy import VideoClip

from shortsd.media.camera import ease
from shortsd.media.layers import Frame, Layer
from shortsd.media.short import Short, Stills

CARD_S = 2.6
"""How long the card stands, the change to the film counted."""
MOST = 0.5
"""Share of a very short film that the card may take."""
FOCUS_S = 0.8
"""How long the picture takes to come into focus."""
WIDTH = 0.84
"""Of the frame, for the title: so far up a player has no buttons."""
LARGEST = 0.112
"""Em of the title, of the frame's shorter side."""
BRIGHTEST = 105
"""Level to which what is bright behind the title is darkened: white letters stand out by 5 to 1 (WCAG 2, 1.4.3)."""
SOFT_PX = 40
"""The shorter side of the picture when it is as far out of focus as it gets."""


def look(short: Short) -> VideoClip:
    """The film as ever, after a card that lies over its beginning."""
    film = short.camera()
    card = Card(short, film)

    def still(number: int) -> Frame:
        frame = film(number)
        return frame if number >= card.frames else card.over(frame, number / short.timeline.fps)

    return short.clip(still)


def light(frame: Frame) -> float:
    """How much of its light a picture may keep behind the title, 0 to 1."""
    return min(0.9, BRIGHTEST / max(1.0, float(np.percentile(unfocused(frame, 1.0, 1.0).max(axis=2), 95))))


class Card:
    """The title and a line below it, drawn once."""

    def __init__(self, short: Short, film: Stills) -> None:
        self.seconds = min(CARD_S, MOST * short.duration_s)
        self.frames = round(self.seconds * short.timeline.fps)
        self._lines = _title(short)
        self._rise = 0.03 * min(short.size)
        self._film = film
        self._light: float | None = None

    def over(self, frame: Frame, t: float) -> Frame:
        """A frame of the film at `t` seconds, with the card over it."""
        left = (self.seconds - t) / self.seconds * CARD_S
        amount = ease(min(1.0, left / FOCUS_S))
        if self._light is None:
            self._light = light(self._film(0))
        seen = unfocused(frame, amount, self._light)
        leaves = min(1.0, max(0.0, (left - 0.5 * FOCUS_S) / (0.5 * FOCUS_S)))
        for order, layer in enumerate(self._lines):
            comes = _landed((t / self.seconds * CARD_S + 0.12 - 0.11 * order) / 0.55)
            layer.over(seen, 0.0, (1 - comes) * self._rise - (1 - leaves) ** 2 * self._rise, comes * leaves)
        return seen


def _title(short: Short) -> list[Layer]:
    """The title's lines and their shadows in the middle of what captions leave free, and a line in their colour."""
    side, free = min(short.size), short.free
    box = round(max(free.width, WIDTH * short.size[0])), round(0.74 * free.height)
    lines = short.letters(short.title, box, largest=LARGEST * side)
    if not lines:
        return []
    low = max(line.y + line.opacity.shape[0] for line in lines)
    rule = Layer.sheet(short.captions.colour, round(0.17 * side), max(2, round(0.009 * side)))
    across, down = round(free.middle - box[0] / 2), round(free.top + (free.height - low) / 2 - 0.03 * side)
    placed = [line.moved(across, down) for line in lines]
    placed.append(rule.moved(round(free.middle - rule.opacity.shape[1] / 2), down + low + round(0.055 * side)))
    return [both for line in placed for both in (line.shadow(0.014 * side, 0.55), line)]


def _landed(part: float) -> float:
    """From 0 to 1, fast at first and slow at last."""
    return 1 - (1 - min(1.0, max(0.0, part))) ** 3


def unfocused(frame: Frame, amount: float, kept: float) -> Frame:
    """A picture out of focus, not at all (0) or as far as it gets (1), with that share of its light taken that is not
    `kept`.

    It lies between two of a row of pictures, each blurred twice as far as the one before.
    """
    levels = np.log2(min(frame.shape[:2]) / SOFT_PX)
    level = amount * max(0.0, levels)
    near, shine = int(level), 1 - (1 - kept) * amount
    part = level - near
    return np.asarray(
        cv2.addWeighted(_blurred(frame, near), (1 - part) * shine, _blurred(frame, near + 1), part * shine, 0), np.uint8
    )


def _blurred(frame: Frame, level: int) -> Frame:
    if level == 0:
        return frame
    height, width = frame.shape[:2]
    size = max(1, round(width / 2**level)), max(1, round(height / 2**level))
    small = cv2.GaussianBlur(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), (0, 0), 0.9)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)

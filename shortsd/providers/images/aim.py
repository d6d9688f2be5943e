"""What a picture is about: the point that a camera should keep in view."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 64
"""Pixels of the longer side of what is looked at: the scale of Hou and Zhang."""
PLAIN = 3.0
"""How many times the average the best place must stand out; below that a picture is about nothing in particular."""
FLAT = 8
"""Levels that a picture has to range over to show anything."""
CORE = 0.6
"""Places that stand out by this share of the best one's are part of it."""
EDGE = 0.25
"""How much of its weight a place loses in the corner: subjects lie near the middle, frames and captions at the edge."""


def aim(picture: NDArray[np.uint8]) -> tuple[float, float] | None:
    """Where a picture, grey or of three colours, holds what the eye goes to first; in fractions of width and height.

    None if it is as good in one place as in another.
    """
    height, width = picture.shape[:2]
    scale = SIDE / max(height, width)
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    standing = sum(saliency(channel) for channel in cv2.split(small)) * _middle(size)
    standing = cv2.GaussianBlur(standing, (0, 0), SIDE / 20)
    if standing.max() < PLAIN * standing.mean() or np.ptp(small, axis=(0, 1)).max() < FLAT:
        return None
    return _centre(standing)


def saliency(channel: NDArray[Any]) -> NDArray[Any]:
    """How much each place stands out: what is left of the spectrum once its own average is taken away.

    A spectrum takes a picture to go round; beside its mirror images, opposite edges do not meet. The average level
    says nothing, and would outweigh all the rest.
    Source: Hou and Zhang, "Saliency Detection: A Spectral Residual Approach", CVPR 2007.
    """
    height, width = channel.shape
    spectrum = np.fft.fft2(cv2.copyMakeBorder(channel - channel.mean(), 0, height, 0, width, cv2.BORDER_REFLECT))
    amplitude = np.log(np.abs(spectrum) + 1)
    residual = amplitude - cv2.blur(amplitude, (3, 3))
    found: NDArray[Any] = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    return found[:height, :width]


def _middle(size: tuple[int, int]) -> NDArray[Any]:
    """Weights of places: 1 in the middle, less towards the edges."""
    across, down = (np.linspace(-1, 1, side) ** 2 for side in size)
    return np.asarray(1 - EDGE * (across[None, :] + down[:, None]) / 2)


def _centre(standing: NDArray[Any]) -> tuple[float, float]:
    """The centre of the best place."""
    _, labels = cv2.connectedComponents((standing >= CORE * standing.max()).astype(np.uint8))
    best = labels == labels.flat[standing.argmax()]
    rows, columns = np.nonzero(best)
    weights = standing[best]
    height, width = standing.shape
    x, y = np.average(columns + 0.5, weights=weights) / width, np.average(rows + 0.5, weights=weights) / height
    return round(float(x), 4), round(float(y), 4)

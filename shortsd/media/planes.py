"""Pictures as the planes that a video is made of: Y'CbCr 4:2:0, BT.709, limited range."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from shortsd.domain.errors import BadInput

Plane = NDArray[np.uint8]

KR, KB = 0.2126, 0.0722
"""Weights of red and blue in luma: Recommendation ITU-R BT.709-6, item 3.2."""
_LUMA = np.array([KR, 1 - KR - KB, KB])
_ROWS = np.stack([_LUMA, ([0, 0, 1] - _LUMA) / (2 - 2 * KB), ([1, 0, 0] - _LUMA) / (2 - 2 * KR)])
"""Y', Cb and Cr of R', G', B' in 0..1: BT.709-6, items 3.2 and 3.3."""
_SCALE = np.array([219.0, 224.0, 224.0])
_OFFSET = np.array([16.0, 128.0, 128.0])
"""Limited range in eight bits: BT.709-6, item 3.4."""
TO_YCC = np.hstack([_ROWS * _SCALE[:, None] / 255, _OFFSET[:, None]]).astype(np.float32)
"""3×4: Y, Cb, Cr levels of 8-bit (R, G, B, 1)."""
TO_RGB = np.hstack(
    [np.linalg.inv(TO_YCC[:, :3].astype(float)), -np.linalg.inv(TO_YCC[:, :3].astype(float)) @ _OFFSET[:, None]]
).astype(np.float32)
"""3×4: 8-bit R, G, B of (Y, Cb, Cr, 1)."""


def read_picture(path: Path) -> Plane:
    """The picture as (h, w, 3) RGB, 8-bit. Raises BadInput if it is missing or cannot be read."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if data.size else None
    except (OSError, cv2.error) as exc:
        raise BadInput(f"The picture {path} cannot be read: {_why(exc)}.", "Make the images again.") from exc
    if picture is None:
        raise BadInput(f"The picture {path} is not a picture that can be read.", "Make the images again.")
    return np.asarray(picture, np.uint8)


def _why(error: Exception) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "the decoder gave up"


def to_yuv420(picture: Plane) -> tuple[Plane, Plane, Plane]:
    """Y, U and V of an RGB picture; odd sizes grow by repeating the last column or row.

    Chroma lies where MPEG-2 and H.264 put it by default (chroma_sample_loc_type 0): on the left one of two pixels
    across, between the two down; so the filter is 1 2 1 across and 1 1 down.
    """
    height, width = picture.shape[:2]
    even = cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    y = cv2.transform(even, TO_YCC[:1])
    kernel = np.array([0.25, 0.5, 0.25], np.float32), np.array([0.5, 0.5], np.float32)
    u, v = (
        cv2.sepFilter2D(plane, -1, *kernel, anchor=(1, 0), borderType=cv2.BORDER_REPLICATE)[::2, ::2]
        for plane in cv2.split(cv2.transform(even, TO_YCC))[1:]
    )
    return np.asarray(y, np.uint8), np.ascontiguousarray(u, np.uint8), np.ascontiguousarray(v, np.uint8)


def _rounded(plane: Any) -> Plane:
    return np.ascontiguousarray(np.clip(np.rint(plane), 0, 255).astype(np.uint8))


def to_rgb(frame: Plane) -> Plane:
    """The RGB picture (h, w, 3) of an I420 frame (h * 3 / 2, w) as `to_yuv420` places its chroma."""
    height, width = frame.shape[0] * 2 // 3, frame.shape[1]
    y, u, v = split(frame)
    up = np.array([[0.5, 0, 0], [0, 0.5, -0.25]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    u, v = (
        cv2.warpAffine(plane, up, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
        for plane in (u, v)
    )
    return _rounded(cv2.transform(cv2.merge([y, u, v]).astype(np.float32), TO_RGB))


def split(frame: Plane) -> tuple[Plane, Plane, Plane]:
    """Views on Y, U and V of an I420 frame (h * 3 / 2, w) that lies in one piece of memory."""
    height, width = frame.shape[0] * 2 // 3, frame.shape[1]
    flat = frame.reshape(-1)
    size, quarter = height * width, height * width // 4
    half = (height // 2, width // 2)
    return (
        flat[:size].reshape(height, width),
        flat[size : size + quarter].reshape(half),
        flat[size + quarter : size + 2 * quarter].reshape(half),
    )

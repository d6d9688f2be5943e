"""The thumbnail: the strongest frame of a short with its title set on it."""

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw

from shortsd.domain.timeline import Timeline
from shortsd.media import lettering
from shortsd.media.cues import leftward
from shortsd.media.files import save
from shortsd.media.frames import Film
from shortsd.media.lettering import LEADING, OUTLINE, Pen, Setting, typeface
from shortsd.media.measure import Typeface
from shortsd.media.timelines import read_timeline

LARGEST_BYTES = 2_000_000
"""YouTube takes thumbnails of 2 MB (help page "Add video thumbnails")."""
SIDE = 0.08
"""Share of the width left free on either side of the title, its outline not counted."""
MIDDLE = 0.64
"""Height of the title's middle as a share of the height: under the subject, above what players write at the bottom."""
TALLEST = 0.36
"""Share of the height that the title may take."""
LARGEST_EM = 0.15
"""Of the frame's shorter side."""
MOST_LINES = 4

_SHADE = 0.6
"""How much of the light is taken away behind the title."""
_LOOK_PX = 320
"""Width at which candidates are judged: detail beyond it does not show in a thumbnail."""
_QUALITIES = (92, 86, 80, 72, 64, 56, 48, 40, 32)
_COLOUR_SPACE, _SRGB = 0xA001, 1
_EXIF_IFD = 0x8769


def compose(request: Mapping[str, Any], progress: Callable[[float, float, str], None]) -> dict[str, int]:
    """Worker target: choose a frame, set the title on it, write a JPEG.

    Request: `timeline` (file of JSON), `pictures` (folder), `candidates` (frame numbers, or how many to look at),
    `title`, `font_file`, `out`. Answer: `frame` (the one chosen), `bytes` (of the file,
    LARGEST_BYTES at most). Raises BadInput, DiskFull, Unavailable.
    """
    timeline = read_timeline(Path(request["timeline"]))
    film = Film(timeline, Path(request["pictures"]))
    chosen = strongest(film, candidates(request["candidates"], timeline), progress)
    still = Image.fromarray(film.still(chosen))
    data = jpeg(titled(still, request["title"], Path(request["font_file"])))
    save(Path(request["out"]), data)
    return {"frame": chosen, "bytes": len(data)}


def candidates(wanted: int | Sequence[int], timeline: Timeline) -> tuple[int, ...]:
    """The frames to look at: those named or, for a number of them, the middles of that many equal parts.

    Of a short that has fewer seconds, one for each: nearer ones look the same.
    """
    if isinstance(wanted, int):
        parts = max(1, min(wanted, int(timeline.duration_s)))
        return tuple((2 * part + 1) * timeline.frames // (2 * parts) for part in range(parts))
    return tuple(wanted)


def strongest(film: Film, numbers: Sequence[int], progress: Callable[[float, float, str], None]) -> int:
    """The frame with the most contrast, colour and sharpness, each counted as a share of the best among `numbers`."""
    looks = []
    for done, number in enumerate(numbers):
        progress(done, len(numbers), "looking for the strongest frame")
        looks.append(strengths(film.still(number)))
    table = np.array(looks)
    shares = table / np.maximum(table.max(axis=0), 1e-6)
    return numbers[int(shares.sum(axis=1).argmax())]


def strengths(still: np.ndarray) -> tuple[float, float, float]:
    """Contrast, colourfulness and sharpness of an RGB picture, (height, width, 3), 8 bits.

    Contrast is the standard deviation of luma (RMS contrast, Peli 1990); colourfulness is M3 of Hasler & Süsstrunk,
    "Measuring colourfulness in natural images" (2003); sharpness is the logarithm of the variance of the Laplacian
    (Pech-Pacheco et al. 2000), as its raw value would drown the others.
    """
    small = cv2.resize(
        still, (_LOOK_PX, max(1, still.shape[0] * _LOOK_PX // still.shape[1])), interpolation=cv2.INTER_AREA
    )
    luma = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    red, green, blue = (small[..., channel].astype(np.float32) for channel in range(3))
    opponents = np.stack([red - green, (red + green) / 2 - blue]).reshape(2, -1)
    spread, offset = np.hypot(*opponents.std(axis=1)), np.hypot(*opponents.mean(axis=1))
    sharpness = np.log1p(cv2.Laplacian(luma, cv2.CV_32F).var())
    return float(luma.std()), float(spread + 0.3 * offset), float(sharpness)


def titled(image: Image.Image, title: str, font_file: Path) -> Image.Image:
    """The picture with the title on it, darkened behind, inside the frame at every length."""
    face = typeface(title, font_file)
    setting = fit(title, face, image.size)
    if not setting.lines:
        return image
    height = len(setting.lines) * LEADING * setting.em
    top = MIDDLE * image.height - height / 2
    shaded = _shade(image, top - setting.em, top + height + setting.em)
    _draw(ImageDraw.Draw(shaded), setting, Pen(face, setting.em, leftward(title)), image.width / 2, top)
    return shaded


def fit(title: str, face: Typeface, size: tuple[int, int]) -> Setting:
    """The title in one to MOST_LINES lines, whichever lets it be largest."""
    box = (1 - 2 * SIDE) * size[0], TALLEST * size[1]
    return lettering.fit(title, face, box, LARGEST_EM * min(size), MOST_LINES)


def _shade(image: Image.Image, top: float, bottom: float) -> Image.Image:
    """The picture darkened from `top` to `bottom`, fading out softly above and below."""
    soft = 0.12 * image.height
    rows = np.arange(image.height, dtype=np.float32)
    inside = np.clip(np.minimum(rows - top + soft, bottom + soft - rows) / soft, 0, 1)
    light = 1 - _SHADE * inside * inside * (3 - 2 * inside)
    return Image.fromarray((np.asarray(image) * light[:, None, None]).astype(np.uint8))


def _draw(on: ImageDraw.ImageDraw, setting: Setting, pen: Pen, middle: float, top: float) -> None:
    """Draw the lines centred: all outlines first, so that none lies over a neighbour's letter."""
    for colour, outline in (("#101010", OUTLINE), ("white", 0.0)):
        for row, line in enumerate(setting.lines):
            pen.draw(on, line, middle, top + row * LEADING * setting.em, colour, outline)


def jpeg(image: Image.Image) -> bytes:
    """A progressive JPEG marked as sRGB, of LARGEST_BYTES at most: quality goes down, then size, until it fits."""
    while True:
        for quality in _QUALITIES:
            data = _encoded(image, quality)
            if len(data) <= LARGEST_BYTES:
                return data
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4))


def _encoded(image: Image.Image, quality: int) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(_EXIF_IFD)[_COLOUR_SPACE] = _SRGB
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, progressive=True, optimize=True, exif=exif)
    return buffer.getvalue()

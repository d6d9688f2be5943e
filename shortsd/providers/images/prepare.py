"""Makes a user's pictures ready to be filmed, in a worker: upright 8-bit sRGB JPEGs without alpha."""

import io
import logging
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from shortsd.domain.errors import BadInput
from shortsd.providers.images.listing import HINT, picture_files, shown
from shortsd.providers.images.saving import save

MEGAPIXELS = 120
"""Larger pictures count as unreadable: decoded, they would take more than half a gibibyte."""
BACKDROP = (16, 16, 20)
"""What shows through transparent places: nearly black, as the shorts are dark."""
SPAN = 4
"""How many frames' widths (or heights) of a panorama are kept, about its centre."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_ORIENTATION = 0x0112
_log = logging.getLogger("shortsd.worker")

Image.MAX_IMAGE_PIXELS = None  # `_open` has its own limit, with a sentence for people


class _UnreadableError(Exception):
    """Why a picture cannot be shown; not meant to leave this module."""


def prepare(request: dict[str, Any], progress: Callable[[float, float, str], None]) -> Any:
    """Prepare as many pictures of a folder as there are scenes, or as it has.

    The request has `folder`, `scenes` (how many), `size` [width, height] and `to`, the folder to write into; the
    answer's `pictures` have `file`, `width`, `height` and `source`, the name of the user's file. Raises BadInput if
    none can be read, DiskFull.
    """
    wanted, size = request["scenes"], (request["size"][0], request["size"][1])
    pictures: list[dict[str, Any]] = []
    for source, image in _readable(Path(request["folder"]), size):
        name = f"{len(pictures) + 1:02}.jpg"
        save(Path(request["to"]) / name, _jpeg(image))
        pictures.append({"file": name, "width": image.width, "height": image.height, "source": shown(source.name)})
        progress(len(pictures), wanted, f"prepared {shown(source.name)}")
        if len(pictures) >= wanted:
            break
    if 0 < len(pictures) < wanted:
        progress(wanted, wanted, f"{len(pictures)} pictures go round {wanted} scenes")
    return {"pictures": pictures}


def probe(request: dict[str, Any], progress: Callable[[float, float, str], None]) -> Any:
    """Find one picture in `folder` that can be read. Raises BadInput if there is none."""
    source, _ = next(_readable(Path(request["folder"]), (64, 64)))
    progress(1, 1, f"read {shown(source.name)}")
    return {"source": shown(source.name)}


def ready(file: Path, size: tuple[int, int]) -> Image.Image:
    """A picture file as RGB pixels: upright, sRGB, shrunk as far as it still covers `size`, never blown up.

    Raises _UnreadableError with the reason.
    """
    try:
        with _open(file) as opened:
            turned = opened.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
            box = _cover(opened.size, (size[1], size[0]) if turned else size)
            opened.draft(None, box)  # lets libjpeg shrink while it decodes, to no less than the box
            image = ImageOps.exif_transpose(opened)
            return _srgb(_shrunk(_trimmed(_plain(image), size), size), opened.info.get("icc_profile"), file)
    except _UnreadableError:
        raise
    except MemoryError as exc:
        raise _UnreadableError("it takes more memory than there is") from exc
    except Exception as exc:  # decoders raise all kinds of things over broken files
        raise _UnreadableError(str(exc).rstrip(".") or type(exc).__name__) from exc


def _readable(folder: Path, size: tuple[int, int]) -> Iterator[tuple[Path, Image.Image]]:
    """The folder's pictures that can be read, a warning for each other; raises BadInput if all are bad."""
    reasons: list[str] = []
    files = picture_files(folder)
    for file in files:
        try:
            image = ready(file, size)
        except _UnreadableError as exc:
            reasons.append(f"{shown(file.name)}: {exc}")
            _log.warning("The picture %s is left out: %s.", shown(file.name), exc)
        else:
            yield file, image
    if len(reasons) == len(files):
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        raise BadInput(f"No picture in the folder {shown(str(folder))} can be read: {reasons[0]}{more}.", HINT)


def _open(file: Path) -> Image.Image:
    try:
        image = Image.open(file, formats=_FORMATS)
    except UnidentifiedImageError as exc:
        raise _UnreadableError("it is not a JPEG, PNG or WebP picture") from exc
    except OSError as exc:
        raise _UnreadableError(exc.strerror or str(exc)) from exc
    if image.width * image.height > MEGAPIXELS * 1e6:
        image.close()
        has = f"{image.width}×{image.height} pixels, {image.width * image.height / 1e6:.0f} megapixels"
        raise _UnreadableError(f"it has {has}; at most {MEGAPIXELS} megapixels are read")
    return image


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be shrunk and colour-managed: L, RGB or CMYK, with alpha LA or RGBA.

    Greyscale of 16 bits is scaled to 8 (65535 = 257 · 255); Pillow itself would clip it.
    """
    if image.mode.startswith("I"):
        wide = np.asarray(image).astype(np.float32)
        return Image.fromarray(np.clip(np.round(wide / 257), 0, 255).astype(np.uint8))
    if image.mode in ("LA", "RGBA", "CMYK"):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _cover(size: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int]:
    """The smallest size of the same shape that covers a frame, or the size itself if it is smaller."""
    scale = min(1.0, max(frame[0] / size[0], frame[1] / size[1]))
    return math.ceil(size[0] * scale), math.ceil(size[1] * scale)


def _trimmed(image: Image.Image, frame: tuple[int, int]) -> Image.Image:
    """A panorama without its far ends, which no camera move reaches."""
    width, height = image.size
    wide = min(width, math.ceil(SPAN * height * frame[0] / frame[1]))
    tall = min(height, math.ceil(SPAN * width * frame[1] / frame[0]))
    if (wide, tall) == image.size:
        return image
    left, top = (width - wide) // 2, (height - tall) // 2
    return image.crop((left, top, left + wide, top + tall))


def _shrunk(image: Image.Image, frame: tuple[int, int]) -> Image.Image:
    target = _cover(image.size, frame)
    if target == image.size:
        return image
    return image.resize(target, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _srgb(image: Image.Image, profile: bytes | None, file: Path) -> Image.Image:
    """The picture in sRGB by its colour profile, its alpha laid on `BACKDROP`."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    solid = image.convert(image.mode[:-1]) if alpha else image
    colours = _managed(solid, profile, file) if profile else solid.convert("RGB")
    if alpha is None:
        return colours
    flat = Image.new("RGB", image.size, BACKDROP)
    flat.paste(colours, mask=alpha)
    return flat


def _managed(image: Image.Image, profile: bytes, file: Path) -> Image.Image:
    """The picture converted by its ICC profile; as if it had none if that does not work."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() == "RGB" and image.mode == "L":
            image = image.convert("RGB")
        managed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError) as exc:
        _log.warning("The colour profile of %s is left out: %s.", shown(file.name), str(exc).rstrip("."))
        managed = None
    return managed or image.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=95, subsampling="4:4:4")
    return data.getvalue()

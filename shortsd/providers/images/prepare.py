"""Makes a user's pictures ready to be filmed, in a worker: upright 8-bit sRGB JPEGs without alpha."""

import io
import logging
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from shortsd.domain.errors import BadInput
from shortsd.domain.style import Fit
from shortsd.providers.images.aim import aim
from shortsd.providers.images.listing import HINT, picture_files, shown
from shortsd.providers.images.saving import save
from shortsd.providers.images.whole import differs, inner, place, within

MEGAPIXELS = 120
"""What is decoded of a picture at most: more would take more than half a gibibyte. Larger ones count as unreadable."""
HUGE_MEGAPIXELS = 1000
"""A JPEG up to this is read, if it shrinks to MEGAPIXELS while it is decoded: line by line, not if progressive."""
BACKDROP = (16, 16, 20)
"""What shows through transparent places: nearly black, as the shorts are dark."""
LEAST = 64
"""Pixels of a picture's shorter side: what is smaller is a mark that counts visits, or an icon."""
SPAN = 4
"""How many frames' widths (or heights) of a panorama are kept, about its centre."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_ORIENTATION = 0x0112
_log = logging.getLogger("shortsd.worker")

Image.MAX_IMAGE_PIXELS = None  # `_bounded` has its own limits, with a sentence for people


class _UnreadableError(Exception):
    """Why a picture cannot be shown; not meant to leave this module."""


def prepare(request: dict[str, Any], progress: Callable[[float, float, str], None]) -> Any:
    """Prepare as many pictures of a folder as there are scenes, or as it has.

    The request has `folder`, `scenes` (how many), `size` [width, height], `fit` (see shortsd.domain.style) and `to`,
    the folder to write into; the answer's `pictures` have the fields of a Picture, `source` being the name of the
    user's file. Raises BadInput if none can be read, DiskFull.
    """
    wanted, size = request["scenes"], (request["size"][0], request["size"][1])
    fit = Fit(request["fit"])
    pictures: list[dict[str, Any]] = []
    for source, image in _readable(Path(request["folder"]), size, fit):
        name = f"{len(pictures) + 1:02}.jpg"
        made = _fitted(image, size, fit) | {"file": name, "source": shown(source.name)}
        save(Path(request["to"]) / name, _jpeg(made.pop("image")))
        pictures.append(made)
        progress(len(pictures), wanted, f"prepared {shown(source.name)}")
        if len(pictures) >= wanted:
            break
    if 0 < len(pictures) < wanted:
        progress(wanted, wanted, f"{len(pictures)} pictures go round {wanted} scenes")
    return {"pictures": pictures}


def prepare_each(request: dict[str, Any], progress: Callable[[float, float, str], None]) -> Any:
    """Prepare pictures of which each is for something of its own.

    The request has `pictures`, each with `file` and the `name` it is to have in the folder `to`, and `size` and `fit`
    as of `prepare`. The answer's `pictures` have the fields of a Picture, or a `reason` why there is none.
    Raises DiskFull.
    """
    size, fit = (request["size"][0], request["size"][1]), Fit(request["fit"])
    made: list[dict[str, Any]] = []
    for wanted in request["pictures"]:
        made.append(_prepared(Path(wanted["file"]), wanted["name"], Path(request["to"]), size, fit))
        progress(sum("file" in each for each in made), len(request["pictures"]), "prepared")
    return {"pictures": made}


def _prepared(file: Path, name: str, to: Path, size: tuple[int, int], fit: Fit) -> dict[str, Any]:
    """A picture's fields, once it is written into the folder `to`; the `reason` if it cannot be shown."""
    try:
        image = ready(file, size, fit)
    except _UnreadableError as exc:
        return {"reason": str(exc)}
    if small := _too_small(image, min(LEAST, *size)):
        return {"reason": small}
    made = _fitted(image, size, fit) | {"file": name}
    save(to / name, _jpeg(made.pop("image")))
    return made


def probe(request: dict[str, Any], progress: Callable[[float, float, str], None]) -> Any:
    """Find one picture in `folder` that can be read. Raises BadInput if there is none."""
    source, _ = next(_readable(Path(request["folder"]), (64, 64), Fit.CROP))
    progress(1, 1, f"read {shown(source.name)}")
    return {"source": shown(source.name)}


def probe_each(request: dict[str, Any], progress: Callable[[float, float, str], None]) -> Any:
    """Say for each of `files` why it cannot be shown; an empty reason if it can."""
    files = [Path(name) for name in request["files"]]
    reasons = [_wrong(file) for file in files]
    progress(len(files), len(files), "read")
    return {"reasons": reasons}


def _wrong(file: Path) -> str:
    try:
        return _too_small(ready(file, (LEAST, LEAST)), LEAST)
    except _UnreadableError as exc:
        return str(exc)


def _too_small(image: Image.Image, least: int) -> str:
    """What is wrong with a picture of which neither side may be shorter than that; empty if nothing is."""
    if min(image.size) >= least:
        return ""
    return f"it has {image.width}×{image.height} pixels, and no side may have less than {least}"


def _fitted(image: Image.Image, size: tuple[int, int], fit: Fit) -> dict[str, Any]:
    """A picture as it is to be filmed, with its width and height, where it aims, and whether it is shown whole."""
    found = aim(np.asarray(image))
    whole = fit is Fit.BLUR and differs(image.size, size)
    if whole:
        if found:
            (left, top), (width, height) = place(image.size, size), inner(image.size, size)
            found = (left + found[0] * width) / size[0], (top + found[1] * height) / size[1]
        image = within(image, size)
    return {"image": image, "width": image.width, "height": image.height, "aim": found, "whole": whole}


def ready(file: Path, size: tuple[int, int], fit: Fit = Fit.CROP) -> Image.Image:
    """A picture file as RGB pixels: upright, sRGB, shrunk as far as it still covers `size`, never blown up.

    If it is to be shown whole, no more is left of it than fits into `size`. Raises _UnreadableError with the reason.
    """
    try:
        with _open(file) as opened:
            _bounded(opened)
            turned = opened.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
            _draft(opened, (size[1], size[0]) if turned else size)
            plain = _plain(ImageOps.exif_transpose(opened))
            whole = fit is Fit.BLUR and differs(plain.size, size)
            small = _shrunk(plain, inner(plain.size, size)) if whole else _shrunk(_trimmed(plain, size), size)
            return _srgb(small, opened.info.get("icc_profile"), file)
    except _UnreadableError:
        raise
    except MemoryError as exc:
        raise _UnreadableError("it takes more memory than there is") from exc
    except Exception as exc:  # decoders raise all kinds of things over broken files
        raise _UnreadableError(str(exc).rstrip(".") or type(exc).__name__) from exc


def _bounded(opened: ImageFile.ImageFile) -> None:
    """Raise _UnreadableError if a picture is too large; before anything of it is decoded, as Exif of a PNG may need."""
    by_line = opened.format in ("JPEG", "MPO") and "progressive" not in opened.info
    _refuse_above(HUGE_MEGAPIXELS if by_line else MEGAPIXELS, opened.size, opened.size)


def _draft(opened: ImageFile.ImageFile, frame: tuple[int, int]) -> None:
    """Let libjpeg shrink a picture while it decodes it, as far as it covers the frame.

    Raises _UnreadableError if what is to be decoded is still too large.
    """
    size = opened.size
    opened.draft(None, _cover(size, frame))
    _refuse_above(MEGAPIXELS, opened.size, size)


def _refuse_above(limit: int, decoded: tuple[int, int], size: tuple[int, int]) -> None:
    if decoded[0] * decoded[1] > limit * 1e6:
        has = f"{size[0]}×{size[1]} pixels, {size[0] * size[1] / 1e6:.0f} megapixels"
        raise _UnreadableError(f"it has {has}; at most {limit} megapixels are read")


def _readable(folder: Path, size: tuple[int, int], fit: Fit) -> Iterator[tuple[Path, Image.Image]]:
    """The folder's pictures that can be read, a warning for each other; raises BadInput if all are bad."""
    reasons: list[str] = []
    files = picture_files(folder)
    for file in files:
        try:
            image = ready(file, size, fit)
        except _UnreadableError as exc:
            reasons.append(f"{shown(file.name)}: {exc}")
            _log.warning("The picture %s is left out: %s.", shown(file.name), exc)
        else:
            yield file, image
    if len(reasons) == len(files):
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        raise BadInput(f"No picture in the folder {shown(str(folder))} can be read: {reasons[0]}{more}.", HINT)


def _open(file: Path) -> ImageFile.ImageFile:
    try:
        return Image.open(file, formats=_FORMATS)
    except UnidentifiedImageError as exc:
        raise _UnreadableError("it is not a JPEG, PNG, WebP or GIF picture") from exc
    except OSError as exc:
        raise _UnreadableError(exc.strerror or str(exc)) from exc


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be shrunk and colour-managed: L, RGB or CMYK, with alpha LA or RGBA.

    Greyscale of 16 bits is scaled to 8; Pillow itself would clip it.
    """
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) >> 8).clip(0, 255).astype(np.uint8))
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

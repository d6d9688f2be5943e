"""Draws slides by Pillow, in a worker."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, features

from shortsd.media.files import save
from shortsd.media.measure import Typeface
from shortsd.media.slides.layout import Fonts, sheets
from shortsd.media.slides.parts import Box, Part, Sheet, Shot, Text

_FINER = 4
"""How much larger corners are drawn than they are, for smooth edges."""


def paint(request: Mapping[str, Any], progress: Callable[[float, float, str], None]) -> dict[str, int]:
    """Worker target: draw the slides of a request (see `drawers.Drawing`) as PNG files named with their marks.

    Answer: `slides`, how many. Raises BadInput, DiskFull, Unavailable.
    """
    fonts = Fonts.of(request["fonts"], [Path(file) for file in request["helpers"]])
    laid = sheets(request)
    for done, sheet in enumerate(laid, 1):
        save(Path(request["to"]) / f"{sheet.mark}.png", png(painted(sheet, fonts)))
        progress(done, len(laid), "")
    return {"slides": len(laid)}


def painted(sheet: Sheet, fonts: Fonts) -> Image.Image:
    """A slide as pixels."""
    image = Image.new("RGB", (sheet.width, sheet.height), sheet.ground)
    for part in sheet.parts:
        _draw(image, part, fonts)
    return image


def png(image: Image.Image) -> bytes:
    """Pixels as a file."""
    data = io.BytesIO()
    image.save(data, "PNG", compress_level=4)
    return data.getvalue()


def _draw(image: Image.Image, part: Part, fonts: Fonts) -> None:
    match part:
        case Box():
            _box(image, part)
        case Shot():
            _shot(image, part)
        case Text():
            _text(ImageDraw.Draw(image), part, getattr(fonts, part.face))


def _box(image: Image.Image, box: Box) -> None:
    left, top = round(box.left), round(box.top)
    wide, high = max(1, round(box.left + box.width) - left), max(1, round(box.top + box.height) - top)
    mask = Image.new("L", (wide * _FINER, high * _FINER), 0)
    edges = (0, 0, wide * _FINER - 1, high * _FINER - 1)
    ImageDraw.Draw(mask).rounded_rectangle(edges, box.radius * _FINER, 255)
    image.paste(
        Image.new("RGB", (wide, high), box.colour), (left, top), mask.resize((wide, high), Image.Resampling.BOX)
    )


def _shot(image: Image.Image, shot: Shot) -> None:
    with Image.open(shot.file) as opened:
        size = max(1, round(shot.width)), max(1, round(shot.height))
        image.paste(opened.convert("RGB").resize(size, Image.Resampling.LANCZOS), (round(shot.left), round(shot.top)))


def _text(on: ImageDraw.ImageDraw, block: Text, face: Typeface) -> None:
    """Lines as a browser sets them: letters stand in the middle of their line, as the main font's metrics say."""
    ascent, descent = ImageFont.truetype(face.faces[0].path, 1000).getmetrics()
    drop = (block.leading - (ascent + descent) / 1000) / 2 + ascent / 1000
    for at, line in enumerate(block.lines):
        baseline = block.top + (at * block.leading + drop) * block.em
        pieces = [(span.colour, run) for span in line for run in face.runs(span.text)]
        lengths = [_font(run.face.path, block.em).getlength(run.text) for _, run in pieces]
        x = block.right - sum(lengths) if block.from_right else block.left
        ordered = list(zip(pieces, lengths, strict=True))
        for (colour, run), length in reversed(ordered) if block.from_right else ordered:
            direction = ("rtl" if block.from_right else "ltr") if features.check("raqm") else None
            font = _font(run.face.path, block.em)
            on.text((x, baseline), run.text, colour, font, "ls", direction=direction)
            x += length


def _font(path: Path, em: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, em)

"""Slides as a web page, and the browser's picture of it cut into slides: in a worker."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from PIL import Image

from shortsd.domain.errors import ChildFailed
from shortsd.media.files import save
from shortsd.media.measure import Typeface
from shortsd.media.slides.layout import Box, Fonts, Sheet, Shot, Text, sheets
from shortsd.media.slides.painting import png

_KINDS = {".ttf": "ttf", ".otf": "otf"}


def write(request: Mapping[str, Any], _progress: Callable[..., None]) -> dict[str, int]:
    """Worker target: write the page that shows the slides of a request (see `drawers.request`), one below the other.

    All that it needs is in it: it asks for nothing, and is not let (its Content-Security-Policy). Request: `page`, the
    file, beside what `drawers.request` has. Answer: `bytes`. Raises BadInput, DiskFull, Unavailable.
    """
    fonts = Fonts.of(request["fonts"], [Path(file) for file in request["helpers"]])
    data = rendered(sheets(request), fonts).encode()
    save(Path(request["page"]), data)
    return {"bytes": len(data)}


def rendered(laid: Sequence[Sheet], fonts: Fonts) -> str:
    """The page. What slides say is text in it, whatever it looks like."""
    made = Environment(autoescape=True, undefined=StrictUndefined)
    made.tests |= {"box": lambda part: isinstance(part, Box), "shot": lambda part: isinstance(part, Shot)}
    faces = {name: _families(getattr(fonts, name), _lines(laid, name)) for name in ("regular", "bold", "mono")}
    files = dict.fromkeys(file for families in faces.values() for file in families)
    names = {file: f"Slides {at}" for at, file in enumerate(files)}
    shots = {part.file for sheet in laid for part in sheet.parts if isinstance(part, Shot)}
    return made.from_string(resources.files(__package__).joinpath("slides.html").read_text("utf-8")).render(
        width=laid[0].width,
        height=laid[0].height,
        sheets=laid,
        fonts=[{"name": names[file], "kind": _KINDS.get(file.suffix, "ttf"), "data": _data(file)} for file in files],
        faces=[{"name": name, "families": [names[file] for file in families]} for name, families in faces.items()],
        pictures={file: f"data:image/jpeg;base64,{_data(Path(file))}" for file in shots},
    )


def cut(request: Mapping[str, Any], progress: Callable[[float, float, str], None]) -> dict[str, int]:
    """Worker target: cut the browser's `picture` of a page into PNG files in the folder `to`, `marks` from the top on.

    Each has `size`. Answer: `slides`, how many. Raises ChildFailed for a picture of another size; DiskFull.
    """
    width, height = request["size"]
    marks = request["marks"]
    Image.MAX_IMAGE_PIXELS = None  # it is the browser's, and its size is looked at
    with Image.open(request["picture"], formats=["PNG"]) as opened:
        if opened.size != (width, height * len(marks)):
            raise ChildFailed(
                f"The browser drew {opened.size[0]}×{opened.size[1]} pixels, not {width}×{height * len(marks)}."
            )
        whole = opened.convert("RGB")
    for at, mark in enumerate(marks):
        save(Path(request["to"]) / f"{mark}.png", png(whole.crop((0, at * height, width, (at + 1) * height))))
        progress(at + 1, len(marks), "")
    return {"slides": len(marks)}


def _lines(laid: Sequence[Sheet], face: str) -> Iterable[str]:
    texts = (part for sheet in laid for part in sheet.parts if isinstance(part, Text) and part.face == face)
    return (span.text for part in texts for line in part.lines for span in line)


def _families(face: Typeface, lines: Iterable[str]) -> list[Path]:
    """The files of the fonts that some lines take, the main one first."""
    used = {run.face.path for line in lines for run in face.runs(line)}
    return [one.path for at, one in enumerate(face.faces) if not at or one.path in used]


def _data(file: Path) -> str:
    return b64encode(file.read_bytes()).decode("ascii")

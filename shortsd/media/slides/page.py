"""Slides as a web page, and the browser's picture of it cut into slides: in a worker."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from PIL import Image

from shortsd.domain.errors import ChildFailed
from shortsd.media.files import save
from shortsd.media.measure import Run, Typeface
from shortsd.media.slides.drawers import PROOF
from shortsd.media.slides.layout import Fonts, sheets
from shortsd.media.slides.painting import png
from shortsd.media.slides.parts import Box, Sheet, Shot, Text

FACES = ("regular", "bold", "mono")
DARK = 160
"""Of 255: a letter has darker pixels than this."""
_KINDS = {".ttf": "ttf", ".otf": "otf"}


def write(request: Mapping[str, Any], _progress: Callable[..., None]) -> dict[str, int]:
    """Worker target: write the page that shows the slides of a request (see `drawers.Drawing`), one below the other.

    All that it needs is in it: it asks for nothing, and is not let (its Content-Security-Policy). A browser may take
    its picture before a font is ready, and show nothing in its place: so below the slides stands a letter of each.
    Request: `page`, the file, beside what all drawing takes. Answer: `fonts`, how many there are. Raises BadInput,
    DiskFull, Unavailable.
    """
    fonts = Fonts.of(request["fonts"], [Path(file) for file in request["helpers"]])
    laid = sheets(request)
    letters = _letters(laid, fonts)
    save(Path(request["page"]), rendered(laid, fonts, letters).encode())
    return {"fonts": len(letters)}


def rendered(laid: Sequence[Sheet], fonts: Fonts, letters: Mapping[Path, str]) -> str:
    """The page, which has those fonts in it. What slides say is text, whatever it looks like."""
    made = Environment(autoescape=True, undefined=StrictUndefined)
    made.tests |= {"box": lambda part: isinstance(part, Box), "shot": lambda part: isinstance(part, Shot)}
    names = {file: f"Slides {at}" for at, file in enumerate(letters)}
    faces = {name: [one.path for one in getattr(fonts, name).faces if one.path in names] for name in FACES}
    shots = {part.file for sheet in laid for part in sheet.parts if isinstance(part, Shot)}
    return made.from_string(resources.files(__package__).joinpath("slides.html").read_text("utf-8")).render(
        width=laid[0].width,
        height=laid[0].height,
        sheets=laid,
        proof=PROOF,
        fonts=[
            {"name": names[file], "kind": _KINDS.get(file.suffix, "ttf"), "data": _data(file), "letter": letter}
            for file, letter in letters.items()
        ],
        faces=[{"name": name, "families": [names[file] for file in families]} for name, families in faces.items()],
        pictures={file: f"data:image/jpeg;base64,{_data(Path(file))}" for file in shots},
    )


def cut(request: Mapping[str, Any], progress: Callable[[float, float, str], None]) -> dict[str, int]:
    """Worker target: cut the browser's `picture` of a page into PNG files in the folder `to`, `marks` from the top on.

    Each has `size`; below them are the letters of so many `fonts`. Answer: `slides`, how many. Raises ChildFailed for a
    picture of another size, or without one of the letters; DiskFull, Unavailable.
    """
    width, height = request["size"]
    marks = request["marks"]
    wanted = (width, height * len(marks) + PROOF)
    Image.MAX_IMAGE_PIXELS = None  # it is the browser's, and its size is looked at
    with Image.open(request["picture"], formats=["PNG"]) as opened:
        if opened.size != wanted:
            what = f"{opened.size[0]}×{opened.size[1]} pixels, not {wanted[0]}×{wanted[1]}"
            raise ChildFailed(f"The browser drew {what}.", "Retry the job.")
        whole = opened.convert("RGB")
    _require_letters(whole.crop((0, wanted[1] - PROOF, *wanted)), request["fonts"])
    for at, mark in enumerate(marks):
        save(Path(request["to"]) / f"{mark}.png", png(whole.crop((0, at * height, width, (at + 1) * height))))
        progress(at + 1, len(marks), "")
    return {"slides": len(marks)}


def _require_letters(proof: Image.Image, fonts: int) -> None:
    """Raise ChildFailed unless the letter of each font is seen."""
    for at in range(min(fonts, proof.width // PROOF)):
        letter = proof.crop((at * PROOF, 0, (at + 1) * PROOF, PROOF)).convert("L")
        if not any(letter.histogram()[:DARK]):
            raise ChildFailed("The browser took its picture before a font was ready.", "Retry the job.")


def _letters(laid: Sequence[Sheet], fonts: Fonts) -> dict[Path, str]:
    """The files of all fonts that the slides take, and a letter of each."""
    found = {getattr(fonts, name).faces[0].path: "M" for name in FACES}
    for part in (part for sheet in laid for part in sheet.parts if isinstance(part, Text)):
        for run in _runs(part, getattr(fonts, part.face)):
            found.setdefault(run.face.path, run.text.strip()[:1] or "M")
    return found


def _runs(part: Text, face: Typeface) -> Iterator[Run]:
    return (run for line in part.lines for span in line for run in face.runs(span.text))


def _data(file: Path) -> str:
    return b64encode(file.read_bytes()).decode("ascii")

"""Small picture books."""

import io
from pathlib import Path

from PIL import Image

PAGES = {"1": ("navy", ("A bell.",)), "2": ("olive", ()), "10": ("maroon", ("It rang.", "Twice."))}
"""Three pages, the second one silent, and out of order by their names."""
TINY = ("--size", "128x128", "--fps", "5", "--silent-s", "0.5")
"""A size at which a book takes a few seconds."""


def files(pages: dict[str, tuple[str, tuple[str, ...]]] | None = None) -> dict[str, bytes]:
    """The files of a book, by their paths below its folder."""
    found: dict[str, bytes] = {}
    for number, (colour, texts) in (pages or PAGES).items():
        found[f"assets/{number}/image.png"] = picture(colour)
        found |= {f"assets/{number}/{at}.txt": text.encode() for at, text in enumerate(texts, 1)}
    return found


def write(folder: Path, pages: dict[str, tuple[str, tuple[str, ...]]] | None = None) -> Path:
    """A book in a folder."""
    for name, content in files(pages).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def picture(colour: str) -> bytes:
    """A PNG of one colour with a lighter square in it."""
    image = Image.new("RGB", (160, 120), colour)
    image.paste("white", (60, 40, 100, 80))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()

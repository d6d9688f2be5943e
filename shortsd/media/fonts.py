"""The bundled fonts, as files that libass and Pillow can open.

They come inside the package pymupdf_fonts (all under the SIL Open Font License). Importing it takes 2 ms; it unpacks
a font only when asked for it (about 15 ms each), so that is done once and the files are kept.
"""

from dataclasses import dataclass
from pathlib import Path

from shortsd.media.files import save

FAMILY = "FiraGO"
"""The family that ASS asks for: Latin, Cyrillic, Greek, Arabic, Hebrew, Thai, Devanagari, Georgian in one hand."""
MAIN = "FiraGO-Bold.ttf"

_FONTS = {
    MAIN: "figbo",
    "NotoSans-Bold.ttf": "notosbo",
    "NotoSansSymbols2-Regular.otf": "symbol2",
    "NotoSansSymbols-Regular.ttf": "symbol1",
    "NotoSansMath-Regular.ttf": "math",
}
"""File names, and what pymupdf_fonts calls them; the first one first, the others help out with what it lacks."""


@dataclass(frozen=True, slots=True)
class FontFiles:
    """The caption font: the family's name for ASS, its bold file, and the folder with the helpers beside it."""

    family: str
    file: Path
    folder: Path


def install(folder: Path) -> FontFiles:
    """Write the fonts into `folder`, those that are not there whole. Raises DiskFull, Unavailable."""
    import pymupdf_fonts  # type: ignore[import-untyped]  # noqa: PLC0415  # no hints; only who installs needs it

    for name, code in _FONTS.items():
        file = folder / name
        if not (file.is_file() and file.stat().st_size == pymupdf_fonts.fontdescriptors[code]["size"]):
            save(file, pymupdf_fonts.myfont(code))
    return FontFiles(FAMILY, folder / MAIN, folder)


def beside(main: Path) -> tuple[Path, ...]:
    """The font `main` and those helpers that lie in its folder, in the order they are asked for a character."""
    helpers = (main.with_name(name) for name in _FONTS)
    return (main, *(file for file in helpers if file != main and file.is_file()))

"""The bundled fonts, as files that libass and Pillow can open.

They come inside the packages pymupdf_fonts and noto_cjk_sans_jp_bold, all under the SIL Open Font License. Importing
the first takes 2 ms; it unpacks a font only when asked for it (about 15 ms each), so that is done once and the files
are kept; the second holds a file that is linked to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from shortsd.domain.errors import Unavailable
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
SLIDES = {"regular": "FiraGO-Regular.ttf", "mono": "FiraMono-Regular.ttf"}
"""What slides are set in beside the caption font, which their headings have. They lie apart from it: libass is to take
none of them."""
_SLIDES = {"FiraGO-Regular.ttf": "figo", "FiraMono-Regular.ttf": "fimo"}
_CJK = "NotoSansCJKjp-Bold.otf"
"""Kana, Hangul and all Han, where forms differ by country in the Japanese one; it helps out last."""


@dataclass(frozen=True, slots=True)
class FontFiles:
    """The caption font: the family's name for ASS, its bold file, and the folder with the helpers beside it."""

    family: str
    file: Path
    folder: Path


def install(folder: Path) -> FontFiles:
    """Write the fonts into `folder`, those that are not there whole. Raises DiskFull, Unavailable."""
    _write(folder, _FONTS)
    _link(folder / _CJK, Path(str(resources.files("noto_cjk_sans_jp_bold") / _CJK)))
    return FontFiles(FAMILY, folder / MAIN, folder)


def install_for_slides(fonts: FontFiles) -> dict[str, Path]:
    """Write what slides are set in beside the folder of the captions' fonts: the files by what they are for.

    Raises DiskFull, Unavailable.
    """
    folder = fonts.folder.with_name("slide-fonts")
    _write(folder, _SLIDES)
    return {"bold": fonts.file, **{use: folder / name for use, name in SLIDES.items()}}


def _write(folder: Path, wanted: Mapping[str, str]) -> None:
    """Write fonts into a folder, those that are not there whole."""
    import pymupdf_fonts  # type: ignore[import-untyped]  # noqa: PLC0415  # no hints; only who installs needs it

    for name, code in wanted.items():
        if not _is_whole(folder / name, pymupdf_fonts.fontdescriptors[code]["size"]):
            save(folder / name, pymupdf_fonts.myfont(code))


def _is_whole(file: Path, size: int) -> bool:
    """Whether a font is there in its full size."""
    try:
        return file.is_file() and file.stat().st_size == size
    except OSError:  # it cannot be seen: that it cannot be written either will tell why
        return False


def _link(file: Path, target: Path) -> None:
    """Let `file` be another name of `target`, which is too large for a copy in every home. Raises Unavailable."""
    try:
        if file.is_symlink() and file.readlink() == target:
            return
        file.unlink(missing_ok=True)
        file.symlink_to(target)
    except OSError as exc:
        raise Unavailable(f"The font {file} cannot be linked to: {exc.strerror}.", "See who may write there.") from exc


def beside(main: Path) -> tuple[Path, ...]:
    """The font `main` and those helpers that lie in its folder, in the order they are asked for a character."""
    helpers = (main.with_name(name) for name in (*_FONTS, _CJK))
    return (main, *(file for file in helpers if file != main and file.is_file()))

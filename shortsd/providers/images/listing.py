"""Which files of a folder are its pictures, and in which order. Light enough for the daemon."""

import re
from pathlib import Path

from shortsd.domain.errors import BadInput

HINT = "JPEG, PNG, WebP and GIF pictures are read; sub-folders and hidden files are not looked at."

SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif"})
_HEAD = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP|GIF8[79]a", re.DOTALL)
"""How JPEG (ITU T.81 B.1.1.3), PNG (ISO 15948 5.2), WebP (RFC 9649 2.4) and GIF (GIF89a, 17) files begin."""


def picture_files(folder: Path) -> list[Path]:
    """The pictures of a folder, those that begin like one or are named so, in natural order of names (1, 2, 10).

    Raises BadInput if the folder is missing, not a folder, not to be read, or has none.
    """
    try:
        files = [file for file in folder.iterdir() if not file.name.startswith(".") and _is_picture(file)]
    except FileNotFoundError as exc:
        raise BadInput(
            f"The folder {shown(str(folder))} does not exist.", "Look for a typing error in its name."
        ) from exc
    except NotADirectoryError as exc:
        raise BadInput(f"{shown(str(folder))} is not a folder.", "Name the folder that holds the pictures.") from exc
    except OSError as exc:
        raise BadInput(
            f"The folder {shown(str(folder))} cannot be read: {exc.strerror}.", "See who may read it."
        ) from exc
    if not files:
        raise BadInput(f"The folder {shown(str(folder))} has no pictures.", HINT)
    return sorted(files, key=lambda file: _natural(file.name))


def shown(name: str) -> str:
    """A file's name fit for one line of a log: what cannot be printed is escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def _is_picture(file: Path) -> bool:
    """Whether a file is named or begins like a picture; of a dangling link only the name is known."""
    named = file.suffix.lower() in SUFFIXES
    if not file.is_file():
        return named and file.is_symlink() and not file.exists()
    return named or _begins_like_one(file)


def _begins_like_one(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return bool(_HEAD.match(opened.read(12)))
    except OSError:
        return False


def _natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """A key that compares runs of digits as numbers and letters without regard to case."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [(0, int(part), "") if part[0] in "0123456789" else (1, 0, part) for part in parts], name

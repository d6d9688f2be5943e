"""Looks by their names: which file one is, whether it can be one, and the process that draws a short by it."""

import hashlib
import symtable
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Command
from shortsd.domain.style import CaptionLook

SHIPPED = Path(__file__).parent.parent / "looks"
LARGEST_BYTES = 1_000_000
"""Of a look's file: a larger one is something else."""
_HINT = "docs/looks.md tells how a look is written."


def names() -> Sequence[str]:
    """The names of the looks that ship, in order."""
    return sorted(file.stem.replace("_", "-") for file in SHIPPED.glob("[!_]*.py"))


def resolve(look: str) -> Path:
    """The file of a look, given by its name or by the absolute path of a Python file.

    Raises BadInput for a name that no look has, with those that are near, and for a file that is not there.
    """
    if "/" in look or look.endswith(".py"):
        return _file(Path(look))
    if look not in names():
        near = get_close_matches(look, names(), n=3, cutoff=0.5)
        hint = (
            f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(names())}, or give a Python file."
        )
        raise BadInput(f"There is no look {look!r}.", hint)
    return SHIPPED / f"{look.replace('-', '_')}.py"


def _file(path: Path) -> Path:
    if not path.is_absolute():
        raise BadInput(f"The path of the look, {str(path)!r}, is not absolute.", "Begin it with a slash.")
    read(path)
    return path


def read(path: Path) -> bytes:
    """What stands in a look's file. Raises BadInput if it cannot be read, or is too large to be a look."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
        raise BadInput(f"The look {path} cannot be read: {why}.", _HINT) from exc
    if len(text) > LARGEST_BYTES:
        raise BadInput(f"The look {path} has more than {LARGEST_BYTES >> 10} KB.", _HINT)
    return text


def key(path: Path) -> str:
    """What stands for a look's content, for fingerprints. Raises BadInput if the file cannot be read."""
    return digest(read(path))


def digest(text: bytes) -> str:
    """The key of a look with this content."""
    return hashlib.blake2b(text, digest_size=8).hexdigest()


def examine(request: Mapping[str, Any], progress: Callable[[float, float, str], None]) -> None:
    """Worker target: see that a file, `look`, is Python and has a `look`, without running any of it. Raises BadInput.

    For a worker, as there is Python that no parser survives.
    """
    del progress
    path = Path(request["look"])
    try:
        names = symtable.symtable(read(path).decode("utf-8-sig"), str(path), "exec")
    except SyntaxError as exc:
        where = f" in line {exc.lineno}" if exc.lineno else ""
        raise BadInput(f"The look {path} is no Python{where}: {exc.msg}.", _HINT) from exc
    except (ValueError, RecursionError, MemoryError) as exc:
        raise BadInput(f"The look {path} is no Python: {exc}.", _HINT) from exc
    if "look" not in names.get_identifiers():
        raise BadInput(f"The look {path} has no function `look`.", _HINT)


def look_source(
    look: Path,
    timeline_file: Path,
    pictures: Path,
    first: int,
    frames: int,
    *,
    mark: str,
    title: str,
    fonts: Path,
    captions: CaptionLook,
) -> Command:
    """The process that writes what a look makes of frames [first, first + frames), as `encode.frame_source` does.

    `mark` is the look's `key`: a file that has become another is not drawn.
    """
    about = {"title": title, "fonts": str(fonts), "captions": captions}
    return Command(
        "look",
        (
            sys.executable,
            "-m",
            "shortsd.media.look_frames",
            f"--look={look}",
            f"--mark={mark}",
            f"--timeline={timeline_file}",
            f"--pictures={pictures}",
            f"--about={msgspec.json.encode(about).decode()}",
            f"--first={first}",
            f"--frames={frames}",
        ),
    )

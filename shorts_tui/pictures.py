"""Pictures for a terminal. What draws them takes long to load: it is loaded in a thread when there is one to draw."""

import fcntl
import io
import os
import struct
import sys
import termios
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shortsd.domain.errors import BadInput

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels
    from textual.widget import Widget

_CELL = (10, 20)
"""Pixels of a cell, across and down, where the terminal does not tell: the VT340's."""

_KITTY = ("kitty", "ghostty")
_SIXEL = ("foot", "mlterm", "wezterm", "contour", "mintty", "iterm")
"""Beginnings of the names by which terminals go that understand a protocol; the first to fit counts."""


def understood(environ: Mapping[str, str] = os.environ) -> str:
    """How this terminal is given pictures, by its name: to ask it is to take answers from who reads the keys.

    A multiplexer stands between, and none passes pictures on unless it is told to.
    """
    if {"TMUX", "STY", "ZELLIJ"} & environ.keys():
        return "blocks"
    names = [environ.get("TERM_PROGRAM", "").lower(), environ.get("TERM", "").lower().removeprefix("xterm-")]
    if "KITTY_WINDOW_ID" in environ or any(name.startswith(_KITTY) for name in names):
        return "kitty"
    return "sixel" if "WT_SESSION" in environ or any(name.startswith(_SIXEL) for name in names) else "blocks"


def cell() -> tuple[int, int]:
    """Pixels of a cell, across and down (ioctl_tty(2), TIOCGWINSZ)."""
    try:
        told = fcntl.ioctl(sys.__stdout__, termios.TIOCGWINSZ, bytes(8)) if sys.__stdout__ else bytes(8)
    except (OSError, ValueError):
        return _CELL
    lines, columns, across, down = struct.unpack("HHHH", told)
    return (across // columns, down // lines) if across and down and columns and lines else _CELL


def fitted(picture: "Pixels", columns: int, lines: int) -> tuple[int, int]:
    """The cells that a picture takes, across and down, as large as there is room and in its own shape."""
    across, down = cell()
    scale = min(columns * across / picture.width, lines * down / picture.height)
    return max(1, round(picture.width * scale / across)), max(1, round(picture.height * scale / down))


def pixels(data: bytes, columns: int, lines: int) -> "Pixels":
    """A picture, no larger than so many cells have pixels. Raises BadInput."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - see the module

    try:
        with Image.open(io.BytesIO(data)) as opened:
            picture: Pixels = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as exc:
        raise BadInput(f"The picture cannot be shown: {exc}.", "Look at the file.") from exc
    across, down = cell()
    picture.thumbnail((columns * across, lines * down))
    return picture


def load() -> None:
    """Load what draws pictures. It takes tenths of a second: call it in a thread."""
    across, down = cell()
    os.environ.setdefault("TEXTUAL_CELL_WIDTH", str(across))
    os.environ.setdefault("TEXTUAL_CELL_HEIGHT", str(down))
    with _no_terminal():
        import textual_image.widget  # noqa: F401, PLC0415 - see the module


def widget(picture: "Pixels", drawn_as: str) -> "Widget":
    """A widget that shows a picture; `load` was called before."""
    from textual_image.widget import HalfcellImage, SixelImage, TGPImage  # noqa: PLC0415 - see the module

    kinds: dict[str, Callable[[Pixels], Widget]] = {"kitty": TGPImage, "sixel": SixelImage, "blocks": HalfcellImage}
    return kinds[understood() if drawn_as == "auto" else drawn_as](picture)


@contextmanager
def _no_terminal() -> Iterator[None]:
    """textual-image asks the terminal while it is loaded; Textual would take the answer for keys."""
    terminal = sys.__stdout__
    with io.TextIOWrapper(io.BytesIO()) as nothing:
        sys.__stdout__ = nothing  # type: ignore[misc] # typeshed has it final
        try:
            yield
        finally:
            sys.__stdout__ = terminal  # type: ignore[misc] # as above

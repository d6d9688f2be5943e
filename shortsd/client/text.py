"""Text in a terminal: how wide it is, and that it stays text."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories that a terminal would obey or cannot show: controls, lone surrogates, line and paragraph ends."""

_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidirectional controls (UAX 9, section 2): they would turn round what stands next to them."""

_NARROW = frozenset({"Mn", "Me", "Cf"})
"""Categories that take no cell of their own."""


def shown(text: str) -> str:
    """`text` with everything that a terminal would obey written as an escape, as Python does."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(letter) if _obeyed(letter) else letter for letter in text)


def _obeyed(letter: str) -> bool:
    return letter in _TURNS or unicodedata.category(letter) in _UNSEEN


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


def width(text: str) -> int:
    """Cells that shown text takes in a terminal (East Asian wide and full-width characters take two: UAX 11)."""
    return len(text) if text.isascii() else sum(_cells(letter) for letter in text)


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in _NARROW:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def trimmed(text: str, cells: int) -> str:
    """`text` in at most `cells` cells, with "…" where something is left out."""
    if width(text) <= cells:
        return text
    taken, kept = 1, ""
    for letter in text:
        taken += _cells(letter)
        if taken > cells:
            break
        kept += letter
    return f"{kept}…" if cells > 0 else ""


def padded(text: str, cells: int, *, right: bool = False) -> str:
    """`text` filled up with spaces to `cells` cells."""
    space = " " * (cells - width(text))
    return space + text if right else text + space


def lasted(seconds: float) -> str:
    """A length of time as people say it: "0.4 s", "42 s", "3:05 min", "2:10 h", "4 d"."""
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    if whole < 86400:
        return f"{whole // 3600}:{whole // 60 % 60:02} h"
    return f"{whole // 86400} d"


def ago(seconds: float) -> str:
    """An age, coarsely: "5 s", "3 min", "2 h", "4 d"."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(0, int(seconds))} s"


def size(count: float) -> str:
    """Bytes as people read them, "12.4 MB"."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"

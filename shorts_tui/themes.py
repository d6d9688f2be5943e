"""Looks of the app beside Textual's own, and which of them somebody chose."""

import json
import tomllib
from contextlib import suppress
from pathlib import Path

from textual.theme import BUILTIN_THEMES, Theme

from shortsd.domain.errors import BadInput

PLAIN = "textual-dark"
"""What the app looks like as long as nobody chose otherwise."""

FILE = "tui.toml"
"""Stands beside the daemon's config.toml; holds the theme."""

CONTRAST = Theme(
    name="high-contrast",
    primary="#66ccff",
    secondary="#ffd75f",
    accent="#ffff00",
    success="#5fff5f",
    warning="#ffd700",
    error="#ff6e6e",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    variables={
        "foreground-muted": "#e0e0e0",
        "text-muted": "#e0e0e0",
        "text-disabled": "#b8b8b8",
        "foreground-disabled": "#a0a0a0",
        "primary-muted": "#005f9f",
        "accent-muted": "#5f5f00",
        "warning-muted": "#4a3b00",
        "error-muted": "#6a0000",
        "surface-lighten-2": "#444444",
        "text-primary": "#66ccff",
        "text-accent": "#ffff00",
        "text-success": "#5fff5f",
        "text-warning": "#ffd700",
        "text-error": "#ff8080",
    },
)
"""White on black, and colours at 7:1 or more against what they stand on (WCAG 2.2, 1.4.6)."""


THEMES = frozenset({*BUILTIN_THEMES, CONTRAST.name})


def wanted(named: str | None, folder: Path) -> str:
    """The theme to begin with: the one named, or chosen last, or ours. Raises BadInput if there is none such."""
    if named is not None and named not in THEMES:
        raise BadInput(f"There is no theme {named!r}.", f"There are: {', '.join(sorted(THEMES))}.")
    before = chosen(folder)
    return named or (before if before in THEMES else PLAIN)


def chosen(folder: Path) -> str:
    """The theme that was chosen last; empty if none was, or if that cannot be read."""
    with suppress(OSError, ValueError):
        theme = tomllib.loads((folder / FILE).read_text()).get("theme", "")
        return theme if isinstance(theme, str) else ""
    return ""


def keep(folder: Path, theme: str) -> None:
    """Remember a theme. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{FILE}.new"
    new.write_text(f"theme = {json.dumps(theme)}\n")
    new.replace(folder / FILE)

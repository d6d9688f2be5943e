"""What is left of a fault of ours: a file that tells of it, and a word on where it is."""

import os
import platform
import tempfile
import time
import traceback
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from shortsd import __version__
from shortsd.client.text import shown

KEPT = 10
"""Reports in the folder; the oldest go."""


def last_words(error: BaseException, folder: Path, seen: Mapping[str, object]) -> str:
    """What is said of it when the app has gone, after its report was written; see there."""
    try:
        where = str(report(error, folder, seen))
    except OSError as exc:
        where = f"nowhere ({exc.strerror})"
    what = f"shorts-tui: a fault of ours ({type(error).__name__}: {error}); the daemon and its jobs go on."
    return "\n".join(map(shown, (what, f"The report, for who mends it: {where}")))


def report(error: BaseException, folder: Path, seen: Mapping[str, object]) -> Path:
    """Write what happened into a file of its own, readable by this user alone; its path.

    `seen` says what was on the screen. There are no values of variables in it: those may be secrets, or a story. Where
    `folder` cannot be written it is that for temporary files. Raises OSError if that cannot be either.
    """
    text = _told(error, seen)
    for place in (folder, Path(tempfile.gettempdir())):
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _written(place, text)
        except OSError as exc:
            failed = exc
    raise failed


def _written(folder: Path, text: str) -> Path:
    path = folder / f"shorts-tui-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
    for old in sorted(folder.glob("shorts-tui-*.txt"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def _told(error: BaseException, seen: Mapping[str, object]) -> str:
    facts = {
        "shorts-tui": __version__,
        "textual": version("textual"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "terminal": " ".join(os.environ.get(name, "-") for name in ("TERM", "COLORTERM", "TERM_PROGRAM", "TMUX")),
        **seen,
    }
    lines = [f"{name}: {value}" for name, value in facts.items()]
    return "\n".join([*lines, "", *traceback.format_exception(error)])

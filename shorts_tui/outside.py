"""What is opened outside of the terminal: a video in its player, a page in the browser."""

import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Mapping
from threading import Thread

SETTLE_S = 3.0
"""How long a program that opens things may take to say that it cannot, in seconds; one that goes on is showing it."""


def has_display(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether there is a screen beside this terminal. Without one, a browser of the terminal would take it over."""
    return sys.platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def opened(what: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Open a file (an absolute path) or a page (http or https) with whatever is meant for it; whether that was done."""
    if not has_display(environ) or not what.startswith(("/", "http://", "https://")):
        return False
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open", path=environ.get("PATH"))
    if opener is not None:
        return _taken([opener, what])
    return what.startswith("http") and webbrowser.open(what)


def _taken(argv: list[str]) -> bool:
    """Whether a program that was started has done its work, or still does. What it says must not spoil the screen."""
    nowhere = subprocess.DEVNULL
    try:
        child = subprocess.Popen(argv, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
    except OSError:
        return False
    try:
        return child.wait(SETTLE_S) == 0
    except subprocess.TimeoutExpired:
        Thread(target=child.wait, name=f"reaper of {child.pid}", daemon=True).start()
        return True

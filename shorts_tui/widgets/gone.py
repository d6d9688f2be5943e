"""Whether there is still somebody to show an answer to that was waited for."""

from textual.dom import NoScreen
from textual.widget import Widget


def gone(widget: Widget) -> bool:
    """Whether a widget goes with its screen, or has gone: its parts go first, and what it does goes on for a moment."""
    try:
        return not (widget.app.is_running and widget.screen.display)
    except NoScreen:
        return True

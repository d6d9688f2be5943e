"""When news are shown: at once, but no faster than somebody can see."""

import time
from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

PACE_S = 1 / 15
"""Between two times that news are shown, in seconds: what comes faster is gathered."""

_LEAST_S = 0.001
"""Textual divides by what a timer waits: as good as nothing must not be nothing."""


class Pace:
    """Shows what `show` shows, by the timers of an app."""

    def __init__(self, app: MessagePump, show: Callable[[], None]) -> None:
        self._app = app
        self._show = show
        self._shown_at = float("-inf")
        self._timer: Timer | None = None

    def soon(self) -> None:
        """Show it at once, or when it is time again."""
        wait_s = self._shown_at + PACE_S - time.monotonic()
        if wait_s <= 0:
            self.now()
        elif self._timer is None:
            self._timer = self._app.set_timer(max(wait_s, _LEAST_S), self.now)

    def now(self) -> None:
        """Show it now."""
        self._timer = None
        self._shown_at = time.monotonic()
        self._show()

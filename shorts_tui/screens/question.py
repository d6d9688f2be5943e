"""What lies over a page until it is answered.

Textual closes whatever is on top when something is dismissed: of two quick clicks the second would close a page below.
"""

from typing import Any, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

T = TypeVar("T")


class Question(ModalScreen[T]):
    """Asks; None is the answer of who leaves it. It goes once, and what lies over it goes with it."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Go, with an answer."""
        return super().dismiss(result) if uncovered(self) else AwaitComplete()


def uncovered(screen: Screen[Any]) -> bool:
    """Take away what lies over a screen; False if that is gone itself."""
    if screen not in screen.app.screen_stack:
        return False
    while screen.app.screen is not screen:
        screen.app.pop_screen()
    return True

"""The app, as commands and pages see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from shorts_tui.known import Known
from shorts_tui.screens.question import Question
from shorts_tui.vitals import Vitals
from shortsd.client.client import Client
from shortsd.config.places import Places
from shortsd.domain.errors import ShortsError

if TYPE_CHECKING:
    from textual.app import App

    from shorts_tui.screens.page import Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """How the app behaves on this terminal."""

    images: bool = True
    """Whether pictures are shown in the terminal."""
    drawn_as: str = "auto"
    """How a terminal is given pictures: `kitty`, `sixel`, `blocks`, or as it seems to understand."""
    motion: bool = True
    """Whether anything moves that need not."""
    theme: str = "textual-dark"


class Host(Protocol):
    """What the app offers."""

    client: Client
    options: Options
    clock: Callable[[], float]
    """Seconds since the epoch."""
    places: Places | None
    """Where the daemon keeps its files, if that may be on this machine."""

    @property
    def known(self) -> Known:
        """What is known by now."""

    @property
    def vitals(self) -> Vitals:
        """How this machine fares."""

    @property
    def shell(self) -> "App[None]":
        """The app itself, for what Textual does."""

    def tell(self, text: str) -> None:
        """Say something in passing."""

    def complain(self, error: ShortsError) -> None:
        """Show an error: what happened, and what to do."""

    async def put(self, screen: Question[T]) -> T | None:
        """Ask the user something; the answer, or None if there is none."""

    async def confirm(self, question: str, yes: str) -> bool:
        """Whether the user wants what destroys something; `yes` names it on the button."""

    def call_now(self) -> None:
        """Call a daemon that is away at once, not when it is time again."""

    async def go(self, page: str) -> None:
        """Look at another page."""

    async def point(self, job: int) -> None:
        """Look at a job among the others, as soon as it is known."""

    async def look(self, page: "Page") -> None:
        """Open a page over the one that is looked at."""

    async def back(self) -> None:
        """Leave what was opened over a page."""

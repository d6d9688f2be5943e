"""Signs in to the channel: shows the page that is to be opened, and waits for somebody to say yes there."""

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label, Static

from shorts_tui.commands.base import Desk
from shorts_tui.outside import opened
from shorts_tui.screens.question import Question
from shortsd.client.text import shown
from shortsd.domain.errors import ShortsError, Unavailable
from shortsd.wire.errors import error
from shortsd.wire.models import SignInView

WAIT_S = 2.0
"""How long the daemon waits with each answer, in seconds: so long the app may take to end."""


class SignIn(Question[bool]):
    """Waits; the answer is whether somebody has signed in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(False)", "Back"),
        Binding("c", "copy", "Copy"),
    ]

    def __init__(self, desk: Desk, begun: SignInView) -> None:
        super().__init__()
        self._desk = desk
        self._begun = begun

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Label("Sign in to YouTube", classes="title", markup=False)
            yield Static("Open this page in a browser on the daemon's machine, and say yes there:", id="how")
            yield Static(shown(self._begun.url), id="url", markup=False)
            yield Static("Waiting…", id="state", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Back (esc)", id="back", compact=True)
                yield Button("Copy the address (c)", id="copy", variant="primary", compact=True)

    def on_mount(self) -> None:
        self.query_one("#copy").focus()
        self.run_worker(self._wait())

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._begun.url)
        self._say("The address is copied. Waiting…")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_copy() if event.button.id == "copy" else self.dismiss(False)

    async def _wait(self) -> None:
        """Open the page if that can be, and wait until nobody is waited for."""
        if await asyncio.to_thread(opened, self._begun.url):
            self.query_one("#how", Static).update("Say yes in your browser, which opens this page:")
        view = self._begun
        try:
            while view.state == "waiting":
                view = await self._desk.ask(lambda client: client.auth_state(WAIT_S))
            self._judge(view)
        except ShortsError as failed:
            self._say(f"{failed.message} {failed.hint}")
        else:
            self.dismiss(True)

    def _judge(self, view: SignInView) -> None:
        """Raises ShortsError if nobody has signed in."""
        if view.error is not None:
            raise error(view.error)
        if view.state != "signed_in":
            raise Unavailable("Nobody has signed in: the daemon waits for a browser no more.", "Begin anew.")

    def _say(self, text: str) -> None:
        self.query_one("#state", Static).update(shown(text))

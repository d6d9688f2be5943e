"""What is asked when there is no daemon."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from shorts_tui.screens.question import Question
from shortsd.client.text import shown
from shortsd.domain.errors import NoDaemon


class Offer(Question[bool]):
    """Offers to start one; the answer is whether to. It goes by itself when a daemon comes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "answer(False)", "Wait for one"),
        Binding("y", "answer(True)", "Start it"),
        Binding("left,right", "app.focus_next", show=False),
    ]

    def __init__(self, gone: NoDaemon) -> None:
        super().__init__()
        self._gone = gone

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Label(shown(self._gone.message), markup=False)
            yield Label("Start one? It makes the shorts, and goes on when this window is closed.", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Start it (y)", variant="primary", id="yes")
                yield Button("Wait for one (n)", id="no")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)

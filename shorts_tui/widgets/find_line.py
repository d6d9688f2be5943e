"""The line in which is typed what to find."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Label


class FindLine(Horizontal):
    """Asks what to find, letter by letter; there only while something is asked or there is something to tell."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Find nothing more", show=False),
        Binding("down", "leave", "To the rows", show=False),
    ]
    BINDING_GROUP_TITLE = "Find"

    told: reactive[str] = reactive("")
    """What is said beside it: how much was found."""

    @dataclass
    class Typed(Message):
        """Something else is to be found."""

        text: str

        def can_replace(self, message: Message) -> bool:
            """Whoever types fast wants what stands there in the end."""
            return isinstance(message, FindLine.Typed)

    class Left(Message):
        """The line is done with; the rows are looked at again."""

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        yield Label("/", classes="slash")
        yield Input(placeholder=self._placeholder, compact=True, select_on_focus=False)
        yield Label("", classes="told", markup=False)

    @property
    def field(self) -> Input:
        """Where it is typed."""
        return self.query_one(Input)

    def ask(self, text: str | None = None) -> None:
        """Let something be typed, or find this."""
        self.display = True
        if text is None:
            self.field.focus()
        else:
            self.field.value = text

    def watch_told(self, told: str) -> None:
        self.query_one(".told", Label).update(told, layout=False)  # to lay the screen out takes several frames
        self._show()

    def _show(self) -> None:
        wanted = bool(self.field.value or self.told or self.field.has_focus)
        if wanted != self.display:
            self.display = wanted

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_leave()

    def on_descendant_blur(self) -> None:
        self._show()

    def action_clear(self) -> None:
        self.field.value = ""
        self.action_leave()

    def action_leave(self) -> None:
        self.post_message(self.Left())

"""A form: lines that say what is wrong with them, and a button. What was typed stays until it was taken."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static

from shorts_tui.commands.app import StartDaemon
from shorts_tui.commands.base import Desk
from shorts_tui.screens.confirm import Confirm
from shorts_tui.screens.offer import Offer
from shorts_tui.screens.question import Question
from shorts_tui.widgets.field import Field
from shorts_tui.widgets.gone import gone
from shortsd.client.text import shown
from shortsd.domain.errors import BadInput, NoDaemon, ShortsError

T = TypeVar("T")


class Form(Question[T]):
    """Asks for more than a word; the answer is what `send` was answered."""

    heading: ClassVar[str]
    go: ClassVar[str]
    """What the button does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "Send"),
        Binding("escape", "leave", "Leave"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._typed: dict[str, str] = {}
        """What stood there at first."""
        self._sending = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="form"):
            yield Label(self.heading, classes="title", markup=False)
            with Horizontal(classes="middle"):
                with VerticalScroll(classes="fields", can_focus=False):
                    yield from self.fields()
                yield Static(classes="aside")
            yield Static(classes="below")
            yield Static(classes="complaint")
            with Horizontal(classes="buttons"):
                yield Static(classes="tip", markup=False)
                yield Button("Leave (esc)", id="leave", compact=True)
                yield Button(f"{self.go} (ctrl+s)", id="send", variant="primary", compact=True)

    def on_mount(self) -> None:
        self._typed = self._texts()

    def fields(self) -> Iterable[Widget]:
        """The lines."""
        raise NotImplementedError

    def counts(self, field: Field) -> bool:
        """Whether a line is meant at all."""
        del field
        return True

    def check(self, values: Mapping[str, Any]) -> bool:
        """Whether all that is needed is there; what is not is said at its line."""
        del values
        return True

    def miss(self, key: str, message: str, hint: str = "") -> bool:
        """Say that something is missing at a line; False, for `check` to answer."""
        field = self.field(key)
        field.complain(BadInput(message, hint))
        field.take_focus()
        return False

    async def send(self, values: Mapping[str, Any]) -> T | None:
        """Ask for what was typed; None to go on typing. Raises ShortsError, which is shown."""
        raise NotImplementedError

    def field(self, key: str) -> Field:
        """A line by its key."""
        return self.query_one(f"#{key}", Field)

    def tell(self, *told: tuple[str, Sequence[str]]) -> None:
        """Say what was found out, under heads: beside the lines, or where that is too narrow in short below them."""
        if gone(self):
            return
        beside = [Text.assemble((head, "bold"), *(f"\n{shown(line)}" for line in lines)) for head, lines in told]
        self.query_one(".aside", Static).update(Text("\n\n").join(beside))
        below = [", ".join(map(shown, lines)).replace("., ", ". ") for _, lines in told]
        self.query_one(".below", Static).update(Text("\n".join(below)))

    def complain(self, error: ShortsError | None) -> None:
        """Show why it was not taken; nothing that was typed is lost."""
        said = self.query_one(".complaint", Static)
        said.display = error is not None
        if error is not None:
            hint = self.desk.host.known.hint(error)
            said.update(Text.assemble((shown(error.message), "bold"), " ", shown(hint)))

    def action_send(self) -> None:
        """Ask for it, if nothing is wrong."""
        meant = [field for field in self.query(Field) if self.counts(field)]
        wrong = [field for field in meant if field.look() is not None]
        if wrong:
            wrong[0].take_focus()
            return
        values = {field.key: field.value for field in meant}
        if not self._sending and self.check(values):
            self.run_worker(self._send(values))

    async def _send(self, values: Mapping[str, Any]) -> None:
        self._sending = self.query_one("#send").disabled = True
        self.complain(None)
        answer = None
        try:
            answer = await self._answered(values)
        except ShortsError as error:
            if not gone(self):
                self.complain(error)
        if gone(self):
            return
        self._sending = self.query_one("#send").disabled = False
        if answer is not None:
            self.dismiss(answer)

    async def _answered(self, values: Mapping[str, Any]) -> T | None:
        """Ask for it; where nobody answers, offer to start somebody who does. Raises ShortsError."""
        try:
            return await self.send(values)
        except NoDaemon as gone:
            if self.desk.host.known.connected or not await self.app.push_screen_wait(Offer(gone)):
                raise
            await StartDaemon().run(self.desk)
            return await self.send(values)

    def action_leave(self) -> None:
        """Leave; if something was typed, only who says so loses it."""
        if all(text == self._typed.get(key, "") for key, text in self._texts().items()):
            self.dismiss(None)
        else:
            self.run_worker(self._leave())

    async def _leave(self) -> None:
        if await self.app.push_screen_wait(Confirm("What was typed here would be lost.", "Drop it", "Go on typing")):
            self.dismiss(None)

    @on(DescendantFocus)
    def _looked_at(self, event: DescendantFocus) -> None:
        """Say how the line is filled in that has the focus."""
        field = next((above for above in event.widget.ancestors_with_self if isinstance(above, Field)), None)
        self.query_one(".tip", Static).update(field.tip if field is not None else "")

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_send()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_send() if event.button.id == "send" else self.action_leave()

    def _texts(self) -> dict[str, str]:
        return {field.key: field.text for field in self.query(Field)}

"""Says how much disk space can be freed, and asks what of it is to be."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Checkbox, Label, Static

from shorts_tui.screens.question import Question
from shortsd.client.text import size
from shortsd.wire.models import Cleaned


class Clean(Question[str]):
    """The answer is `work`, or `outputs` for the finished shorts too, which have to be asked for by a tick."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss", "No"),
        Binding("y", "clean", "Yes"),
        Binding("left,right", "app.focus_next", show=False),
    ]

    def __init__(self, names: str, would: Cleaned) -> None:
        super().__init__()
        self._names = names
        self._would = would

    def compose(self) -> ComposeResult:
        would = self._would
        with Vertical(classes="box"):
            yield Label(f"Free the disk space of {self._names}?", classes="title", markup=False)
            yield Static(f"{size(would.work_bytes):>10}  working files; a retry begins anew without them", markup=False)
            if would.output_bytes:
                yield Static(f"{size(would.output_bytes):>10}  finished shorts, which stay", id="kept", markup=False)
                yield Checkbox("Take away the finished shorts, too", compact=True)
            with Horizontal(classes="buttons"):
                yield Button("Leave it (n)", id="no")
                yield Button("", id="yes", variant="error")

    def on_mount(self) -> None:
        self._offer()
        self.query_one("#no").focus()

    @property
    def _outputs(self) -> bool:
        """Whether finished shorts are to go, too."""
        return any(box.value for box in self.query(Checkbox))

    @on(Checkbox.Changed)
    def _offer(self) -> None:
        freed = self._would.work_bytes + (self._would.output_bytes if self._outputs else 0)
        button = self.query_one("#yes", Button)
        button.label = f"Free {size(freed)} (y)"
        button.disabled = not freed
        for kept in self.query("#kept").results(Static):
            goes = "which go for good" if self._outputs else "which stay"
            kept.update(f"{size(self._would.output_bytes):>10}  finished shorts, {goes}")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_clean() if event.button.id == "yes" else self.dismiss(None)

    def action_clean(self) -> None:
        if not self.query_one("#yes", Button).disabled:
            self.dismiss("outputs" if self._outputs else "work")

"""One of several things, chosen by its letter or with the arrows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from shorts_tui.screens.question import Question
from shortsd.client.text import padded, shown, trimmed, width

ROOM = 58
"""Cells for what is said of a choice, beside its letter: it is a line."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen."""

    answer: str
    label: str
    detail: str = ""
    key: str = ""
    """A letter that chooses it."""


class Choose(Question[str]):
    """Asks which; the answer is that of the choice, None if there is none. The first is pointed at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back"),
        Binding("j", "move('cursor_down')", show=False),
        Binding("k", "move('cursor_up')", show=False),
    ]

    def __init__(self, question: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._question = question
        self._choices = list(choices)

    def compose(self) -> ComposeResult:
        longest = max(width(shown(choice.label)) for choice in self._choices)
        with Vertical(classes="box"):
            yield Label(self._question, classes="title", markup=False)
            yield OptionList(*(Option(_line(choice, longest), choice.answer) for choice in self._choices))

    def on_key(self, event: events.Key) -> None:
        """A letter chooses at once."""
        for choice in self._choices:
            if event.character is not None and choice.key == event.character:
                event.stop()
                self.dismiss(choice.answer)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    async def action_move(self, how: str) -> None:
        await self.query_one(OptionList).run_action(how)


def _line(choice: Choice, longest: int) -> Content:
    key = Content.styled(f"{choice.key or ' '}  ", "$text-accent bold")
    detail = trimmed(shown(choice.detail), max(8, ROOM - longest))
    return Content.assemble(key, padded(shown(choice.label), longest), ("  " + detail, "$text-muted"))

"""The lines of a form: each has a name, takes what is typed, and says what is wrong with it."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.suggester import Suggester
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Checkbox, Collapsible, Input, Label, Select, Static, TextArea

from shortsd.client.text import shown
from shortsd.domain.errors import BadInput

PATIENCE_S = 0.4
"""Nothing is called wrong while it is being typed: after so many seconds without a key it is."""

Read = Callable[[str], Any]


class Field(Widget):
    """A line of a form. `read` makes of what was typed what is meant, or raises BadInput; of nothing it makes None.

    `echo` says what was understood, where that is not plain.
    """

    DEFAULT_CLASSES = "field"

    how: ClassVar[str] = ""
    """How it is filled in, where nothing else is to be said of it."""

    class Changed(Message):
        """Something else stands there."""

    def __init__(
        self, key: str, title: str, read: Read, tip: str = "", echo: Callable[[Any], str] | None = None
    ) -> None:
        super().__init__(id=key)
        self.set_class(not title, "-alone")
        self.key = key
        self._title = title
        self._read = read
        self.tip = tip or self.how
        self._echo = echo
        self._timer: Timer | None = None
        self._said: Static | None = None

    def compose(self) -> ComposeResult:
        if self._title:
            yield Label(self._title, classes="name", markup=False)
        yield self.control()

    def on_mount(self) -> None:
        self.tooltip = self.tip or None
        moves = self.app.animation_level == "full"
        for line in self.query(Input):
            line.cursor_blink = moves
        for area in self.query(TextArea):
            area.cursor_blink = moves

    def control(self) -> Widget:
        """What takes the keys."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """What stands there."""
        raise NotImplementedError

    @property
    def value(self) -> Any:
        """What is meant; None if nothing was typed. Raises BadInput."""
        text = self.text.strip()
        return self._read(text) if text else None

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    @on(Checkbox.Changed)
    def _changed(self, event: Message) -> None:
        """What is right is called so at once, what is wrong soon."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        try:
            value = self.value
        except BadInput:
            self._timer = self.set_timer(PATIENCE_S, self.look)
        else:
            self._say(self._echo(value) if self._echo and value is not None else "")
        self.post_message(self.Changed())

    def look(self) -> BadInput | None:
        """Say what is wrong, if something is."""
        try:
            _ = self.value
        except BadInput as wrong:
            self.complain(wrong)
            return wrong
        return None

    def complain(self, wrong: BadInput) -> None:
        """Say what is wrong."""
        self._say(f"{wrong.message} {wrong.hint}".strip(), wrong=True)

    def take_focus(self) -> None:
        """Let it be typed into, wherever it is folded away."""
        for above in self.ancestors:
            if isinstance(above, Collapsible):
                above.collapsed = False
        control = self.query("Input, Select, TextArea, Checkbox").first()
        self.call_after_refresh(control.focus)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.set_class(wrong, "-wrong")
        if self._said is None:
            if not text:
                return
            self._said = Static(classes="said", markup=False)  # few lines ever need one, and each widget takes its time
            self.mount(self._said)
        self._said.update(shown(text))
        self._said.display = bool(text)


class Line(Field):
    """A line of text."""

    how = "tab goes to the next line; enter is for when all is said."

    def __init__(
        self,
        key: str,
        title: str,
        read: Read,
        *,
        text: str = "",
        placeholder: str = "",
        tip: str = "",
        suggester: Suggester | None = None,
        echo: Callable[[Any], str] | None = None,
    ) -> None:
        super().__init__(key, title, read, tip, echo)
        self._input = Input(text, placeholder, suggester=suggester, compact=True, select_on_focus=False)

    def control(self) -> Widget:
        return self._input

    def suggest(self, suggester: Suggester) -> None:
        """Let there be suggestions."""
        self._input.suggester = suggester

    @property
    def text(self) -> str:
        return self._input.value


class Words(Field):
    """Several lines of text."""

    DEFAULT_CLASSES = "field -tall"

    how = "tab goes to the next line."

    def __init__(
        self,
        key: str,
        title: str,
        read: Read,
        *,
        text: str = "",
        placeholder: str = "",
        tip: str = "",
        echo: Callable[[Any], str] | None = None,
    ) -> None:
        super().__init__(key, title, read, tip, echo)
        self._area = TextArea(text, placeholder=placeholder, compact=True, highlight_cursor_line=False)

    def control(self) -> Widget:
        return self._area

    @property
    def text(self) -> str:
        return self._area.text


class Pick(Field):
    """One of several words, or none."""

    USUAL: ClassVar[str] = "as configured"

    how = "enter shows what there is to choose from."

    def __init__(
        self, key: str, title: str, words: Iterable[str], *, text: str = "", usual: str = USUAL, tip: str = ""
    ) -> None:
        super().__init__(key, title, str, tip)
        known = [str(word) for word in words]
        self._select: Select[str] = Select(
            [(word, word) for word in known],
            prompt=usual,
            value=text if text in known else Select.NULL,
            compact=True,
        )

    def control(self) -> Widget:
        return self._select

    @property
    def text(self) -> str:
        value = self._select.value
        return "" if value is Select.NULL else cast("str", value)


class Tick(Field):
    """Yes or no."""

    how = "space ticks it."

    def __init__(self, key: str, title: str, label: str, *, text: str = "", tip: str = "") -> None:
        super().__init__(key, title, bool, tip)
        self._box = Checkbox(label, bool(text), compact=True)

    def control(self) -> Widget:
        return self._box

    @property
    def text(self) -> str:
        return "yes" if self._box.value else ""

"""The line of keys at the bottom: what can be done here, by key or by a click."""

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from shorts_tui.commands.base import Command


class Keys(Widget):
    """One line. Textual's own footer lays the whole screen out anew each time that something else can be done."""

    DEFAULT_CLASSES = "keys"

    fitting: reactive[frozenset[str]] = reactive(frozenset)
    """The names of the commands that can be done now."""

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._shown = [command for command in commands if command.footer]

    def render(self) -> Content:
        return Content("  ").join([self._key(command) for command in self._shown])

    def _key(self, command: Command) -> Content:
        key = command.key_shown()
        if command.name() not in self.fitting:
            return Content.assemble((f"{key} {command.footer}", "$foreground-disabled"))
        action = f"@click=screen.command('{command.name()}')"
        return Content.from_markup(f"[{action}][bold $accent]$key[/] $word[/]", key=key, word=command.footer)

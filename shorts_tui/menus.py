"""What Textual's own app offers everywhere, and what it stumbles over there: the palette, the themes, the help."""

from collections.abc import Mapping
from typing import ClassVar

from textual.actions import ActionParseResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.theme import ThemeProvider

from shorts_tui.front import Front
from shorts_tui.helping import groups_of
from shorts_tui.palette import PageCommands, Palette
from shorts_tui.screens.help import Help
from shorts_tui.screens.page import Page
from shortsd.client.text import shown


class Menus(Front):
    """A front with all there is to choose from."""

    COMMANDS: ClassVar = {PageCommands}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "help", "Help", show=False, priority=True)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave letters to who is typing."""
        if action == "help" and self.focused is not None and self.focused.check_consume_key("question_mark", "?"):
            return False
        return super().check_action(action, parameters)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """As Textual, whose lists fail if they are leafed through before they were drawn."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except KeyError:
            if "page_" in str(action):
                return True
            raise

    def action_command_palette(self) -> None:
        """Show the palette; once, whatever lies over it."""
        if not any(isinstance(screen, Palette) for screen in self.screen_stack):
            self.run_worker(self._open(Palette()), group="commands")

    def search_themes(self) -> None:
        """Choose a theme as a command is chosen."""
        self.run_worker(self._open(Palette(providers=[ThemeProvider], placeholder="Search for themes…")))

    async def _open(self, palette: Palette) -> None:
        """Have it stand before the next key is dealt with: one that is gone by then is a fault of Textual's."""
        with self.keyboard.working():
            await self.look(palette)

    def action_help(self) -> None:
        """Show what can be done where somebody is; close it if it is shown already."""
        if isinstance(self.screen, Help):
            self.screen.dismiss()
            return
        here = self.screen.name_of_page if isinstance(self.screen, Page) else "This question"
        self.push_screen(Help(f"Keys · {shown(here)}", groups_of(self.screen)))

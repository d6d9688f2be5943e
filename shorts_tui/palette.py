"""The command palette: every command of the page that is looked at."""

from functools import partial

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from shorts_tui.commands.base import Command
from shorts_tui.screens.page import Page
from shorts_tui.screens.question import uncovered


class Palette(CommandPalette):
    """Textual's, which goes once."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Go."""
        return super().dismiss(result) if uncovered(self) else AwaitComplete()


class PageCommands(Provider):
    """What the page offers and can be done now."""

    async def discover(self) -> Hits:
        for name, command in self._possible():
            yield DiscoveryHit(command.title, partial(self._page.action_command, name), help=_help(command))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, command in self._possible():
            score = max(matcher.match(command.title), matcher.match(command.tip) / 2)
            if score > 0:
                shown = matcher.highlight(command.title)
                yield Hit(score, shown, partial(self._page.action_command, name), help=_help(command))

    @property
    def _page(self) -> Page:
        if not isinstance(self.screen, Page):
            raise TypeError(self.screen)
        return self.screen

    def _possible(self) -> list[tuple[str, Command]]:
        if not isinstance(self.screen, Page):
            return []
        desk = self.screen.desk
        return [(name, command) for name, command in self.screen.commands.items() if command.fits(desk)]


def _help(command: Command) -> str:
    return f"{command.tip} ({command.key_shown()})" if command.keys else command.tip

"""What can be done where somebody is, for the help: of commands, and of what the widgets take themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from textual.keys import format_key
from textual.screen import Screen

from shorts_tui.screens.page import Page

_HERE = "Here"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be done."""

    keys: str
    """As people write them; empty for what is in the palette only."""
    title: str
    tip: str = ""
    possible: bool = True
    """Whether it can be done now."""


Groups = dict[str, list[Entry]]


def groups_of(screen: Screen[object]) -> Groups:
    """All of it, under heads: first what the page offers, then what the widget takes that has the focus."""
    found: Groups = {}
    if isinstance(screen, Page):
        _add_commands(screen, found)
    for title, entry in _of_widgets(screen):
        found.setdefault(title, []).append(entry)
    return found


def _add_commands(page: Page, found: Groups) -> None:
    taken: set[str] = set()
    for name, command in page.commands.items():
        keys = [key for key in command.keys.split(",") if key not in taken]
        taken.update(keys)
        entry = Entry(_written(keys), command.title, command.tip, name in page.fitting)
        found.setdefault(command.group, []).append(entry)


def _of_widgets(screen: Screen[object]) -> Iterator[tuple[str, Entry]]:
    """What the focused widget and those around it take; of a question what it takes itself, too."""
    keys: dict[tuple[str, str], list[str]] = {}
    enabled: dict[tuple[str, str], bool] = {}
    for active in screen.active_bindings.values():
        node, binding = active.node, active.binding
        if node is screen.app or (isinstance(screen, Page) and node is screen) or not binding.description:
            continue
        title = _HERE if node is screen else node.BINDING_GROUP_TITLE or type(node).__name__
        keys.setdefault((title, binding.description), []).append(binding.key)
        enabled[title, binding.description] = active.enabled
    for (title, description), taken in keys.items():
        yield title, Entry(_written(taken), description, possible=enabled[title, description])


def _written(keys: Iterable[str]) -> str:
    return ", ".join(format_key(key) for key in dict.fromkeys(keys) if key)

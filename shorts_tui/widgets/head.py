"""The head of a page: how the daemon, its queue and this machine stand, in a line; below, the pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from shorts_tui.commands.pages import PAGES
from shorts_tui.known import Known
from shorts_tui.vitals import KEPT, Vitals
from shorts_tui.widgets.spark import spark
from shortsd.client.text import shown, size
from shortsd.domain.job import State

_HERE = "bold $text-primary on $background"

SPARK = KEPT
"""Cells of the sparkline."""

_COUNTED = (
    (State.RUNNING, "$text-primary", 1),
    (State.QUEUED, "$foreground", 2),
    (State.REVIEW, "$text-warning", 3),
    (State.FAILED, "$text-error", 3),
    (State.SCHEDULED, "$foreground-muted", 8),
)
"""States that are counted, in which colour, and how dispensable that is where there is no room."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Something that the line says."""

    content: Content
    spare: int
    """How dispensable it is; 0 stays in any case."""
    right: bool = False


class Figures(Widget):
    """How the daemon, its queue and this machine stand. What is least important goes first where room is scarce."""

    known: reactive[Known] = reactive(Known)
    vitals: reactive[Vitals] = reactive(Vitals)

    def render(self) -> Content:
        parts = list(_parts(self.known, self.vitals))
        while _taken(parts) > self.size.width and any(part.spare for part in parts):
            parts.remove(max(parts, key=lambda part: part.spare))
        left, right = _joined(parts, right=False), _joined(parts, right=True)
        gap = max(1, self.size.width - left.cell_length - right.cell_length - 2)
        return Content(" ") + left + Content(" " * gap) + right


class Tabs(Widget):
    """The pages by their numbers; the one that is looked at is marked, be it one of them or not."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = shown(page)

    def render(self) -> Content:
        tabs = [self._tab(number, page) for number, page in enumerate(PAGES, 1)]
        if self._page not in PAGES:
            tabs.append(Content.styled(f" {self._page} ", _HERE))
        return Content("").join(tabs)

    def _tab(self, number: int, page: str) -> Content:
        if page == self._page:
            return Content.styled(f" {number} {page} ", _HERE)
        return Content.from_markup(f"[@click=screen.command('go{page.lower()}')] {number} {page} [/]")


class Head(Vertical):
    """Both lines."""

    known: reactive[Known] = reactive(Known)
    vitals: reactive[Vitals] = reactive(Vitals)

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        yield Figures().data_bind(Head.known, Head.vitals)
        yield Tabs(self._page)


def _parts(known: Known, vitals: Vitals) -> Iterator[_Part]:
    dot, look = ("●", "$text-success") if known.connected else ("○", "$text-error")
    yield _Part(Content.assemble((dot, look), (" shortsd", "bold")), 0)
    if known.paused:
        yield _Part(Content.styled("paused", "bold $text-warning"), 1)
    for state, colour, spare in _COUNTED:
        if known.counts[state] or state == State.RUNNING:
            count = f"{known.counts[state]:,}"
            yield _Part(Content.assemble((count, f"bold {colour}"), (f" {state}", "$foreground-muted")), spare)
    yield from _figures(vitals)


def _figures(vitals: Vitals) -> Iterator[_Part]:
    if vitals.speeds:
        bars, speed = spark(vitals.speeds, SPARK), f" {vitals.speeds[-1]:.0f} frames/s"
        yield _Part(Content.assemble((bars, "$text-primary"), (speed, "$foreground-muted")), 5, right=True)
    if vitals.uploads:
        yield _named(f"{vitals.uploads}", "uploaded today", 4)
    if vitals.machine is not None:
        yield _named(f"{vitals.machine.cpu:.0f}%", "cpu", 6)
        yield _named(f"{vitals.machine.memory:.0f}%", "mem", 7)
        if vitals.machine.free_bytes is not None:
            yield _named(size(vitals.machine.free_bytes), "free", 7)


def _named(value: str, name: str, spare: int) -> _Part:
    return _Part(Content.assemble(value, (f" {name}", "$foreground-muted")), spare, right=True)


def _joined(parts: list[_Part], *, right: bool) -> Content:
    return Content("   " if right else "  ").join([part.content for part in parts if part.right == right])


def _taken(parts: list[_Part]) -> int:
    return _joined(parts, right=False).cell_length + _joined(parts, right=True).cell_length + 4

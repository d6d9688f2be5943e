"""Some lines of text that change now and then: only those that did are drawn anew."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.strip import Strip

from shorts_tui.widgets.painted import Line, Painted

Draw = Callable[[int], Sequence[Line]]
"""The lines for so many cells."""


class Sheet(Painted):
    """Lines, and room to scroll if there are more than are seen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", show=False),
        Binding("down,j", "scroll_down", "Down", show=False),
        Binding("pageup,ctrl+b", "page_up", "Page up", show=False),
        Binding("pagedown,ctrl+f,space", "page_down", "Page down", show=False),
        Binding("home,g", "scroll_home", "Top", show=False),
        Binding("end,G", "scroll_end", "Bottom", show=False),
    ]

    def __init__(self, *, focus: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.can_focus = focus
        self._draw: Draw = lambda _: ()
        self._lines: Sequence[Line] = ()

    def show(self, draw: Draw) -> None:
        """Show other lines."""
        self._draw = draw
        self._see()

    def _see(self) -> None:
        before, self._lines = self._lines, self._draw(self._width)
        if len(before) != len(self._lines):
            self.virtual_size = Size(self._width, len(self._lines))
            self.refresh(layout=self.styles.is_auto_height)
            return
        top = self.scroll_offset.y
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self.refresh(Region(0, y - top, self.size.width, 1))

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def on_resize(self) -> None:
        self._see()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        return self.paint(self._lines[at] if at < len(self._lines) else (), self._width)

"""Pieces of text in the colours of a widget's components, as lines of the screen."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from shorts_tui.widgets.table import Piece


class Painter:
    """Paints for one widget; what a component looks like is kept until `forget`."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[str, Style] = {}

    def forget(self) -> None:
        """The theme is another."""
        self._styles.clear()

    def strip(self, pieces: Iterable[Piece], width: int, left: int = 0) -> Strip:
        """Pieces in a line of `width` cells, from cell `left` on."""
        strip = Strip(Segment(text, self._style(name)) for text, name in pieces if text)
        if left or strip.cell_length > width:
            strip = strip.crop(left, left + width)
        return strip.extend_cell_length(width, self._style(""))

    def _style(self, name: str) -> Style:
        known = self._styles.get(name)
        if known is None:
            known = self._widget.rich_style
            if name:
                known += self._widget.get_component_rich_style(name, partial=True)
            self._styles[name] = known
        return known

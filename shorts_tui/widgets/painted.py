"""What is drawn of pieces of text, each in the look of a component."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.strip import Strip

Piece = tuple[str, str]
"""Some text, and the component that styles it ("" for none)."""

Line = Sequence[Piece]
"""Pieces side by side."""


class Painted(ScrollView):
    """A widget that paints pieces. What the components look like stands in `styles/base.tcss`, for all such widgets."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--head",
        "table--today",
        "table--title",
        "table--cursor",
        "table--marked",
        "table--found",
        "table--at",
        "table--muted",
        "table--accent",
        "table--good",
        "table--bad",
        "table--warm",
        "table--live",
    }

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._styles: dict[tuple[str, str], Style] = {}
        """By the component of a piece and that of the line."""

    def notify_style_update(self) -> None:
        """Forget what was drawn in other colours."""
        super().notify_style_update()
        self._styles.clear()

    def paint(self, pieces: Iterable[Piece], width: int, *, left: int = 0, under: str = "") -> Strip:
        """Pieces in a line of `width` cells, from cell `left` on, upon the background of the component `under`.

        Those that look alike are joined: what a line costs goes by their number.
        """
        joined = groupby(pieces, key=itemgetter(1))
        strip = Strip([Segment("".join(text for text, _ in group), self._style(name, under)) for name, group in joined])
        if left:
            strip = strip.crop(left, left + width)
        return strip.adjust_cell_length(width, self._style("", under))

    def paint_word(self, said: str, width: int) -> Strip:
        """What is said in place of lines, in the middle of one."""
        return self.paint([(" " * ((width - cell_len(said)) // 2) + said, "table--muted")], width)

    def _style(self, name: str, under: str) -> Style:
        known = self._styles.get((name, under))
        if known is None:
            known = self._styles[name, under] = self._made_style(name, under)
        return known

    def _made_style(self, name: str, under: str) -> Style:
        """What a component looks like upon another one: what is not opaque lets through what is below."""
        ground, ink = self.background_colors[1], self.colors[3]
        looks = [self.get_component_styles(each) for each in (under, name) if each]
        for look in looks:
            ground += look.background
            ink = look.color if look.has_rule("color") else ink
        style = Style.from_color((ground + ink).rich_color, ground.rich_color)
        return Style.combine([style, *(look.text_style for look in looks)])

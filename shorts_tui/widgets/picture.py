"""A picture in the terminal, as large as there is room."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.containers import Container
from textual.message import Message

from shorts_tui import pictures
from shorts_tui.host import Host
from shorts_tui.widgets.gone import gone
from shortsd.domain.errors import ShortsError

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

Load = Callable[[], bytes]
"""Fetches a picture, in a thread. Raises ShortsError."""


class Picture(Container):
    """Shows one picture, or is not there: while there is none, while it is fetched, where pictures are switched off."""

    class Turned(Message):
        """There is a picture now, or none any more."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.display = False
        self._of: object = None
        self._picture: Pixels | None = None

    @property
    def host(self) -> Host:
        return cast("Host", self.app)

    def show(self, of: object, load: Load) -> None:
        """Show the picture `of` something, which is fetched unless it is that already."""
        if not self.host.options.images or not self.host.known.connected:
            self.hide()
        elif of != self._of:
            self._of = of
            self.run_worker(self._show(of, load), group="picture", exclusive=True)

    def hide(self) -> None:
        """Show none."""
        if self._of is not None:
            self._of = None
            self.remove_children()
            self._turn(there=False)

    async def _show(self, of: object, load: Load) -> None:
        try:
            picture = await asyncio.to_thread(self._fetch, load)
        except ShortsError as error:
            if not gone(self):
                self._turn(there=False)
                self.said(error)
            return
        if of == self._of and not gone(self):
            self._picture = picture
            await self.remove_children()
            await self.mount(pictures.widget(picture, self.host.options.drawn_as))
            self._turn(there=True)
            self._fit()
            self.shown()

    def _turn(self, *, there: bool) -> None:
        self.display = there
        self.post_message(self.Turned())

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Make it as large as there is room."""
        if self._picture is not None and self.size:
            columns, lines = pictures.fitted(self._picture, self.size.width, self.size.height)
            for child in self.children:
                child.styles.width, child.styles.height = columns, lines

    def _fetch(self, load: Load) -> "Pixels":
        pictures.load()
        return pictures.pixels(load(), self.app.size.width, self.app.size.height)

    def shown(self) -> None:
        """The picture is there."""

    def said(self, error: ShortsError) -> None:
        """There is no picture. Where it is only in addition, nothing is said of that."""

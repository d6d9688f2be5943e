"""How screens come and go one after the other, and how somebody is told something or asked."""

import asyncio
from typing import Any, TypeVar

from textual import events
from textual.app import App
from textual.screen import Screen

from shorts_tui.keyboard import Keyboard, heard
from shorts_tui.screens.confirm import Confirm
from shorts_tui.screens.page import Page
from shorts_tui.screens.question import Question
from shortsd.client.text import shown
from shortsd.domain.errors import ShortsError

T = TypeVar("T")

COMPLAINT_S = 10.0
"""How long an error stays, in seconds: it has a hint to be read."""


class Front(App[None]):
    """What of a Host is the same whatever the app is about."""

    def __init__(self) -> None:
        super().__init__()
        self.keyboard = Keyboard(self, super().on_event)

    async def on_event(self, event: events.Event) -> None:
        """Let what is typed wait for its turn."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self.keyboard.type(event)
        else:
            await super().on_event(event)

    def on_mount(self) -> None:
        self.run_worker(self.keyboard.run(), group="keyboard")

    async def _replace_screen(self, screen: Screen[Any]) -> Screen[Any]:
        """Take a screen away, as soon as it stands: what is still being built would look for its parts in vain."""
        await screen._mounted_event.wait()  # noqa: SLF001 - `is_mounted` tells whether, but not when
        return await super()._replace_screen(screen)

    @property
    def shell(self) -> App[None]:
        """The app itself (see Host)."""
        return self

    @property
    def page(self) -> Page | None:
        """The page that is looked at, be there a question over it or not."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Page)), None)

    def tell(self, text: str) -> None:
        """Say something in passing."""
        self.notify(shown(text), markup=False)

    def complain(self, error: ShortsError) -> None:
        """Show an error in its own words: what happened, and what to do."""
        self.notify(
            shown(error.hint) or " ", title=shown(error.message), severity="error", timeout=COMPLAINT_S, markup=False
        )

    async def put(self, screen: Question[T]) -> T | None:
        """Ask the user something; the answer, or None if there is none."""
        answer: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()
        await self.push_screen(screen, answer.set_result)
        await self._stands(screen)
        with self.keyboard.resting():
            return await answer

    async def _stands(self, screen: Screen[Any]) -> None:
        """Wait until a new screen has given the focus to whom it belongs."""
        await heard(screen, after_refresh=True)
        await heard(self)

    async def confirm(self, question: str, yes: str) -> bool:
        """Whether the user wants what destroys something."""
        answer = await self.put(Confirm(question, yes))
        return bool(answer)

    async def go(self, page: str) -> None:
        """Look at another page, and leave what was opened over it."""
        await self.switch_mode(page)
        while len(self.screen_stack) > 1 and isinstance(self.screen, Page):
            await self.pop_screen()

    async def point(self, job: int) -> None:
        """Look at a job among the others, as soon as it is known."""
        await self.go("jobs")
        page = self.screen_stack[0]
        if isinstance(page, Page):
            page.point(job)

    async def look(self, screen: Screen[None]) -> None:
        """Open a page, or what else is no question, over the one that is looked at."""
        await self.push_screen(screen)

    async def back(self) -> None:
        """Leave what was opened over a page."""
        if len(self.screen_stack) > 1 and isinstance(self.screen, Page):
            await self.pop_screen()

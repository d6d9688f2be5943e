"""The app: puts the feed, what is known and the pages together."""

import asyncio
import gc
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.reactive import reactive
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import WorkerFailed

from shorts_tui.commands.app import StartDaemon
from shorts_tui.commands.base import Command, Desk
from shorts_tui.crash import last_words
from shorts_tui.feed import Feed
from shorts_tui.host import Options
from shorts_tui.keeper import Keeper
from shorts_tui.known import Known
from shorts_tui.menus import Menus
from shorts_tui.messages import Rang, Requested
from shorts_tui.pace import Pace
from shorts_tui.pulse import Pulse
from shorts_tui.screens.batches import BatchesPage
from shorts_tui.screens.doctor import DoctorPage
from shorts_tui.screens.history import HistoryPage
from shorts_tui.screens.jobs import JobsPage
from shorts_tui.screens.offer import Offer
from shorts_tui.screens.page import Page
from shorts_tui.screens.processes import ProcessesPage
from shorts_tui.screens.schedule import SchedulePage
from shorts_tui.themes import CONTRAST, keep
from shorts_tui.vitals import BEAT_S, Machine, Vitals, sample
from shortsd.client.client import Client
from shortsd.config.places import Places
from shortsd.domain.errors import NoDaemon, ShortsError

STYLES = Path(__file__).with_name("styles")

PAGES: dict[str, str | Callable[[], Screen[Any]]] = {
    "jobs": JobsPage,
    "batches": BatchesPage,
    "schedule": SchedulePage,
    "history": HistoryPage,
    "processes": ProcessesPage,
    "doctor": DoctorPage,
}

HORIZONTAL: list[tuple[int, str]] = [(0, "-narrow"), (110, "-wide"), (160, "-huge")]
VERTICAL: list[tuple[int, str]] = [(0, "-low"), (32, "-high")]
"""From so many columns and lines on a screen has this class."""


class ShortsApp(Menus):
    """`shorts-tui`."""

    TITLE = "shorts-tui"
    CSS_PATH: ClassVar = sorted(STYLES.glob("*.tcss"))
    MODES = PAGES
    DEFAULT_MODE = "jobs"
    ALLOW_SELECT = False
    """What pages draw cannot be selected with a mouse; and Textual fails where what is clicked goes meanwhile."""
    HORIZONTAL_BREAKPOINTS = HORIZONTAL
    VERTICAL_BREAKPOINTS = VERTICAL

    known: reactive[Known] = reactive(Known, init=False)

    def __init__(
        self,
        client: Client,
        options: Options | None = None,
        clock: Callable[[], float] = time.time,
        reports: Path | None = None,
        places: Places | None = None,
        machine: Callable[[], Machine] | None = None,
    ) -> None:
        super().__init__()
        self.register_theme(CONTRAST)
        self._reports = reports or Path(tempfile.gettempdir())
        self.client = client
        self.options = options or Options()
        self.clock = clock
        self.places = places
        self.feed = Feed(client, self._ring)
        self._keeper = Keeper(clock)
        self._pulse = Pulse(machine or partial(sample, places.output if places else None), clock)
        self._pace = Pace(self, self._show)
        self._offered = False

    def on_mount(self) -> None:
        self.theme = self.options.theme
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        self.animation_level = "full" if self.options.motion else "none"
        if not self.is_headless:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit)
        self.feed.start()
        self.set_interval(BEAT_S, self._beat)
        self.call_after_refresh(self._beat)

    def on_unmount(self) -> None:
        self.feed.stop()

    @property
    def vitals(self) -> Vitals:
        """How this machine fares."""
        return self._pulse.vitals

    def call_now(self) -> None:
        """Call a daemon that is away at once."""
        self.feed.look_again()

    @on(Requested)
    def _requested(self, request: Requested) -> None:
        page = self.page
        if page is not None:
            self.run_worker(self._carry_out(request.command, Desk(self, page, request.jobs)), group="commands")

    async def _carry_out(self, command: Command, desk: Desk) -> None:
        try:
            with self.keyboard.working():
                await command.run(desk)
        except NoDaemon as gone:
            self.complain(NoDaemon(f"{command.title}: this cannot be done now. {gone.message}", self.known.hint(gone)))
        except ShortsError as error:
            self.complain(error)

    def _fatal_error(self) -> None:
        """Textual calls this for an exception that nobody caught: say so in words, and keep the rest in a file."""
        error = self._exception or sys.exc_info()[1] or RuntimeError("unknown")
        error = error.error if isinstance(error, WorkerFailed) else error
        page = self.screen_stack[-1] if self.screen_stack else None
        said = last_words(error, self._reports, {"page": type(page).__name__, "size": tuple(self.size)})
        self._exit_renderables.append(Text(said, no_wrap=True, overflow="ignore"))
        self._close_messages_no_wait()

    def _ring(self) -> None:
        """Called in the feed's thread: there is news."""
        self.post_message(Rang())

    @on(Rang)
    def _hear(self) -> None:
        self._pace.soon()

    def _show(self) -> None:
        """Show the news."""
        before, self.known = self.known, self._keeper.take(self.feed.take())
        if self.known.whole and not before.whole:
            gc.freeze()  # thousands of jobs came to stay; to look through them for rubbish takes several frames
            self._beat()
        self._pulse.hear(self.known)
        page = self.page
        if page is not None and self.is_running:
            page.known = self.known
            self._offer()

    def _keep_theme(self, theme: Theme) -> None:
        """Remember the theme that somebody chose."""
        if self.places is None or theme.name == self.options.theme:
            return
        self.options = replace(self.options, theme=theme.name)
        try:
            keep(self.places.config_file.parent, theme.name)
        except OSError as exc:
            self.tell(f"The theme cannot be remembered: {exc.strerror}.")

    @work(group="pulse")
    async def _beat(self) -> None:
        vitals = await self._pulse.beat(self.known)
        page = self.page
        if page is not None:
            page.vitals = vitals

    def _offer(self) -> None:
        """Offer to start a daemon, once, if none was there from the beginning; take the question back if one comes."""
        if self.known.connected:
            if isinstance(self.screen, Offer):
                self.screen.dismiss(result=False)
        elif self.known.health is None and isinstance(self.known.away, NoDaemon) and not self._offered:
            self._offered = True
            self._start_if_wanted(self.known.away)

    @work(group="commands")
    async def _start_if_wanted(self, gone: NoDaemon) -> None:
        page = self.screen_stack[0]
        if await self.put(Offer(gone)) and isinstance(page, Page):
            await self._carry_out(StartDaemon(), Desk(self, page, []))

"""The app: puts the feed, what is known and the pages together."""

import asyncio
import gc
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from rich.text import Text
from textual import events, on, work
from textual.actions import ActionParseResult
from textual.app import App
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.reactive import reactive
from textual.screen import Screen
from textual.theme import Theme, ThemeProvider
from textual.timer import Timer
from textual.worker import WorkerFailed

from shorts_tui.commands.app import StartDaemon
from shorts_tui.commands.base import Command, Desk
from shorts_tui.crash import report
from shorts_tui.feed import Feed
from shorts_tui.helping import groups_of
from shorts_tui.host import Options
from shorts_tui.keeper import Keeper
from shorts_tui.keyboard import Keyboard, heard
from shorts_tui.known import Known
from shorts_tui.messages import Rang, Requested
from shorts_tui.palette import PageCommands, Palette
from shorts_tui.pulse import Pulse
from shorts_tui.screens.batches import BatchesPage
from shorts_tui.screens.confirm import Confirm
from shorts_tui.screens.doctor import DoctorPage
from shorts_tui.screens.help import Help
from shorts_tui.screens.history import HistoryPage
from shorts_tui.screens.jobs import JobsPage
from shorts_tui.screens.offer import Offer
from shorts_tui.screens.page import Page
from shorts_tui.screens.processes import ProcessesPage
from shorts_tui.screens.question import Question
from shorts_tui.screens.schedule import SchedulePage
from shorts_tui.themes import CONTRAST, keep
from shorts_tui.vitals import BEAT_S, Machine, Vitals, sample
from shortsd.client.client import Client
from shortsd.client.text import shown
from shortsd.config.places import Places
from shortsd.domain.errors import NoDaemon, ShortsError

T = TypeVar("T")

PACE_S = 1 / 15
"""Between two times that news are shown, in seconds: what comes faster is gathered."""

_LEAST_S = 0.001
"""Textual divides by what a timer waits: as good as nothing must not be nothing."""

COMPLAINT_S = 10.0
"""How long an error stays, in seconds: it has a hint to be read."""

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


class ShortsApp(App[None]):
    """`shorts-tui`."""

    TITLE = "shorts-tui"
    CSS_PATH: ClassVar = sorted(STYLES.glob("*.tcss"))
    MODES = PAGES
    DEFAULT_MODE = "jobs"
    COMMANDS: ClassVar = {PageCommands}
    ALLOW_SELECT = False
    """What pages draw cannot be selected with a mouse; and Textual fails where what is clicked goes meanwhile."""
    HORIZONTAL_BREAKPOINTS = HORIZONTAL
    VERTICAL_BREAKPOINTS = VERTICAL

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "help", "Help", show=False, priority=True)]

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
        self._keyboard = Keyboard(self, super().on_event)
        self._turning = asyncio.Lock()
        """Held while screens come or go: one that goes before it stands would look for its parts in vain."""
        self._pulse = Pulse(machine or partial(sample, places.output if places else None), clock)
        self._shown_at = float("-inf")
        self._timer: Timer | None = None
        self._offered = False

    def on_mount(self) -> None:
        self.theme = self.options.theme
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        self.animation_level = "full" if self.options.motion else "none"
        if not self.is_headless:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit)
        self.feed.start()
        self._take_keys()
        self.set_interval(BEAT_S, self._beat)
        self.call_after_refresh(self._beat)

    def on_unmount(self) -> None:
        self.feed.stop()

    @property
    def vitals(self) -> Vitals:
        """How this machine fares."""
        return self._pulse.vitals

    @property
    def shell(self) -> App[None]:
        """The app itself (see Host)."""
        return self

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
        async with self._turning:
            await self.push_screen(screen, answer.set_result)
        await self._stands(screen)
        with self._keyboard.resting():
            return await answer

    async def _stands(self, screen: Screen[Any]) -> None:
        """Wait until a new screen has given the focus to whom it belongs."""
        await heard(screen, after_refresh=True)
        await heard(self)

    async def confirm(self, question: str, yes: str) -> bool:
        """Whether the user wants what destroys something."""
        answer = await self.put(Confirm(question, yes))
        return bool(answer)

    def call_now(self) -> None:
        """Call a daemon that is away at once."""
        self.feed.look_again()

    async def go(self, page: str) -> None:
        """Look at another page, and leave what was opened over it."""
        async with self._turning:
            await self.switch_mode(page)
            while len(self.screen_stack) > 1 and isinstance(self.screen, Page):
                await self.pop_screen()

    async def point(self, job: int) -> None:
        """Look at a job among the others, as soon as it is known."""
        await self.go("jobs")
        page = self.screen_stack[0]
        if isinstance(page, Page):
            page.point(job)

    async def look(self, page: Page) -> None:
        """Open a page over the one that is looked at."""
        async with self._turning:
            await self.push_screen(page)

    async def back(self) -> None:
        """Leave what was opened over a page."""
        async with self._turning:
            if len(self.screen_stack) > 1 and isinstance(self.screen, Page):
                await self.pop_screen()

    @property
    def page(self) -> Page | None:
        """The page that is looked at, be there a question over it or not."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Page)), None)

    @on(Requested)
    def _requested(self, request: Requested) -> None:
        page = self.page
        if page is not None:
            self.run_worker(self._carry_out(request.command, Desk(self, page, request.jobs)), group="commands")

    async def _carry_out(self, command: Command, desk: Desk) -> None:
        try:
            with self._keyboard.working():
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
        try:
            where = str(report(error, self._reports, {"page": type(page).__name__, "size": tuple(self.size)}))
        except OSError as exc:
            where = f"nowhere ({exc.strerror})"
        what = f"shorts-tui: a fault of ours ({type(error).__name__}: {error}); the daemon and its jobs go on."
        said = "\n".join(map(shown, (what, f"The report, for who mends it: {where}")))
        self._exit_renderables.append(Text(said, no_wrap=True, overflow="ignore"))
        self._close_messages_no_wait()

    async def on_event(self, event: events.Event) -> None:
        """Let what is typed wait for its turn."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self._keyboard.type(event)
        else:
            await super().on_event(event)

    def _ring(self) -> None:
        """Called in the feed's thread: there is news."""
        self.post_message(Rang())

    @on(Rang)
    def _soon(self) -> None:
        """Show the news at once, or when it is time again."""
        wait_s = self._shown_at + PACE_S - time.monotonic()
        if wait_s <= 0:
            self._show()
        elif self._timer is None:
            self._timer = self.set_timer(max(wait_s, _LEAST_S), self._show)

    def _show(self) -> None:
        self._timer = None
        self._shown_at = time.monotonic()
        before, self.known = self.known, self._keeper.take(self.feed.take())
        if self.known.whole and not before.whole:
            gc.freeze()  # thousands of jobs came to stay; to look through them for rubbish takes several frames
            self._beat()
        self._pulse.hear(self.known)
        page = self.page if self.screen_stack else None
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
        with self._keyboard.working():
            async with self._turning:
                await self.push_screen(palette)

    def action_help(self) -> None:
        """Show what can be done where somebody is; close it if it is shown already."""
        if isinstance(self.screen, Help):
            self.screen.dismiss()
            return
        here = self.screen.name_of_page if isinstance(self.screen, Page) else "This question"
        self.push_screen(Help(f"Keys · {shown(here)}", groups_of(self.screen)))

    @work(group="keyboard")
    async def _take_keys(self) -> None:
        await self._keyboard.run()

    @work(group="pulse")
    async def _beat(self) -> None:
        vitals = await self._pulse.beat(self.known)
        page = self.page if self.screen_stack else None
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

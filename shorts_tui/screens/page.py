"""What all pages are: a head, what the page shows, a line of keys; and how a key becomes a request."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, cast

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from shorts_tui.commands import EVERYWHERE
from shorts_tui.commands.base import Command, Desk
from shorts_tui.host import Host
from shorts_tui.known import Known
from shorts_tui.messages import Requested
from shorts_tui.model import Job
from shorts_tui.vitals import Vitals
from shorts_tui.widgets.banner import Banner
from shorts_tui.widgets.head import Head
from shorts_tui.widgets.keys import Keys
from shorts_tui.widgets.one_job import OneJob


class Page(Screen[None]):
    """A page. Its own commands stand in `offers`; its content comes from `content`."""

    name_of_page: str = ""
    offers: ClassVar[tuple[type[Command], ...]] = ()
    known: reactive[Known] = reactive(Known, init=False)
    """What is known by now; the app hands it down to the page that is seen."""
    vitals: reactive[Vitals] = reactive(Vitals, init=False)
    """How this machine fares; handed down as `known` is."""
    fitting: reactive[frozenset[str]] = reactive(frozenset)
    """The names of the commands that can be done now."""

    def __init_subclass__(cls, **given: Any) -> None:
        cls.BINDINGS = [each.binding() for each in (*cls.offers, *EVERYWHERE) if each.keys]
        super().__init_subclass__(**given)

    def __init__(self) -> None:
        super().__init__()
        self._whole = False
        self.commands = {each.name(): each() for each in (*self.offers, *EVERYWHERE)}

    @property
    def host(self) -> Host:
        return cast("Host", self.app)

    def compose(self) -> ComposeResult:
        yield Head(self.name_of_page).data_bind(Page.known, Page.vitals)
        yield Banner().data_bind(Page.known)
        yield from self.content()
        yield Keys(list(self.commands.values())).data_bind(fitting=Page.fitting)

    def content(self) -> Iterable[Widget]:
        """What is between the head and the line of keys."""
        return ()

    def targets(self) -> Sequence[Job]:
        """The jobs that a command is for: those that are marked, or the one that is pointed at."""
        return ()

    def point(self, job: int) -> None:
        """Put the cursor on a job, at once or as soon as it is known; a page without jobs has none."""

    @property
    def desk(self) -> Desk:
        return Desk(self.host, self, self.targets())

    def on_screen_resume(self) -> None:
        self.known = self.host.known
        self.vitals = self.host.vitals

    def look_again(self) -> None:
        """Show what is known as if it was new: how it is to be shown has changed."""
        self.heard(self.known, self.known)
        for shown in self.query(OneJob):
            shown.draw()
        self.look_what_fits()

    def action_command(self, name: str) -> None:
        """Ask the app to carry out a command of this page."""
        desk = self.desk
        command = self.commands[name]
        if command.fits(desk):
            self.post_message(Requested(command, list(desk.jobs)))

    def on_mount(self) -> None:
        """Its widgets are there from now on: show what was handed down before they were."""
        self._whole = True
        if self.known is self.host.known:
            self.watch_known(Known(), self.known)
        else:
            self.known = self.host.known

    def watch_known(self, before: Known, known: Known) -> None:
        if self._whole and self.is_running:
            self.heard(before, known)
            self.look_what_fits()

    def heard(self, before: Known, known: Known) -> None:
        """Show what is known now. A page that was not seen meanwhile may have missed changes: see the revisions."""

    def look_what_fits(self) -> None:
        """See anew which commands can be done now."""
        desk = self.desk
        self.fitting = frozenset(name for name, command in self.commands.items() if command.fits(desk))

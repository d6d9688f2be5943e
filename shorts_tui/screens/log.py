"""A log on the whole screen: a job's, or the daemon's."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from shorts_tui.commands.logs import ON_LOG
from shorts_tui.commands.pages import Back
from shorts_tui.known import Known
from shorts_tui.logs.source import Source, Written, log_of
from shorts_tui.model import Job
from shorts_tui.screens.page import Page
from shorts_tui.widgets.log_view import LogView
from shortsd.client.text import shown

NO_FILE = (
    "The daemon writes no log of its own to a file here. One that was started by systemd has it in the journal:"
    " journalctl --user --unit shortsd; one that was started in a terminal writes it there."
)


class LogLine(Static):
    """How long the log is, what is shown of it, what was found."""

    facts: reactive[tuple[str, ...]] = reactive(())

    def __init__(self) -> None:
        super().__init__(markup=False)

    def watch_facts(self, facts: tuple[str, ...]) -> None:
        self.update(shown(" · ".join(facts)), layout=False)


class SearchLine(Input):
    """Where a text to look for is typed; it is there only while it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]

    def __init__(self) -> None:
        super().__init__(placeholder="Search: enter finds, escape ends", select_on_focus=True)

    def open(self) -> None:
        """Let somebody type."""
        self.add_class("-open")
        self.focus()

    def close(self) -> None:
        """Go away."""
        self.remove_class("-open")

    def action_leave(self) -> None:
        """Look for nothing."""
        self.value = ""
        self.post_message(self.Submitted(self, ""))


class LogPage(Page):
    """A log. What it is of comes from `source`."""

    offers = (*ON_LOG, Back)
    empty: ClassVar[str] = "The log has no lines yet."

    def __init__(self) -> None:
        super().__init__()
        self.log_view = LogView(empty=self.empty)

    def content(self) -> Iterable[Widget]:
        yield self.log_view
        yield LogLine()
        yield SearchLine()

    @abstractmethod
    def source(self) -> Source:
        """Where the log is read."""

    def on_mount(self) -> None:
        self.log_view.show(self.source())
        self.log_view.focus()

    def ask_for_text(self) -> None:
        """Let somebody type what to search for."""
        self.query_one(SearchLine).open()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self.query_one(SearchLine).close()
        self.log_view.search(event.value)
        self.log_view.focus()

    @on(LogView.Changed)
    def _tell(self) -> None:
        self.query_one(LogLine).facts = tuple(self.log_view.facts)


class JobLogPage(LogPage):
    """A job's log."""

    def __init__(self, job: int) -> None:
        super().__init__()
        self.name_of_page = f"Log of job {job}"
        self._job = job

    def source(self) -> Source:
        host = self.host
        return log_of(self._job, host.client, host.places, host.known.health)

    def targets(self) -> Sequence[Job]:
        job = self.known.jobs.get(self._job)
        return [] if job is None else [job]

    def heard(self, before: Known, known: Known) -> None:
        if any(fact.job == self._job for fact in known.facts) or known.connected > before.connected:
            self.log_view.look_again()


class DaemonLogPage(LogPage):
    """The daemon's own log."""

    empty = NO_FILE

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.name_of_page = f"The daemon's log · {path}"
        self._path = path

    def source(self) -> Source:
        return Written(self._path)

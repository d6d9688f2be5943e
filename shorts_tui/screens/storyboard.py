"""A short as a sheet of its frames."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Static

from shorts_tui.commands.pages import Back
from shorts_tui.known import Known
from shorts_tui.model import Job
from shorts_tui.screens.page import Page
from shorts_tui.widgets.picture import Picture
from shortsd.client.text import shown
from shortsd.domain.errors import ShortsError


class _Board(Picture):
    """The sheet; why there is none is said beside it."""

    def shown(self) -> None:
        self.screen.query_one("#board-said").display = False

    def said(self, error: ShortsError) -> None:
        self.screen.query_one("#board-said", Static).update(shown(f"{error.message} {error.hint}"))


class StoryboardPage(Page):
    """The frames of a job's short."""

    offers = (Back,)

    def __init__(self, job: int) -> None:
        super().__init__()
        self.name_of_page = f"Storyboard of job {job}"
        self._job = job

    def content(self) -> Iterable[Widget]:
        yield Static("The frames are being drawn …", id="board-said", markup=False)
        yield _Board(id="board")

    def targets(self) -> Sequence[Job]:
        job = self.known.jobs.get(self._job)
        return [] if job is None else [job]

    def heard(self, before: Known, known: Known) -> None:
        del before, known  # it is drawn once, while the daemon is there
        client = self.host.client
        self.query_one(_Board).show(self._job, lambda: client.preview(self._job, strip=True))

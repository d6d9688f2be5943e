"""One job on the whole screen."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from shorts_tui.commands.logs import Log
from shorts_tui.commands.pages import Back
from shorts_tui.commands.views import Pictures, Storyboard
from shorts_tui.commands.work import ON_JOBS
from shorts_tui.model import Job
from shorts_tui.screens.page import Page
from shorts_tui.widgets.detail import FullJob


class JobPage(Page):
    """All there is of a job: stages, checks, files, history, what was asked for, its log."""

    offers = (Log, *ON_JOBS, Storyboard, Pictures, Back)

    def __init__(self, job: int) -> None:
        super().__init__()
        self.name_of_page = f"Job {job}"
        self._job = job

    def content(self) -> Iterable[Widget]:
        yield FullJob(self._job).data_bind(JobPage.known)

    def on_mount(self) -> None:
        self.query_one("#whole").focus()

    def targets(self) -> Sequence[Job]:
        job = self.known.jobs.get(self._job)
        return [] if job is None else [job]

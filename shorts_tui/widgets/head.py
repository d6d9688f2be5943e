"""The head of a page: how the daemon stands, in a line."""

from rich.text import Text
from textual.reactive import reactive
from textual.widgets import Static

from shorts_tui.known import Known
from shortsd.domain.job import State

_SHOWN = (State.RUNNING, State.QUEUED, State.SCHEDULED, State.REVIEW, State.FAILED)


class Head(Static):
    """The page's name, whether the daemon answers, and how many jobs are where."""

    known: reactive[Known] = reactive(Known)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._page = name

    def watch_known(self, known: Known) -> None:
        self.update(_line(self._page, known), layout=False)


def _line(page: str, known: Known) -> Text:
    state = "●" if known.connected else "○"
    parts = [f" {state} shortsd", page]
    parts += [f"{known.counts[state]} {state}" for state in _SHOWN if known.counts[state]]
    return Text(" · ".join(parts), overflow="ellipsis", no_wrap=True)

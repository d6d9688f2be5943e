"""Says that the daemon is away, or what else somebody should know."""

from datetime import datetime

from textual.reactive import reactive
from textual.widgets import Static

from shorts_tui.known import Known
from shortsd.domain.errors import NoDaemon


class Banner(Static):
    """A line that is there only when there is something to say."""

    known: reactive[Known] = reactive(Known)

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._told = ""

    def watch_known(self, known: Known) -> None:
        """Say what there is to be said, if that is news: the whole screen is laid out anew for it."""
        said = _said(known)
        self.display = bool(said)
        if said == self._told:
            return
        self._told = said
        self.set_class(known.away is not None, "-away")
        self.update(said)


def _said(known: Known) -> str:
    if known.away is not None:
        if known.health is None:
            return f"{known.away.message} {known.hint(known.away)}".strip()
        since = datetime.fromtimestamp(known.away_since or 0).astimezone()
        helps = "S starts one." if isinstance(known.away, NoDaemon) else "It is called again."
        return f"The daemon does not answer since {since:%H:%M:%S}; this was known then. {helps}"
    if known.paused:
        return "Paused: no more jobs are started. P resumes."
    return " ".join(known.notes)
